package index

import (
	"context"
	"sync/atomic"
	"time"

	"annuaire/internal/pipeline"

	"golang.org/x/sync/errgroup"
)

// turns is what searches work on, in the whole process: more of them at a time would keep waiting whoever asks for less (a suggestion, an entry,
// a health check).
var turns = pipeline.NewTurns()

// worthHelp is after how long a search takes further processors: most that find little are over by then.
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
	more, end := turns.More(min(cap(turns), left) - 1)
	defer end()
	g, ctx := errgroup.WithContext(ctx)
	for range 1 + more {
		g.Go(func() error { return work(ctx, func() bool { return false }) })
	}
	return g.Wait()
}
