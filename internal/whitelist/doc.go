// Package whitelist keeps the domains of the trust space of MSSanté: those of the published list (listeblanchemssante.xml) and those that
// the configuration adds. A mailbox may be registered under a listed domain only.
//
// The list is read again when its file changes, or from its address now and then. A list that cannot be read changes nothing: the last good
// one stays, over restarts too, and its age is told.
package whitelist
