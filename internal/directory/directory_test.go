package directory

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"annuaire"
	"annuaire/index"
	"annuaire/internal/store"
)

func TestEmpty(t *testing.T) {
	d := fresh(t)
	for name, ask := range map[string]func() error{
		"people":       func() error { _, err := d.SearchProfessionals(ctx, annuaire.Query{}); return err },
		"structures":   func() error { _, err := d.SearchStructures(ctx, annuaire.Query{}); return err },
		"mailboxes":    func() error { _, err := d.SearchMailboxes(ctx, annuaire.Query{}); return err },
		"a person":     func() error { _, err := d.Professional(ctx, anna); return err },
		"a check":      func() error { _, err := d.Check(ctx); return err },
		"an apply":     func() error { return d.Apply(runOf("000001"), nil, nil) },
		"the status":   func() error { return d.Status()["directory"] },
		"the index":    func() error { return d.Status()["index"] },
		"a mailbox":    func() error { _, err := d.Mailbox(ctx, "a"); return err },
		"a structure":  func() error { _, err := d.Structure(ctx, "R1"); return err },
		"one by RPPS":  func() error { _, err := d.Professional(ctx, anna[1:]); return err },
		"after a sync": func() error { _, err := d.SearchMailboxes(ctx, annuaire.Query{Limit: 1}); return err },
	} {
		t.Run(name+" is unavailable, and why", func(t *testing.T) {
			if err := ask(); annuaire.CodeOf(err) != annuaire.CodeUnavailable || !strings.Contains(err.Error(), "run annuaire sync") {
				t.Error(err)
			}
		})
	}
	t.Run("has nothing to show, nothing to use and no generation", func(t *testing.T) {
		info, err := d.Info()
		if err != nil || info.Run != "" || d.Current() != nil {
			t.Error(info, err)
		}
		ok(t, d.Use(func(g *Generation) error {
			if g != nil {
				t.Error("a generation")
			}
			return nil
		}))
		if _, err := os.Stat(d.Path("CURRENT")); !errors.Is(err, os.ErrNotExist) {
			t.Error("CURRENT names something", err)
		}
	})
}

func TestOneHolder(t *testing.T) {
	d := loaded(t)
	t.Run("another process is refused", func(t *testing.T) {
		if _, err := Open(d.dir); annuaire.CodeOf(err) != annuaire.CodeConflict {
			t.Error(err)
		}
	})
	t.Run("another writer is refused, until the first is done", func(t *testing.T) {
		unlock, err := d.Lock("a test")
		ok(t, err)
		if _, err := d.Lock("a test"); annuaire.CodeOf(err) != annuaire.CodeConflict {
			t.Error(err)
		}
		unlock()
		unlock, err = d.Lock("a test")
		ok(t, err)
		unlock()
	})
	t.Run("after Close everything is unavailable", func(t *testing.T) {
		other := loadedAt(t)
		ok(t, other.Close())
		if _, err := other.SearchProfessionals(ctx, annuaire.Query{}); annuaire.CodeOf(err) != annuaire.CodeUnavailable {
			t.Error(err)
		}
	})
}

