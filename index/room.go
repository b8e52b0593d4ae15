package index

// room gives out values for what is needed of one document only. Whoever is done with a document resets it, and the next one is made in the
// same place; of who never does, values are the garbage collector's. The zero room is ready.
type room[T any] struct {
	block []T
	n     int // given out of block
}

// roomBlock is enough for nearly every document.
const roomBlock = 64

// next returns a zero value.
func (r *room[T]) next() *T {
	if r.n == len(r.block) {
		r.block, r.n = make([]T, roomBlock), 0
	}
	p := &r.block[r.n]
	r.n++
	var zero T
	*p = zero
	return p
}

// reset takes back what was given out.
func (r *room[T]) reset() { r.n = 0 }
