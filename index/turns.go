package index

import (
	"context"
	"sync/atomic"
	"time"

	"annuaire/internal/pipeline"

	"golang.org/x/sync/errgroup"
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

// worthHelp is after how long a search takes further processors: waking one costs a good part of that.
const worthHelp = 100 * time.Microsecond

// eachOf calls fn with every number below n: alone for a while, then on as many processors as are free beside that of whoever asks. An error ends
// it, as ctx does.
func eachOf(ctx context.Context, n int, alone time.Duration, fn func(i int) error) error {
	var next atomic.Int64
	work := func(ctx context.Context, until func() bool) error {
		for !until() {
			i := int(next.Add(1)) - 1
			if i >= n {
				return nil
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := fn(i); err != nil {
				return err
			}
		}
		return nil
	}
	begun := time.Now()
	err := work(ctx, func() bool { return time.Since(begun) >= alone })
	left := n - int(next.Load())
	if err != nil || left <= 0 {
		return err
	}
	more, end := moreTurns(min(cap(turns), left) - 1)
	defer end()
	g, ctx := errgroup.WithContext(ctx)
	for range 1 + more {
		g.Go(func() error { return work(ctx, func() bool { return false }) })
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