func TestAnswers(t *testing.T) {
	d := loaded(t)
	t.Run("a page joins records, boxes by rank, labels and the time of the extract", func(t *testing.T) {
		page, err := d.SearchProfessionals(ctx, annuaire.Query{Where: family("bea")})
		ok(t, err)
		if page.Total != 1 || len(page.Items) != 1 || !page.AsOf.Equal(day) || page.AsOf.Location() != time.UTC {
			t.Fatalf("%+v", page)
		}
		it := page.Items[0]
		if it.Value.ID != bea || it.Value.Practices[0].Profession.Label != "Médecin" || it.Mailboxes[0].Address != "bea2@x.formation.mssante.fr" ||
			it.Value.Source.Run != "000001" || len(it.Why) != 1 {
			t.Errorf("%+v", it)
		}
	})
	t.Run("someone is found by IdNatPP and by RPPS", func(t *testing.T) {
		for _, id := range []string{anna, anna[1:], " 8990 0000 0017 "} {
			it, err := d.Professional(ctx, id)
			if err != nil || it.Value.Family != "ANNA" || len(it.Mailboxes) != 1 || it.Value.Activities[0].Mode.Label == "" {
				t.Error(id, it, err)
			}
		}
	})
	t.Run("what is not there is not found", func(t *testing.T) {
		_, err1 := d.Professional(ctx, carl)
		_, err2 := d.Professional(ctx, "x")
		_, err3 := d.Structure(ctx, "R9")
		_, err4 := d.Mailbox(ctx, "x@x.formation.mssante.fr")
		for i, err := range []error{err1, err2, err3, err4} {
			if annuaire.CodeOf(err) != annuaire.CodeNotFound {
				t.Error(i, err)
			}
		}
	})
	t.Run("structures and boxes have their own searches", func(t *testing.T) {
		sites, err := d.SearchStructures(ctx, annuaire.Query{})
		if err != nil || sites.Total != 1 || sites.Items[0].Value.Name != "CABINET" {
			t.Error(sites, err)
		}
		boxes, err := d.SearchMailboxes(ctx, annuaire.Query{})
		if err != nil || boxes.Total != 3 || boxes.Items[0].Value.Address != "anna@x.formation.mssante.fr" {
			t.Error(boxes, err)
		}
		if s, err := d.Structure(ctx, "R1"); err != nil || s.Name != "CABINET" {
			t.Error(s, err)
		}
		if m, err := d.Mailbox(ctx, "bea1@x.formation.mssante.fr"); err != nil || m.Rank != 2 {
			t.Error(m, err)
		}
	})
	t.Run("someone in the index whose record is gone already is left out of the page", func(t *testing.T) {
		p := person(carl, "CARL")
		ok(t, d.Current().People.Apply(1, []index.PersonDoc{{Person: &p}}, nil))
		page, err := d.SearchProfessionals(ctx, annuaire.Query{})
		if err != nil || page.Total != 3 || len(page.Items) != 2 {
			t.Error(page, err)
		}
	})
	if s := d.Status(); s["directory"] != nil || s["index"] != nil {
		t.Error(s)
	}
}

func TestApplyInPlace(t *testing.T) {
	d := loaded(t)
	run := runOf("000002")
	entries := []store.Entry{
		entry(t, annuaire.KindStructure, "R2", site("R2", "CLINIQUE")), gone(annuaire.KindStructure, "R1"),
		entry(t, annuaire.KindMailbox, "anna@x.formation.mssante.fr", box("anna", 1, carl), anna, carl),
		entry(t, annuaire.KindPerson, carl, person(carl, "CARL")), gone(annuaire.KindPerson, bea),
		gone(annuaire.KindMailbox, "bea1@x.formation.mssante.fr", bea), gone(annuaire.KindMailbox, "bea2@x.formation.mssante.fr", bea),
	}
	ok(t, d.Apply(run, entries, nil))
	sound(t, d)
	with := func(id string) int {
		return total(t, d, annuaire.And(annuaire.Equals(annuaire.FieldID, id), annuaire.Equals(annuaire.FieldHasMailbox, "true")))
	}
	if with(anna) != 0 || with(carl) != 1 || total(t, d, annuaire.Expr{}) != 2 {
		t.Error("search does not follow the boxes")
	}
	if _, err := d.Professional(ctx, bea); annuaire.CodeOf(err) != annuaire.CodeGone || !strings.Contains(err.Error(), "2026-11-21") {
		t.Error(err)
	}
	if info, err := d.Info(); info.Run != "000002" || err != nil {
		t.Error(info, err)
	}
	if seq, gen, _ := d.Ledger.Head(); seq != 8 || gen != "000001" {
		t.Error(seq, gen)
	}
}

