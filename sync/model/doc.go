// Package model turns extract rows into records: rows about one person into a Professional, rows about one place into a
// Structure, rows about one address into a Mailbox. A record does not depend on the order of its rows nor, but for
// the vote on a structure that its rows state in several ways, on duplicates.
//
// Where rows disagree about a field, the value most of them state wins, an empty value never does, and of two equally
// frequent ones the greater (in byte order) does: see settle.
package model

// Version numbers the rules of this package and the tables behind them. A directory built under another version is compared
// record by record at the next sync, even where the rows are the same.
const Version = 1
