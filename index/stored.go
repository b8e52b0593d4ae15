package index

import (
	"bytes"
	"encoding/binary"
	"errors"
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
	if len(b) < 9 {
		return stored{}, errStored
	}
	family, given, ok := bytes.Cut(b[8:], []byte{0})
	if !ok {
		return stored{}, errStored
	}
	return stored{binary.BigEndian.Uint64(b), string(family), string(given)}, nil
}
