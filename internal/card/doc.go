// Package card renders what an address book shows of a mailbox, a person or a structure, as named attributes (DESIGN 9), and keeps
// them in a form that is written once and read without being decoded: the directory stores cards, fronts read them.
//
// Names, meanings and syntaxes of the attributes are those of RFC 4519 and RFC 2798 where these have them; the others are what
// clients of the national MSSanté directory read.
package card
