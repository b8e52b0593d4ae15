package directory

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"annuaire"
	"annuaire/internal/store"
)

// delta is one run of changes to what fill put in a generation.
func delta(t fataler) []store.Entry {
	return []store.Entry{entry(t, annuaire.KindPerson, anna, person(anna, "ANNE")), entry(t, annuaire.KindPerson, carl, person(carl, "CARL")),
		gone(annuaire.KindPerson, bea), entry(t, annuaire.KindStructure, "R2", site("R2", "CLINIQUE")), gone(annuaire.KindStructure, "R1"),
		entry(t, annuaire.KindMailbox, "bea1@x.formation.mssante.fr", box("bea1", 1, carl), bea, carl)}
}

func wantDelta(t fataler, d *Directory) {
	t.Helper()
	sound(t, d)
	if total(t, d, family("anne")) != 1 || total(t, d, family("anna")) != 0 || total(t, d, family("bea")) != 0 || total(t, d, family("carl")) != 1 {
		t.Fatal("the views do not show the log")
	}
	if info, err := d.Info(); info.Run != "000002" || err != nil {
		t.Fatal(info, err)
	}
}

// Each case is what a kill at some moment leaves on disk; the next Open sets it right.
func TestRecover(t *testing.T) {
	write := func(t *testing.T, path, content string) {
		ok(t, os.MkdirAll(filepath.Dir(path), 0o700))
		ok(t, os.WriteFile(path, []byte(content), 0o600))
	}
	t.Run("CURRENT is missing: the ledger knows", func(t *testing.T) {
		d := loadedAt(t)
		d = reopen(t, d, func() { ok(t, os.Remove(d.Path("CURRENT"))) })
		wantGenerations(t, d, "000001")
		sound(t, d)
	})
	t.Run("CURRENT names another: the ledger is right", func(t *testing.T) {
		d := loadedAt(t)
		d = reopen(t, d, func() { write(t, d.Path("CURRENT"), "000009\n") })
		wantGenerations(t, d, "000001")
		sound(t, d)
	})
	t.Run("unfinished generations and downloads are removed", func(t *testing.T) {
		d := loadedAt(t)
		d = reopen(t, d, func() {
			write(t, d.Path("generations", "000002", "directory.db"), "half")
			write(t, d.Path("incoming", "run-1", "extract.txt"), "half")
		})
		wantGenerations(t, d, "000001")
		if left, err := os.ReadDir(d.Path("incoming")); err != nil || len(left) > 0 {
			t.Error(left, err)
		}
		sound(t, d)
	})
	t.Run("a first generation finished but not committed never was", func(t *testing.T) {
		d := open(t, t.TempDir())
		ok(t, fill(t, d, "000001").finish(1, runOf("000001").Info, nil))
		d = reopen(t, d, func() {})
		if left, err := os.ReadDir(d.Path("generations")); err != nil || len(left) > 0 || d.Current() != nil {
			t.Error(left, err)
		}
	})
	t.Run("a second one finished but not committed never was", func(t *testing.T) {
		d := loadedAt(t)
		ok(t, fill(t, d, "000002").finish(2, runOf("000002").Info, nil))
		d = reopen(t, d, func() {})
		wantGenerations(t, d, "000001")
		sound(t, d)
	})
	t.Run("one committed but not in use is put in use", func(t *testing.T) {
		d := loadedAt(t)
		ok(t, fill(t, d, "000002").finish(2, runOf("000002").Info, nil))
		_, err := d.Ledger.Commit(runOf("000002"), "000002", loadEntry("000002"))
		ok(t, err)
		d = reopen(t, d, func() {})
		wantGenerations(t, d, "000002")
		sound(t, d)
	})
	t.Run("a generation that is missing makes the directory unavailable, not unusable", func(t *testing.T) {
		d := loadedAt(t)
		d = reopen(t, d, func() { ok(t, os.RemoveAll(d.Path("generations", "000001"))) })
		_, err := d.Professional(ctx, anna)
		if annuaire.CodeOf(err) != annuaire.CodeUnavailable || !strings.Contains(err.Error(), "generation 000001 is missing") {
			t.Error(err)
		}
		load(t, d, "000002")
		wantGenerations(t, d, "000002")
		sound(t, d)
	})
	for what, harm := range map[string]func(d *Directory) error{
		"without its records":      func(d *Directory) error { return os.Remove(d.Path("generations", "000001", "directory.db")) },
		"without an index":         func(d *Directory) error { return os.RemoveAll(d.Path("generations", "000001", "people")) },
		"without its address book": func(d *Directory) error { return os.RemoveAll(d.Path("generations", "000001", "book")) },
		"whose records are not a store": func(d *Directory) error {
			return os.WriteFile(d.Path("generations", "000001", "directory.db"), []byte("nonsense"), 0o600)
		},
		"whose index was never finished": func(d *Directory) error {
			return os.Truncate(d.Path("generations", "000001", "places", "root.bolt"), 0)
		},
	} {
		t.Run("one "+what+" is not taken for an empty one, and the next sync builds another", func(t *testing.T) {
			d := loadedAt(t)
			d = reopen(t, d, func() { ok(t, harm(d)) })
			_, err := d.Professional(ctx, anna)
			if annuaire.CodeOf(err) != annuaire.CodeUnavailable || !strings.Contains(err.Error(), "generation 000001 cannot be used") {
				t.Fatal(err)
			}
			load(t, d, "000002")
			wantGenerations(t, d, "000002")
			sound(t, d)
		})
	}
	for _, behind := range []string{"all views", "all indexes", "the places", "the book"} {
		t.Run("the log is ahead of "+behind, func(t *testing.T) {
			d := loadedAt(t)
			_, err := d.Ledger.Commit(runOf("000002"), "000001", delta(t))
			ok(t, err)
			if behind != "all views" {
				ok(t, d.Current().catchUpStore(d.Ledger, nil))
			}
			if behind == "the places" || behind == "the book" {
				ok(t, d.Current().derived()[0].catchUp(d.Ledger, math.MaxUint64))
			}
			if behind == "the book" {
				ok(t, d.Current().derived()[1].catchUp(d.Ledger, math.MaxUint64))
			}
			if rep, err := d.Check(ctx); err != nil || rep.Problems == 0 {
				t.Error("check sees nothing of it", err)
			}
			wantDelta(t, reopen(t, d, func() {}))
		})
	}
	t.Run("catching up again changes nothing", func(t *testing.T) {
		d := loaded(t)
		ok(t, d.Apply(runOf("000002"), delta(t), nil))
		ok(t, d.Current().CatchUp(d.Ledger, nil))
		wantDelta(t, d)
	})
	t.Run("records are in but what the directory shows is not", func(t *testing.T) {
		d := loadedAt(t)
		entries := delta(t)
		_, err := d.Ledger.Commit(runOf("000002"), "000001", entries)
		ok(t, err)
		info, err := d.Info()
		ok(t, err)
		ok(t, d.Current().Store.Apply(entries, entries[len(entries)-1].Seq, info, nil))
		wantDelta(t, reopen(t, d, func() {}))
	})
}

