package store

import (
	"encoding/binary"

	bolt "go.etcd.io/bbolt"

	"annuaire"
)

// Print is what a later load compares a record with: Rows, the order-insensitive hash of the distinct extract rows it was
// made from (equal rows need not even be decoded), and Content, the Digest of the record (what decides whether it changed).
type Print struct {
	Rows    uint64 `cbor:"1,keyasint"`
	Content uint64 `cbor:"2,keyasint"`
}

func (p Print) bytes() []byte {
	return binary.BigEndian.AppendUint64(key(p.Rows), p.Content)
}

func printOf(b []byte) Print {
	if len(b) != 16 {
		return Print{}
	}
	return Print{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}
}

func printsBucket(k annuaire.Kind) []byte { return []byte("prints/" + string(k)) }

// Prints is a cursor over the prints of one kind, by id.
type Prints struct{ c *bolt.Cursor }

// Prints returns a cursor that stands before the first print of kind.
func (r Reader) Prints(kind annuaire.Kind) Prints {
	return Prints{r.tx.Bucket(printsBucket(kind)).Cursor()}
}

// First returns the first print; id is nil when there is none, and valid during the read.
func (p Prints) First() (id []byte, pr Print) { k, v := p.c.First(); return k, printOf(v) }

// Next returns the next print.
func (p Prints) Next() (id []byte, pr Print) { k, v := p.c.Next(); return k, printOf(v) }

// Print returns the print of one record.
func (r Reader) Print(kind annuaire.Kind, id string) (Print, bool) {
	v := r.tx.Bucket(printsBucket(kind)).Get([]byte(id))
	return printOf(v), v != nil
}

// Count returns the number of records of kind. It reads every leaf page: for reports and checks.
func (r Reader) Count(kind annuaire.Kind) int {
	return r.tx.Bucket(printsBucket(kind)).Stats().KeyN
}
