// Package pipeline runs work on several cores and keeps its results in order.
package pipeline

import (
	"context"
	"iter"

	"golang.org/x/sync/errgroup"
)

// Ordered calls work on every item of in, on several goroutines, and out on the results, on one goroutine, in the order of
// in. At most 32*workers items are under way, or wait for one that takes long. The first error, or the end of ctx, stops everything and is returned; work gets
// the number of its goroutine, to keep buffers by.
func Ordered[T, R any](ctx context.Context, workers int, in iter.Seq[T], work func(worker int, item T) (R, error), out func(R) error) error {
	type job struct {
		item   T
		result chan R
	}
	g, ctx := errgroup.WithContext(ctx)
	jobs, order := make(chan job), make(chan chan R, 32*workers)
	g.Go(func() error {
		defer close(jobs)
		defer close(order)
		for item := range in {
			j := job{item, make(chan R, 1)}
			select {
			case order <- j.result:
			case <-ctx.Done():
				return ctx.Err()
			}
			select {
			case jobs <- j:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for w := range workers {
		g.Go(func() error {
			for j := range jobs {
				r, err := work(w, j.item)
				if err != nil {
					return err
				}
				j.result <- r
			}
			return nil
		})
	}
	g.Go(func() error {
		for result := range order {
			select {
			case r := <-result:
				if err := out(r); err != nil {
					return err
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	return g.Wait()
}

// Chunks groups the items of in by n, the last group being shorter.
func Chunks[T any](in iter.Seq[T], n int) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		part := make([]T, 0, n)
		for item := range in {
			if part = append(part, item); len(part) == n {
				if !yield(part) {
					return
				}
				part = make([]T, 0, n)
			}
		}
		if len(part) > 0 {
			yield(part)
		}
	}
}
