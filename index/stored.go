package index

import (
	"bytes"
	"cmp"
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

// parseStored reads a stored field, which the names point into.
func parseStored(b []byte) (print uint64, family, given []byte, err error) {
	if len(b) < 9 {
		return 0, nil, nil, errStored
	}
	family, given, ok := bytes.Cut(b[8:], []byte{0})
	if !ok {
		return 0, nil, nil, errStored
	}
	return binary.BigEndian.Uint64(b), family, given, nil
}

// storedReader reads what heads keep, and their ids, of many without allocating; what it read last points into the segment.
type storedReader struct {
	seg               segment.Segment
	print             uint64
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
			r.print, r.family, r.given, r.err = parseStored(value)
		}
		return true
	}
	return r
}

func (r *storedReader) read(doc uint32) error {
	r.print, r.id, r.family, r.given, r.err = 0, nil, nil, nil, nil
	err := r.seg.VisitStoredFields(uint64(doc), r.visit)
	if err = cmp.Or(err, r.err); err != nil { // r.err is looked at once the visit is over
		return fmt.Errorf("stored fields: %w", err)
	}
	return nil
}
