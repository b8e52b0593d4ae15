package directory

import (
	"testing"

	"annuaire"
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
