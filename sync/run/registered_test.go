package run

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/overlay"
	"annuaire/internal/store"
)

const annasAddress = "anna@x.formation.mssante.fr"

// register writes a box into the registry as an operator would: of holder, at an address.
func register(t fataler, d *directory.Directory, address, holder string, change func(*annuaire.Registered)) {
	t.Helper()
	at := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	b := annuaire.Registered{Address: address, Kind: annuaire.KindPER, Holder: holder, Family: "X", Operator: "x.formation.mssante.fr", Created: at, Changed: at, Version: 1}
	if change != nil {
		change(&b)
	}
	seq, err := d.Change(func(s *overlay.State) error { return s.Put(address, &b, at) })
	ok(t, err)
	ok(t, d.Visible(context.Background(), seq))
}

func unregister(t fataler, d *directory.Directory, address string) {
	t.Helper()
	seq, err := d.Change(func(s *overlay.State) error { return s.Put(address, nil, time.Now()) })
	ok(t, err)
	ok(t, d.Visible(context.Background(), seq))
}

func red(b *annuaire.Registered) { b.RedListOperator = true }

func entryOf(t fataler, d *directory.Directory, address string) (b annuaire.Registered) {
	t.Helper()
	ok(t, d.Look(func(s *overlay.State) (err error) { b, _, err = overlay.Boxes.Get(s.Tx, address); return err }))
	return b
}

func shown(t fataler, d *directory.Directory, address string) (annuaire.Mailbox, bool) {
	t.Helper()
	m, err := d.Mailbox(context.Background(), address)
	if err != nil && annuaire.CodeOf(err) != annuaire.CodeNotFound {
		t.Fatal(err)
	}
	return m, err == nil
}

// takeAside is take with a generation built aside, and something done while it is.
func takeAside(t testing.TB, d *directory.Directory, w world, stamp string, meanwhile func()) store.Run {
	t.Helper()
	s := newSession(d, Options{From: []string{w.folder(t, t.TempDir(), stamp)}, Progress: func(p Progress) {
		if p.Stage == StageVerify && meanwhile != nil {
			meanwhile()
			meanwhile = nil
		}
	}})
	s.aside = func(int, int) bool { return true }
	rep, err := s.sync(context.Background())
	ok(t, err)
	return rep
}

