// Package cards knows who holds a CPS card, from the optional public extract Porteurs_CPS_CPF. It is used for one question, whether somebody
// may open a personal mailbox, and is never published: it is in no record, no index and no feed. A number of a card is not kept.
//
// That a card was issued is all it says. Whether it is valid is proved by the identity provider, at each login.
package cards
