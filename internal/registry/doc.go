// Package registry holds what the national extracts do not: mailboxes that operators register, the red list, delegations, accounts. It
// keeps them in annuaire.db, and appends to the public log what the public may see of a change, in the same transaction.
//
// A box on the red list is in no public record and no public index: nothing public has to look it up to leave it out.
package registry
