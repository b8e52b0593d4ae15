package pipeline

import (
	"context"
	"errors"
	"testing"
)

func TestTurns(t *testing.T) {
	turns := NewTurns()
	got, end := turns.More(Processors() + 1)
	t.Run("there is one for each processor", func(t *testing.T) {
		if got != Processors() {
			t.Error(got)
		}
		if more, end := turns.More(1); more != 0 {
			end()
			t.Error("one more was to be had")
		}
	})
	t.Run("who waits gives up with its context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := turns.Take(ctx); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	t.Run("what is given back is taken by who waits", func(t *testing.T) {
		taken := make(chan func())
		go func() {
			end, err := turns.Take(context.Background())
			if err != nil {
				t.Error(err)
			}
			taken <- end
		}()
		end()
		(<-taken)()
		if len(turns) != 0 {
			t.Errorf("%d are kept", len(turns))
		}
	})
}
