package directory

import (
	"context"
	"errors"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/pipeline"
	"annuaire/internal/store"
)

func TestWhatHasJustGoneHidesNoSuggestion(t *testing.T) {
	d := loaded(t)
	ok(t, d.Apply(runOf("000002"), []store.Entry{entry(t, annuaire.KindStructure, "R2", site("R2", "CABINET DEUX"))}, nil))
	g := d.Current()
	seq, err := g.Store.Seq()
	ok(t, err)
	info, err := g.Store.Info()
	ok(t, err)
	ok(t, g.Store.Apply([]store.Entry{gone(annuaire.KindStructure, "R1")}, seq, info, nil)) // the indexes do not know yet
	got, err := d.Suggest(ctx, "cabi", []annuaire.SuggestionKind{annuaire.SuggestStructure}, 10)
	ok(t, err)
	if len(got) != 1 || got[0].ID != "R2" {
		t.Errorf("%+v", got)
	}
}

func TestSuggestionsTakeTurnsAmongThemselves(t *testing.T) {
	d := loaded(t)
	got, end := briefly.More(pipeline.Processors())
	if got != pipeline.Processors() {
		t.Fatal(got)
	}
	t.Run("one waits while as many are made as there are processors, and gives up when nobody waits for it any more", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(ctx, time.Millisecond)
		defer cancel()
		if _, err := d.Suggest(ctx, "cabi", nil, 10); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
	t.Run("a search does not wait for them", func(t *testing.T) {
		_, err := d.SearchProfessionals(ctx, annuaire.Query{})
		ok(t, err)
	})
	t.Run("and gives its turn back", func(t *testing.T) {
		end()
		_, err := d.Suggest(ctx, "cabi", nil, 10)
		ok(t, err)
		if len(briefly) != 0 {
			t.Errorf("%d are kept", len(briefly))
		}
	})
}
