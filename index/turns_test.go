package index

import (
	"context"
	"errors"
	"testing"

	"annuaire"
)

func TestSearchesTakeTurns(t *testing.T) {
	p, _ := buildPlaces(t)
	for range cap(turns) {
		turns <- struct{}{}
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		_, err := p.Structures.Search(ctx, annuaire.Query{})
		ended <- err
	}()
	t.Run("a search waits while as many work as there are processors, and gives up when nobody waits for it any more", func(t *testing.T) {
		select {
		case err := <-ended:
			t.Fatal("it did not wait", err)
		default:
		}
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	})
	t.Run("what mail clients and suggestions ask does not wait", func(t *testing.T) {
		if ids, err := p.Structures.Some(context.Background(), annuaire.Expr{}, 1); err != nil || len(ids) != 1 {
			t.Fatal(ids, err)
		}
	})
	t.Run("a search alone takes what is free, and gives all of it back", func(t *testing.T) {
		for range cap(turns) {
			<-turns
		}
		if _, err := p.Structures.Search(context.Background(), annuaire.Query{}); err != nil || len(turns) != 0 {
			t.Fatal(len(turns), err)
		}
		got, end := turns.More(cap(turns) + 1)
		if got != cap(turns) || len(turns) != cap(turns) {
			t.Fatal(got)
		}
		if end(); len(turns) != 0 {
			t.Fatal(len(turns))
		}
	})
}
