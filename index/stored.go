package index

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// stored is what a head keeps as it is: the print of what was indexed of it, and the folded names that order results (of a
// structure its name, of a mailbox its address).
type stored struct {
	print         uint64
	family, given string
}

func (s stored) encode() []byte {
	out := binary.BigEndian.AppendUint64(make([]byte, 0, 9+len(s.family)+len(s.given)), s.print)
	out = append(append(out, s.family...), 0)
	return append(out, s.given...)
}

var errStored = errors.New("stored field is damaged")

func decodeStored(b []byte) (stored, error) {
	family, given, err := namesOf(b)
	if err != nil {
		return stored{}, err
	}
	return stored{binary.BigEndian.Uint64(b), string(family), string(given)}, nil
}

// namesOf returns the names of a stored field, which they point into.
func namesOf(b []byte) (family, given []byte, err error) {
	if len(b) < 9 {
		return nil, nil, errStored
	}
	family, given, ok := bytes.Cut(b[8:], []byte{0})
	if !ok {
		return nil, nil, errStored
	}
	return family, given, nil
}

// storedReader reads the places of many documents without allocating; what it read last points into the segment.
type storedReader struct {
	seg               segment.Segment
	id, family, given []byte
	err               error
	visit             segment.StoredFieldValueVisitor
}

func newStoredReader(seg segment.Segment) *storedReader {
	r := &storedReader{seg: seg}
	r.visit = func(name string, _ byte, value []byte, _ []uint64) bool {
		switch name {
		case fieldID:
			r.id = value
		case fieldStored:
			r.family, r.given, r.err = namesOf(value)
		}
		return true
	}
	return r
}

func (r *storedReader) read(doc uint32) error {
	r.id, r.family, r.given, r.err = nil, nil, nil, nil
	if err := r.seg.VisitStoredFields(uint64(doc), r.visit); err != nil {
		return fmt.Errorf("stored fields: %w", err)
	}
	return r.err
}
