// Package overlay says what the public sees of mailboxes: published = overlay(national extract, registry). A registered box stands in
// front of the national record of its address; one that is hidden (red list, suspension, orphan...) leaves nothing in its place.
//
// A national record that is covered so is kept in annuaire.db ("under"), with its print, in the transaction of what covered it: the next
// sync goes on comparing with it, and it comes back as it was when it is covered no more. No event of a covered record reaches the public log.
//
// The package works inside a transaction (State). Who may change what is the business of internal/registry; when a change is made, and how
// the views follow, that of internal/directory.
package overlay
