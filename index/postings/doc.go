// Package postings is a segment format for bleve's scorch, registered through its plugin interface: sorted terms and the set of
// documents of each, nothing else. Scorch keeps what it is good at (snapshots, durability, deletions, merging); this package
// writes and reads its segments.
//
// bleve's own format, zap, also stores how often and where each term occurs, norms and column values, asks for a map of terms
// per field and document, and compresses everything in chunks. A directory that only asks "which documents" pays for all of it:
// see docs/adr/0002 and docs/BENCHMARKS.md for what this one costs and saves.
//
// # Format, version 1 (little endian)
//
//	"ANNUSEG1"
//	per field:           term bytes · end of each term (uint32) · entry of each term (uint64) · long postings
//	stored values        per document: (field number, length, bytes)... · end of each document (uint64)
//	directory            counts, then per field its name and the offsets of its parts
//	trailer              offset of the directory (uint64) · CRC-32C of everything before (uint32) · "ANNUSEG1"
//
// The entry of a term is the document itself with the top bit set, when there is only one, else the offset of its postings: a
// length and, for at most 16 documents, the differences between them (uvarint), for more a roaring bitmap in its portable form,
// used in place from the mapped file.
package postings

const (
	magic   = "ANNUSEG1"
	oneDoc  = 1 << 63 // of an entry: the low 32 bits are the only document
	few     = 16      // up to how many documents are written as differences
	idField = "_id"
)
