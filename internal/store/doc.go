// Package store keeps the directory on disk in bbolt.
//
// Two kinds of file, with different duties:
//
//   - Ledger (annuaire.db) is never rebuilt. It holds the change log and the runs. A change is appended to the log in the
//     same transaction as its cause; everything else is a view that catches up with it.
//   - Directory (generations/NNNNNN/directory.db) is a view: people, structures and national mailboxes as they are after a
//     given log sequence. Losing it loses nothing that the extracts and the log do not bring back.
//
// Both carry a format number and refuse a newer one. Records are CBOR with integer keys (RFC 8949), deterministic, so that
// equal records are equal bytes and their hashes compare.
package store
