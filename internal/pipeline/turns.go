package pipeline

import "context"

// Turns are what work of one kind waits for, one for each processor: more of it at a time would end no sooner. Who comes first is first.
type Turns chan struct{}

// NewTurns returns turns that nobody has.
func NewTurns() Turns { return make(Turns, processors) }

// Take waits for a turn, or for the end of ctx, whose error it returns. end gives it back.
func (t Turns) Take(ctx context.Context) (end func(), err error) {
	select {
	case t <- struct{}{}:
		return func() { <-t }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// More takes up to n turns that nobody waits for. end gives them back.
func (t Turns) More(n int) (got int, end func()) {
	for got < n {
		select {
		case t <- struct{}{}:
			got++
			continue
		default:
		}
		break
	}
	return got, func() {
		for range got {
			<-t
		}
	}
}