func TestSyncUnderTheRegistry(t *testing.T) {
	described := func(w world, service string) world {
		w.boxes[0] = w.boxes[0].with("Service de rattachement", service)
		return w
	}
	t.Run("a national box that changes under a hidden one is no event, and shows as it then is when it is covered no more", func(t *testing.T) {
		d := loaded(t)
		register(t, d, annasAddress, anna, red)
		seq := headOf(t, d)
		rep := take(t, d, described(small(), "Urgences"), day2)
		if rep.Outcome != store.OutcomeApplied || headOf(t, d) != seq {
			t.Error(rep.Outcome, headOf(t, d), seq)
		}
		if _, there := shown(t, d, annasAddress); there {
			t.Error("shown")
		}
		sound(t, d)
		unregister(t, d, annasAddress)
		if m, there := shown(t, d, annasAddress); !there || m.Registered || m.Attachments[0].Service != "Urgences" || m.Source.Run != rep.ID {
			t.Errorf("%+v %t", m, there)
		}
		if rep := take(t, d, described(small(), "Urgences"), day3); rep.Mailboxes.Total() != 0 {
			t.Errorf("%+v", rep)
		}
		sound(t, d)
	})
	t.Run("nor is what the run counts", func(t *testing.T) {
		d := loaded(t)
		register(t, d, annasAddress, anna, red)
		rep := take(t, d, described(small(), "Urgences"), day2)
		all, err := d.Publications(context.Background(), 1)
		ok(t, err)
		kept, _, err := d.Ledger.SyncRun(rep.ID)
		ok(t, err)
		if all[0].Boxes != (annuaire.Counts{}) || rep.Mailboxes.Total() != 0 || kept.Mailboxes != (annuaire.Counts{}) {
			t.Errorf("%+v %+v %+v", all[0], rep.Mailboxes, kept.Mailboxes)
		}
	})
	t.Run("a registered box stays what it is while the national one changes and leaves", func(t *testing.T) {
		d := loaded(t)
		register(t, d, annasAddress, anna, nil)
		w := small()
		w.boxes = w.boxes[1:]
		take(t, d, w, day2)
		if m, there := shown(t, d, annasAddress); !there || !m.Registered {
			t.Errorf("%+v", m)
		}
		unregister(t, d, annasAddress)
		if _, there := shown(t, d, annasAddress); there {
			t.Error("a national box that left came back")
		}
		take(t, d, small(), day3)
		if m, there := shown(t, d, annasAddress); !there || m.Registered {
			t.Errorf("%+v", m)
		}
		sound(t, d)
	})
	t.Run("a national box that appears under a hidden one is not shown", func(t *testing.T) {
		d := loaded(t)
		register(t, d, "new@x.formation.mssante.fr", anna, red)
		w := small()
		w.boxes = append(w.boxes, boxRow("new", anna))
		take(t, d, w, day2)
		if _, there := shown(t, d, "new@x.formation.mssante.fr"); there {
			t.Error("shown")
		}
		take(t, d, w, day3)
		sound(t, d)
	})
	t.Run("the same files again are nothing new", func(t *testing.T) {
		d := loaded(t)
		register(t, d, annasAddress, anna, nil)
		register(t, d, "bea1@x.formation.mssante.fr", bea, red)
		if rep := take(t, d, small(), day2); rep.Mailboxes.Total()+rep.People.Total() != 0 {
			t.Errorf("%+v", rep)
		}
		sound(t, d)
	})
	t.Run("the boxes of who leaves are withdrawn, aside too, and registrations go on meanwhile", func(t *testing.T) {
		d := loaded(t)
		register(t, d, "carl@x.formation.mssante.fr", carl, nil)
		w := small()
		w.activities = w.activities[:3]
		rep := takeAside(t, d, described(w, "Urgences"), day2, func() {
			register(t, d, annasAddress, anna, red)
			register(t, d, "late@x.formation.mssante.fr", bea, nil)
			register(t, d, "carl2@x.formation.mssante.fr", carl, nil)
		})
		if rep.Outcome != store.OutcomeLoaded || rep.Generation == "000001" {
			t.Fatalf("%+v", rep)
		}
		for address, want := range map[string]bool{"carl@x.formation.mssante.fr": false, "carl2@x.formation.mssante.fr": false, annasAddress: false, "late@x.formation.mssante.fr": true} {
			if _, there := shown(t, d, address); there != want {
				t.Error(address, there)
			}
		}
		if entryOf(t, d, "carl2@x.formation.mssante.fr").Orphaned.IsZero() {
			t.Error("registered for somebody who left, and no orphan")
		}
		sound(t, d)
		take(t, d, small(), day3)
		if _, there := shown(t, d, "carl2@x.formation.mssante.fr"); !there {
			t.Error("the holder is back, the box is not")
		}
		sound(t, d)
	})
	t.Run("a first load shows what the registry has", func(t *testing.T) {
		dir := t.TempDir()
		d, err := directory.Open(dir)
		ok(t, err)
		take(t, d, small(), day1)
		register(t, d, annasAddress, anna, red)
		register(t, d, "carl@x.formation.mssante.fr", carl, nil)
		register(t, d, "bea3@x.formation.mssante.fr", bea, nil)
		ok(t, d.Close())
		ok(t, os.RemoveAll(filepath.Join(dir, "generations")))
		d, err = directory.Open(dir)
		ok(t, err)
		defer func() { ok(t, d.Close()) }()
		w := small()
		w.activities = w.activities[:3] // without Carl
		if rep := take(t, d, w, day2); rep.Outcome != store.OutcomeLoaded || rep.Mailboxes.Created != 3 {
			t.Fatalf("%+v", rep)
		}
		for address, want := range map[string]bool{annasAddress: false, "carl@x.formation.mssante.fr": false, "bea3@x.formation.mssante.fr": true} {
			if _, there := shown(t, d, address); there != want {
				t.Error(address, there)
			}
		}
		sound(t, d)
		unregister(t, d, annasAddress)
		if m, there := shown(t, d, annasAddress); !there || m.Registered {
			t.Errorf("%+v", m)
		}
		if rep := take(t, d, w, day3); rep.Mailboxes.Total() != 0 {
			t.Errorf("%+v", rep)
		}
		sound(t, d)
	})
	t.Run("a run that is rejected does nothing to it", func(t *testing.T) {
		d := loaded(t)
		register(t, d, "carl@x.formation.mssante.fr", carl, nil)
		w := small()
		w.activities = w.activities[:3]
		if _, err := Sync(context.Background(), d, Options{From: []string{w.folder(t, t.TempDir(), day2)}, Settings: Settings{Canaries: []Canary{{Name: "three", Least: 3}}}}); asInput(err) == nil {
			t.Fatal(err)
		}
		if _, there := shown(t, d, "carl@x.formation.mssante.fr"); !there || !entryOf(t, d, "carl@x.formation.mssante.fr").Orphaned.IsZero() {
			t.Error("the box of somebody whom nobody took out is gone")
		}
		sound(t, d)
	})
}

func TestApprovalUnderTheRegistry(t *testing.T) {
	const address = "late@x.formation.mssante.fr"
	d := settled(t)
	register(t, d, address, someone(1500), nil)
	svc := serviceOf(t, d, Settings{})
	rep, err := svc.Do(context.Background(), Options{From: []string{fewer().folder(t, t.TempDir(), day2)}})
	ok(t, err)
	t.Run("a run that awaits approval does nothing to a box", func(t *testing.T) {
		if _, there := shown(t, d, address); rep.Outcome != store.OutcomeAwaiting || !there || !entryOf(t, d, address).Orphaned.IsZero() {
			t.Error(rep.Outcome, there)
		}
	})
	t.Run("what is registered meanwhile does not undo the approval", func(t *testing.T) {
		register(t, d, "other@x.formation.mssante.fr", someone(1), nil)
		done, err := svc.Approve(context.Background(), rep.ID, lead, nil)
		if err != nil || done.Outcome != store.OutcomeApplied {
			t.Fatal(done, err)
		}
	})
	t.Run("approved, it withdraws the boxes of who left", func(t *testing.T) {
		if _, there := shown(t, d, address); there || entryOf(t, d, address).Orphaned.IsZero() {
			t.Error("still there")
		}
		sound(t, d)
	})
}
