// Package dispatch is the desk of the health authority: it takes an alert from its draft to the mailboxes of its audience, and proves it.
//
//   - A Desk moves alerts through their states (states.go): whoever wrote one does not approve it, what was tested is what is approved,
//     and the recipients are frozen with their hash at that moment. Every step is in the audit log in the transaction that takes it.
//   - A Sender hands the messages over (sender.go): each recipient has a durable state (package spool) and one Message-ID for ever; after a
//     crash only what was in flight is sent again.
//   - Reports of delivery and acknowledgements come back by Message-ID and signed link.
//
// It states what it needs of the directory (Audiences, Options.Skip) and knows no front. No address, name or text is logged.
package dispatch
