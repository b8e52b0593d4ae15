package index

import (
	"cmp"
	"strings"
)

// place is where a result stands in the order of names: folded family, folded given, id.
type place struct{ family, given, id string }

func (p place) compare(o place) int {
	if c := strings.Compare(p.family, o.family); c != 0 {
		return c
	}
	return cmp.Or(strings.Compare(p.given, o.given), strings.Compare(p.id, o.id))
}

// The symbols of a sort key, in the order of the bytes they stand for. Those that stand for several end the key.
const (
	symEnd    = 0 // of the family, of the given name
	symSpace  = 1
	symDash   = 2 // ! to -
	symDot    = 3
	symDigit  = 4 // / to `
	symLetter = 5
	symOther  = symLetter + 26
)

// sortKey packs the beginning of family and given into twelve symbols of five bits, and the top of a thirteenth, so that
// a.compare(b) < 0 implies sortKey(a) <= sortKey(b): nearly all comparisons stop there.
func sortKey[T string | []byte](family, given T) uint64 {
	k, left := keyOf(0, 64, family)
	if left > 0 {
		k, left = push(k, left, symEnd)
		k, _ = keyOf(k, left, given)
	}
	return k
}

// keyOf continues a key of which left bits are free; left is 0 when nothing can be added.
func keyOf[T string | []byte](k uint64, left int, s T) (uint64, int) {
	for i := 0; i < len(s) && left > 0; i++ {
		sym, exact := symbol(s[i])
		if k, left = push(k, left, sym); !exact {
			return k, 0
		}
	}
	return k, left
}

func symbol(c byte) (sym uint64, exact bool) {
	switch {
	case 'a' <= c && c <= 'z':
		return symLetter + uint64(c-'a'), true
	case c <= ' ':
		return symSpace, c == ' '
	case c < '.':
		return symDash, false
	case c == '.':
		return symDot, true
	case c < 'a':
		return symDigit, false
	}
	return symOther, false
}

func push(k uint64, left int, sym uint64) (uint64, int) {
	if left < 5 {
		return k | sym>>(5-left), 0
	}
	return k | sym<<(left-5), left - 5
}
