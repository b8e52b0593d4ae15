package names

import "math/bits"

// Lexicon finds the words that a mistyped one may be. Words are kept by length and compared by the letters they have before they are
// compared at all: a few hundred thousand are looked through in a millisecond. Not for concurrent use with Add.
type Lexicon struct {
	sized [MaxWithin + 1][]word
}

type word struct {
	letters uint32
	at      int32
	text    string
}

// Add puts a folded word in, and what Near is to say of it. Words longer than MaxWithin are left out.
func (l *Lexicon) Add(w string, at int) {
	if len(w) <= MaxWithin {
		l.sized[len(w)] = append(l.sized[len(w)], word{lettersOf(w), int32(at), w})
	}
}

// Near calls fn for the words at a distance of 1 to edits from w.
func (l *Lexicon) Near(w string, edits int, fn func(at, distance int)) {
	has := lettersOf(w)
	for n := max(1, len(w)-edits); n <= min(MaxWithin, len(w)+edits); n++ {
		for _, c := range l.sized[n] {
			if bits.OnesCount32(c.letters^has) > 2*edits { // an edit takes one letter and brings another
				continue
			}
			if d := Within(w, c.text, edits); d > 0 && d <= edits {
				fn(int(c.at), d)
			}
		}
	}
}

// lettersOf tells which letters a word has: a-z, and bit 26 for anything else.
func lettersOf(w string) (out uint32) {
	for i := range len(w) {
		if c := w[i]; 'a' <= c && c <= 'z' {
			out |= 1 << (c - 'a')
		} else {
			out |= 1 << 26
		}
	}
	return out
}
