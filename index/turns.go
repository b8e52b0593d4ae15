package index

import (
	"context"

	"annuaire/internal/pipeline"
)

// turns is what searches work on: one for each processor, in the whole process. More searches at a time would end no sooner, and keep
// waiting whoever asks for less (a suggestion, an entry, a health check).
var turns = make(chan struct{}, pipeline.Processors())

// turn waits for one.
func turn(ctx context.Context) (end func(), err error) {
	select {
	case turns <- struct{}{}:
		return func() { <-turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// moreTurns takes up to n that nobody waits for.
func moreTurns(n int) (got int, end func()) {
	for got < n {
		select {
		case turns <- struct{}{}:
			got++
			continue
		default:
		}
		break
	}
	return got, func() {
		for range got {
			<-turns
		}
	}
}