// Whatever the log brings, and wherever each view stopped, catching up ends with views that agree with each other and the log.
func TestCatchUpFromAnywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "annuaire-test-")
		ok(t, err)
		defer os.RemoveAll(dir)
		d := open(t, dir)
		defer func() { ok(t, d.Close()) }()
		load(t, d, "000001")
		people := map[string]bool{anna: true, bea: true}
		owner := map[string]string{"anna": anna, "bea1": bea, "bea2": bea}
		for n := range rapid.IntRange(1, 6).Draw(t, "runs") {
			var entries []store.Entry
			for range rapid.IntRange(1, 5).Draw(t, "entries") {
				entries = append(entries, drawEntry(t, people, owner))
			}
			_, err := d.Ledger.Commit(runOf(store.RunID(uint64(n+2))), "000001", entries)
			ok(t, err)
			g := d.Current()
			switch rapid.IntRange(0, 3).Draw(t, "stops after") {
			case 3:
				ok(t, g.CatchUp(d.Ledger, nil))
			case 2:
				ok(t, g.catchUpStore(d.Ledger, nil))
				ok(t, g.derived()[0].catchUp(d.Ledger, math.MaxUint64))
			case 1:
				ok(t, g.catchUpStore(d.Ledger, nil))
			}
		}
		ok(t, d.Current().CatchUp(d.Ledger, nil))
		sound(t, d)
		n := 0
		for _, there := range people {
			if there {
				n++
			}
		}
		if total(t, d, annuaire.Expr{}) != n {
			t.Fatalf("%d people found, %d are there", total(t, d, annuaire.Expr{}), n)
		}
	})
}

// drawEntry draws a change and keeps account of who is there and who holds what.
func drawEntry(t *rapid.T, people map[string]bool, owner map[string]string) store.Entry {
	leaves := rapid.Bool().Draw(t, "leaves")
	switch rapid.SampledFrom([]annuaire.Kind{annuaire.KindPerson, annuaire.KindMailbox, annuaire.KindStructure}).Draw(t, "kind") {
	case annuaire.KindPerson:
		id := rapid.SampledFrom([]string{anna, bea, carl}).Draw(t, "person")
		if people[id] = !leaves; leaves {
			return gone(annuaire.KindPerson, id)
		}
		return entry(t, annuaire.KindPerson, id, person(id, rapid.SampledFrom([]string{"A", "B"}).Draw(t, "family")))
	case annuaire.KindMailbox:
		name := rapid.SampledFrom([]string{"anna", "bea1", "bea2", "new"}).Draw(t, "box")
		address, before := name+"@x.formation.mssante.fr", owner[name]
		if leaves {
			delete(owner, name)
			return gone(annuaire.KindMailbox, address, before)
		}
		owner[name] = rapid.SampledFrom([]string{anna, bea, carl}).Draw(t, "holder")
		return entry(t, annuaire.KindMailbox, address, box(name, rapid.IntRange(1, 300).Draw(t, "rank"), owner[name]), before, owner[name])
	}
	id := rapid.SampledFrom([]string{"R1", "R2"}).Draw(t, "structure")
	if leaves {
		return gone(annuaire.KindStructure, id)
	}
	return entry(t, annuaire.KindStructure, id, site(id, rapid.SampledFrom([]string{"A", "B"}).Draw(t, "name")))
}
