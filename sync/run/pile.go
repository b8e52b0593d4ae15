package run

// pile gathers what a goroutine of a scan finds, in blocks: millions of rows are not copied again and again to make room for more. The zero
// pile is empty.
type pile[T any] struct {
	last []T
	full [][]T
}

// pileBlock is some hundred kilobytes of rows.
const pileBlock = 1 << 13

func (p *pile[T]) add(v T) {
	if len(p.last) == cap(p.last) {
		if len(p.last) > 0 {
			p.full = append(p.full, p.last)
		}
		p.last = make([]T, 0, pileBlock)
	}
	p.last = append(p.last, v)
}

// joined returns what is in all piles, in no more memory than it needs, and empties them.
func joined[T any](piles ...*pile[T]) []T {
	n := 0
	for _, p := range piles {
		n += len(p.full)*pileBlock + len(p.last)
	}
	out := make([]T, 0, n)
	for _, p := range piles {
		for _, block := range p.full {
			out = append(out, block...)
		}
		out = append(out, p.last...)
		*p = pile[T]{}
	}
	return out
}
