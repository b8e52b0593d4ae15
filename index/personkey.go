package index

import "encoding/binary"

// personKey is an IdNatPP, of at most twelve bytes, in an order of its own that is that of the text.
type personKey struct {
	high uint64
	low  uint32
}

func keyOfPerson(id []byte) (k personKey, ok bool) {
	var b [12]byte
	if len(id) == 0 || len(id) > len(b) {
		return k, false
	}
	copy(b[:], id)
	return personKey{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint32(b[8:])}, true
}

func keysOf(ids []string) map[personKey]struct{} {
	out := make(map[personKey]struct{}, len(ids))
	for _, id := range ids {
		if k, ok := keyOfPerson([]byte(id)); ok { // nobody else is in the index
			out[k] = struct{}{}
		}
	}
	return out
}