func TestPublish(t *testing.T) {
	t.Run("a generation that fails its verification leaves the old state whole", func(t *testing.T) {
		d := loaded(t)
		bad := errors.New("canary")
		err := fill(t, d, "000002").Publish(runOf("000002"), loadEntry("000002"), func(g *Generation) error {
			if g.Name != "000002" {
				t.Error("verified is", g.Name)
			}
			return bad
		})
		if !errors.Is(err, bad) {
			t.Fatal(err)
		}
		wantGenerations(t, d, "000001")
		if seq, gen, _ := d.Ledger.Head(); seq != 1 || gen != "000001" {
			t.Error(seq, gen)
		}
		sound(t, d)
	})
	t.Run("one that is abandoned leaves nothing", func(t *testing.T) {
		d := loaded(t)
		ok(t, fill(t, d, "000002").Abandon())
		wantGenerations(t, d, "000001")
		sound(t, d)
	})
	t.Run("one that is built again begins anew", func(t *testing.T) {
		d := loaded(t)
		ok(t, os.MkdirAll(d.Path("generations", "000002", "people", "junk"), 0o700))
		load(t, d, "000002")
		wantGenerations(t, d, "000002")
		sound(t, d)
	})
}

func wantGenerations(t *testing.T, d *Directory, want string) {
	t.Helper()
	list, err := os.ReadDir(d.Path("generations"))
	ok(t, err)
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}
	current, err := os.ReadFile(d.Path("CURRENT"))
	if got := strings.Join(names, " "); got != want || string(current) != want+"\n" || err != nil {
		t.Errorf("generations %q, CURRENT %q %v, want %q", got, current, err, want)
	}
}

// Whoever reads the old generation finishes in peace; whoever comes later reads the new one without waiting for them.
func TestSwapUnderReaders(t *testing.T) {
	d := loaded(t)
	reading, release, left := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		left <- d.Use(func(g *Generation) error {
			close(reading)
			<-release
			if g.Name != "000001" {
				return errors.New("the generation changed under its reader")
			}
			_, err := g.Store.Seq()
			_, err2 := g.People.Search(ctx, annuaire.Query{})
			return errors.Join(err, err2)
		})
	}()
	<-reading
	b := fill(t, d, "000002")
	published := make(chan error, 1)
	go func() { published <- b.Publish(runOf("000002"), loadEntry("000002"), accept) }()
	for d.Current().Name != "000002" {
		select {
		case err := <-published:
			t.Fatal("published without a reader's leave:", err)
		case <-time.After(time.Millisecond):
		}
	}
	if total(t, d, annuaire.Expr{}) != 2 {
		t.Error("the new generation does not answer")
	}
	if _, err := os.Stat(d.Path("generations", "000001")); err != nil {
		t.Error("the old one was removed under its reader:", err)
	}
	close(release)
	ok(t, <-left)
	ok(t, <-published)
	wantGenerations(t, d, "000002")
	sound(t, d)
}

// Readers of all kinds while generations come and go: no question fails, no answer is partial.
func TestReadersNeverNoticeASwap(t *testing.T) {
	d := loaded(t)
	stop, failed := make(chan struct{}), make(chan error, 3)
	for _, ask := range []func() error{
		func() error {
			page, err := d.SearchProfessionals(ctx, annuaire.Query{})
			if err == nil && (page.Total != 2 || len(page.Items) != 2 || len(page.Items[1].Mailboxes) != 2) {
				err = errors.New("a partial page")
			}
			return err
		},
		func() error { _, err := d.Professional(ctx, anna); return err },
		func() error { _, err := d.Info(); return errors.Join(err, d.Status()["index"]) },
	} {
		go func() {
			for {
				select {
				case <-stop:
					failed <- nil
					return
				default:
				}
				if err := ask(); err != nil {
					failed <- err
					return
				}
			}
		}()
	}
	for n := 2; n < 6; n++ {
		load(t, d, store.RunID(uint64(n)))
	}
	close(stop)
	for range 3 {
		ok(t, <-failed)
	}
	wantGenerations(t, d, "000005")
}
