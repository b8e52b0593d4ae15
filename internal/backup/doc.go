// Package backup writes a data directory into one file while it is in use, and brings it back.
//
// The file is a tar compressed with zstd, readable by the usual tools: backup.json says what it is, annuaire.db is the ledger,
// directory.db the records, SHA256SUMS, at the end, what each must be. Indexes are not in it: they are built again from the records. It
// may be sealed with age (a passphrase or a public key). It holds everything, red-listed addresses and hashes of tokens included: whoever
// writes it to a file gives that file mode 0600.
//
// A restore is verified whole beside the data it replaces, record by record, before one rename makes it the data.
package backup
