package postings

// token says that a document has a term.
type token struct{ term, doc uint32 }

// tokens is a list that only grows, in blocks: what it has is never copied to make room, and its room serves again. The zero tokens is empty.
type tokens struct {
	last []token   // being filled
	full [][]token // before it
	free [][]token
	n    int // in full
}

// The least and the most tokens in a block.
const (
	minBlock = 1 << 6
	maxBlock = 1 << 15
)

func (ts *tokens) add(term, doc uint32) {
	if len(ts.last) == cap(ts.last) {
		ts.next()
	}
	ts.last = append(ts.last, token{term, doc})
}

// next begins a block.
func (ts *tokens) next() {
	if len(ts.last) > 0 {
		ts.full, ts.n = append(ts.full, ts.last), ts.n+len(ts.last)
	}
	if n := len(ts.free); n > 0 {
		ts.last, ts.free = ts.free[n-1], ts.free[:n-1]
		return
	}
	ts.last = make([]token, 0, min(max(ts.n, minBlock), maxBlock))
}

func (ts *tokens) len() int { return ts.n + len(ts.last) }

// each calls fn with every block, in order.
func (ts *tokens) each(fn func([]token)) {
	for _, block := range ts.full {
		fn(block)
	}
	fn(ts.last)
}

// reset empties the list and keeps its room.
func (ts *tokens) reset() {
	for i, block := range ts.full {
		ts.free, ts.full[i] = append(ts.free, block[:0]), nil
	}
	ts.full, ts.last, ts.n = ts.full[:0], ts.last[:0], 0
}
