// Package notify writes mail to people: what they are to be told is put into an outbox in the transaction of its cause, and sent from there
// over SMTP, again and again until the relay takes it, refuses it for good, or it is too late.
//
// A message is sent at least once, and always under the same Message-ID: when the answer of the relay, or the note of it, was lost, it comes
// twice, and mail programs show it once. Addresses, subjects and texts are in no log and no metric.
package notify
