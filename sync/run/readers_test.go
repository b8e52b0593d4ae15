package run

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
)

// While changes are applied in place, over and over, every answer is of one day: whom a name finds has that name, and as many are shown as are
// counted.
func TestReadersSeeOneDay(t *testing.T) {
	d := settled(t)
	renamedSome, gone := town(), town()
	renamedSome.activities = renamed(renamedSome.activities, 1500, 1560)
	gone.activities = without(gone.activities, 1500, 1560)
	end := make(chan struct{})
	var readers sync.WaitGroup
	asked := make([]int, 2)
	for i, name := range []string{"AUTRE", "NOM1510"} {
		readers.Go(func() {
			for ; ; asked[i]++ {
				if err := oneDay(d, name); err != nil {
					t.Error(err)
					return
				}
				select {
				case <-end:
					return
				default:
				}
			}
		})
	}
	for n, w := range []world{renamedSome, town(), gone, town(), renamedSome, gone} {
		rep, err := Sync(context.Background(), d, Options{From: []string{w.folder(t, t.TempDir(), fmt.Sprintf("2026112%d0412", n+2))}})
		if err != nil || rep.Outcome != store.OutcomeApplied {
			t.Fatal(rep.Outcome, err)
		}
	}
	close(end)
	readers.Wait()
	if asked[0] == 0 || asked[1] == 0 {
		t.Error("nobody read")
	}
	sound(t, d)
}

func oneDay(d *directory.Directory, name string) error {
	page, err := d.SearchProfessionals(context.Background(), annuaire.Query{Where: annuaire.Equals(annuaire.FieldFamily, name), Limit: annuaire.MaxLimit})
	if err != nil {
		return err
	}
	if page.Total != len(page.Items) {
		return fmt.Errorf("%d counted, %d shown", page.Total, len(page.Items))
	}
	for _, it := range page.Items {
		if it.Value.Family != name {
			return fmt.Errorf("%s was asked for, %s is shown", name, it.Value.Family)
		}
	}
	return nil
}
