package directory

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/store"
)

func TestReindex(t *testing.T) {
	t.Run("indexes that are lost are built again from the records", func(t *testing.T) {
		d := loadedAt(t)
		ok(t, d.Apply(runOf("000002"), []store.Entry{entry(t, annuaire.KindPerson, anna, person(anna, "ANNA NEUVE")), gone(annuaire.KindPerson, bea)}, nil))
		d = reopen(t, d, func() {
			ok(t, os.RemoveAll(d.Path("generations", "000001", "people")))
			ok(t, os.RemoveAll(d.Path("generations", "000001", "places")))
		})
		if _, err := d.SearchProfessionals(ctx, annuaire.Query{}); annuaire.CodeOf(err) != annuaire.CodeUnavailable {
			t.Fatal(err)
		}
		ok(t, d.Reindex(ctx, "000002-x", 0, nil))
		sound(t, d)
		if total(t, d, annuaire.Expr{}) != 1 || total(t, d, family("anna neuve")) != 1 {
			t.Error("not what was there")
		}
		if _, err := d.Professional(ctx, bea); annuaire.CodeOf(err) != annuaire.CodeGone {
			t.Error("who had left is forgotten:", err)
		}
		d = reopen(t, d, func() {})
		sound(t, d)
		if d.Current().Name != "000002-x" {
			t.Error(d.Current().Name)
		}
		if _, err := os.Stat(d.Path("generations", "000001")); !errors.Is(err, fs.ErrNotExist) {
			t.Error("the old generation is still there:", err)
		}
	})
	t.Run("a generation in use is built again under its readers, behind a higher sequence", func(t *testing.T) {
		d := loaded(t)
		ok(t, d.Reindex(ctx, "000001-y", 500, nil))
		sound(t, d)
		w, err := d.Ledger.Window()
		ok(t, err)
		if w.Head != 500 || total(t, d, annuaire.Expr{}) != 2 {
			t.Error(w)
		}
		ok(t, d.Apply(runOf("000002"), []store.Entry{gone(annuaire.KindPerson, bea)}, nil))
		sound(t, d)
	})
	t.Run("with nothing loaded there is nothing to do", func(t *testing.T) {
		if err := fresh(t).Reindex(ctx, "x", 0, nil); annuaire.CodeOf(err) != annuaire.CodeUnavailable {
			t.Error(err)
		}
	})
}

func TestRetention(t *testing.T) {
	d := loaded(t)
	late := entry(t, annuaire.KindPerson, anna, person(anna, "ANNA NEUVE"))
	late.Time = day.AddDate(0, 0, 1)
	ok(t, d.Apply(runOf("000002"), []store.Entry{late, gone(annuaire.KindPerson, bea)}, nil))
	n, err := d.Prune(day.AddDate(0, 0, 1))
	ok(t, err)
	if n != 1 {
		t.Fatal(n, "changes were dropped, want the load alone")
	}
	t.Run("whoever stands before what is kept is told to start again, and where", func(t *testing.T) {
		_, err := d.Changes(ctx, 0, 10)
		var gap *annuaire.GapError
		if !errors.As(err, &gap) || gap.Restart != 3 || annuaire.CodeOf(err) != annuaire.CodeGone {
			t.Fatal(err)
		}
		if rest, err := d.Changes(ctx, gap.Restart, 10); err != nil || len(rest) != 0 {
			t.Fatal(rest, err)
		}
	})
	t.Run("whoever stands at its edge goes on", func(t *testing.T) {
		if all, err := d.Changes(ctx, 1, 10); err != nil || len(all) != 2 {
			t.Fatal(all, err)
		}
	})
	t.Run("whoever stands beyond the head is of another log", func(t *testing.T) {
		if _, err := d.Changes(ctx, 4, 10); annuaire.CodeOf(err) != annuaire.CodeGone {
			t.Fatal(err)
		}
	})
	t.Run("history no longer claims that someone came with a load that is not kept", func(t *testing.T) {
		h, err := d.History(ctx, anna)
		ok(t, err)
		if len(h) != 1 || h[0].Op != annuaire.Changed {
			t.Fatalf("%+v", h)
		}
	})
	t.Run("nothing is dropped while there is no generation to read", func(t *testing.T) {
		d := loadedAt(t)
		d = reopen(t, d, func() { ok(t, os.RemoveAll(d.Path("generations", "000001"))) })
		if n, err := d.Prune(time.Now().AddDate(9, 0, 0)); n != 0 || err != nil {
			t.Error(n, err)
		}
	})
	sound(t, d)
}

func TestKeptGenerations(t *testing.T) {
	d := loadedAt(t)
	d.KeepGenerations(2)
	kept := func() (out []string) {
		names, err := os.ReadDir(d.Path("generations"))
		ok(t, err)
		for _, n := range names {
			out = append(out, n.Name())
		}
		return out
	}
	for _, name := range []string{"000002", "000003", "000004"} {
		load(t, d, name)
	}
	t.Run("the newest that were replaced stay", func(t *testing.T) {
		want := []string{"000004", "kept-000002", "kept-000003"}
		if got := kept(); !slices.Equal(got, want) {
			t.Error(got)
		}
	})
	d = reopen(t, d, func() {})
	if got := kept(); !slices.Equal(got, []string{"000004", "kept-000002", "kept-000003"}) {
		t.Error(got)
	}
	t.Run("by default none does", func(t *testing.T) {
		load(t, d, "000005")
		if got := kept(); !slices.Equal(got, []string{"000005"}) {
			t.Error(got)
		}
	})
	sound(t, d)
}

func TestRepairable(t *testing.T) {
	if _, yes := loaded(t).Repairable(); yes {
		t.Error("what is whole need not be repaired")
	}
	if _, yes := fresh(t).Repairable(); yes {
		t.Error("nothing is nothing to repair")
	}
	d := loadedAt(t)
	d = reopen(t, d, func() { ok(t, os.RemoveAll(d.Path("generations", "000001", "places"))) })
	name, yes := d.Repairable()
	if !yes {
		t.Fatal("the records are there")
	}
	ok(t, d.Reindex(ctx, name, 0, nil))
	sound(t, d)
}

func TestRejectsAreNotKeptForEver(t *testing.T) {
	d := fresh(t)
	for name, age := range map[string]time.Duration{"000001.ndjson": 48 * time.Hour, "000002.ndjson": time.Hour} {
		path := d.Path("rejects", name)
		ok(t, os.WriteFile(path, []byte("{}\n"), 0o600))
		ok(t, os.Chtimes(path, time.Now(), time.Now().Add(-age)))
	}
	ok(t, d.PruneRejects(time.Now().Add(-24*time.Hour)))
	names, err := os.ReadDir(d.Path("rejects"))
	ok(t, err)
	if len(names) != 1 || names[0].Name() != "000002.ndjson" {
		t.Error(names)
	}
}
