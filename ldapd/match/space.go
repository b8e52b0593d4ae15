package match

import "unicode/utf8"

// spacer writes a string with its insignificant spaces as RFC 4518, 2.6.1 has them: two between words, so that a substring that ends
// with a space and another that begins with one both find theirs, and one at those ends where a word cannot go on.
type spacer struct {
	dst   []byte
	place Place
	gap   bool // spaces were seen since the last other character
	any   bool // another character was seen
}

func (w *spacer) before() {
	switch {
	case w.any:
		if w.gap {
			w.dst = append(w.dst, ' ', ' ')
		}
	case w.gap || w.place == Whole || w.place == Initial:
		w.dst = append(w.dst, ' ')
	}
	w.gap, w.any = false, true
}

func (w *spacer) put(c byte) {
	if w.gap || !w.any {
		w.before()
	}
	w.dst = append(w.dst, c)
}

func (w *spacer) put2(r rune) {
	if w.gap || !w.any {
		w.before()
	}
	w.dst = utf8.AppendRune(w.dst, r)
}

func (w *spacer) end() []byte {
	switch {
	case !w.any && w.place == Whole:
		return append(w.dst, ' ', ' ')
	case !w.any, w.gap, w.place == Whole, w.place == Final:
		return append(w.dst, ' ')
	}
	return w.dst
}
