package pipeline

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func numbers(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func TestOrdered(t *testing.T) {
	defer goleak.VerifyNone(t)
	ctx := context.Background()
	t.Run("results come in the order of the items whatever the work takes", func(t *testing.T) {
		var got []int
		err := Ordered(ctx, 4, numbers(200), func(_, i int) (int, error) {
			time.Sleep(time.Duration(rand.IntN(100)) * time.Microsecond)
			return i * i, nil
		}, func(r int) error { got = append(got, r); return nil })
		if err != nil || len(got) != 200 || !slices.IsSorted(got) || got[199] != 199*199 {
			t.Fatal(err, got)
		}
	})
	t.Run("an item that takes long has the others wait only after many more", func(t *testing.T) {
		var done atomic.Int64
		enough := make(chan struct{})
		err := Ordered(ctx, 2, numbers(60), func(_, i int) (int, error) {
			if i == 0 {
				<-enough
			} else if done.Add(1) == 50 {
				close(enough)
			}
			return i, nil
		}, func(int) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
	})
	bad := errors.New("bad")
	t.Run("an error of the work stops everything", func(t *testing.T) {
		err := Ordered(ctx, 3, numbers(1e6), func(_, i int) (int, error) {
			if i == 50 {
				return 0, bad
			}
			return i, nil
		}, func(int) error { return nil })
		if !errors.Is(err, bad) {
			t.Fatal(err)
		}
	})
	t.Run("an error of the output stops everything", func(t *testing.T) {
		err := Ordered(ctx, 3, numbers(1e6), func(_, i int) (int, error) { return i, nil }, func(int) error { return bad })
		if !errors.Is(err, bad) {
			t.Fatal(err)
		}
	})
	t.Run("the end of the context stops everything", func(t *testing.T) {
		ctx, cancel := context.WithCancel(ctx)
		err := Ordered(ctx, 2, numbers(1e6), func(_, i int) (int, error) { return i, nil }, func(r int) error {
			if r == 10 {
				cancel()
			}
			return nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	})
}

func TestChunksLoseNothing(t *testing.T) {
	var got [][]int
	for c := range Chunks(numbers(7), 3) {
		got = append(got, c)
	}
	if !slices.EqualFunc(got, [][]int{{0, 1, 2}, {3, 4, 5}, {6}}, slices.Equal) {
		t.Fatal(got)
	}
}
