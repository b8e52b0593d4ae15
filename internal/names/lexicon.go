package names

import "math/bits"

// Lexicon finds the words that a mistyped one may be. Words are kept by length and compared by the letters they have before they are
// compared at all: a few hundred thousand are looked through in a millisecond. It holds no pointer for the garbage collector to follow.
// A copy of a Lexicon stays as it is while words are added to the original; not for concurrent use with Add otherwise.
type Lexicon struct {
	sized [MaxWithin + 1][]word
	texts []byte
	ends  []uint32 // of each word in texts, in the order of Add
}

type word struct {
	letters, at uint32
}

// Add puts a folded word in and returns its place, -1 for one longer than MaxWithin, which is left out.
func (l *Lexicon) Add(w string) int {
	if len(w) > MaxWithin {
		return -1
	}
	at := len(l.ends)
	l.texts = append(l.texts, w...)
	l.ends = append(l.ends, uint32(len(l.texts)))
	l.sized[len(w)] = append(l.sized[len(w)], word{lettersOf(w), uint32(at)})
	return at
}

// Len is the number of words.
func (l *Lexicon) Len() int { return len(l.ends) }

// Word returns the word at a place.
func (l *Lexicon) Word(at int) string { return string(l.bytes(at)) }

func (l *Lexicon) bytes(at int) []byte {
	from := uint32(0)
	if at > 0 {
		from = l.ends[at-1]
	}
	return l.texts[from:l.ends[at]]
}

// Near calls fn with the places of the words at a distance of 1 to edits from w.
func (l *Lexicon) Near(w string, edits int, fn func(at, distance int)) {
	has, typed := lettersOf(w), []byte(w)
	for n := max(1, len(w)-edits); n <= min(MaxWithin, len(w)+edits); n++ {
		// An edit takes one letter at most and brings one at most; those that a longer word takes only bring.
		takes, brings := edits-max(0, n-len(w)), edits-max(0, len(w)-n)
		for _, c := range l.sized[n] {
			if bits.OnesCount32(has&^c.letters) > takes || bits.OnesCount32(c.letters&^has) > brings {
				continue
			}
			if d := within(typed, l.bytes(int(c.at)), edits); d > 0 && d <= edits {
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
