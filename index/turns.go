package index

import (
	"context"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// turns is what searches work on: one for each processor, in the whole process. More searches at a time would end no sooner, and keep
// waiting whoever asks for less (a suggestion, an entry, a health check).
var turns = make(chan struct{}, runtime.GOMAXPROCS(0))

// turn waits for one.
func turn(ctx context.Context) (end func(), err error) {
	select {
	case turns <- struct{}{}:
		return func() { <-turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// eachOf calls fn with every number below n, on most processors, as far as they are free beside that of whoever asks. An error ends it, as ctx does.
func eachOf(ctx context.Context, n, most int, fn func(i int) error) error {
	more, end := moreTurns(min(cap(turns), n, most) - 1)
	defer end()
	var next atomic.Int64
	work := func(ctx context.Context) error {
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := fn(i); err != nil {
				return err
			}
		}
		return nil
	}
	if more == 0 {
		return work(ctx)
	}
	g, ctx := errgroup.WithContext(ctx)
	for range 1 + more {
		g.Go(func() error { return work(ctx) })
	}
	return g.Wait()
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
