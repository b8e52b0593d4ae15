package names

// around is what may stand beside the pattern of a rule: a set of letters, or the edge of the word. 0 is anything.
type around uint32

const (
	edge  around = 1 << 26
	other around = 1 << 27 // any other sign
)

// letters makes a set.
func letters(s string) (out around) {
	for i := range len(s) {
		out |= 1 << (s[i] - 'a')
	}
	return out
}

var (
	vowels     = letters("aeiouy")
	consonants = letters("bcdfghjklmnpqrstvwxz")
)

// but is every letter, sign and edge except those of s.
func but(s string) around {
	return (letters("abcdefghijklmnopqrstuvwxyz") | edge | other) &^ letters(s)
}

// rule replaces a pattern between what stands before and after it.
type rule struct {
	before  around
	pattern string
	after   around
	to      string
}

// rewrite applies one rule from left to right, as a regular expression would: what it wrote is not read again, but counts as what
// stands before.
func (r *rule) rewrite(word []byte) []byte {
	at := r.find(word, 0)
	if at < 0 { // nearly always
		return word
	}
	var room [2 * maxSound]byte
	out, from := room[:0], 0
	for ; at >= 0; at = r.find(word, from) {
		out = append(append(out, word[from:at]...), r.to...)
		from = at + len(r.pattern)
	}
	out = append(out, word[from:]...)
	return append(word[:0], out[:min(len(out), cap(word))]...)
}

// find returns where the rule applies at or after from, -1 where it does not.
func (r *rule) find(word []byte, from int) int {
	n := len(r.pattern)
	for i := from; i+n <= len(word); i++ {
		if word[i] == r.pattern[0] && string(word[i:i+n]) == r.pattern && r.before.has(word, i-1) && r.after.has(word, i+n) {
			return i
		}
	}
	return -1
}

// has reports whether the sign at i of a word belongs to the set.
func (s around) has(word []byte, i int) bool {
	switch {
	case s == 0:
		return true
	case i < 0 || i >= len(word):
		return s&edge != 0
	case word[i] >= 'a' && word[i] <= 'z':
		return s>>(word[i]-'a')&1 == 1
	}
	return s&other != 0
}
