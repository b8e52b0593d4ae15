package registry_test

import (
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/store"
)

func TestHolderLeavesAndReturns(t *testing.T) {
	d, r := opened(t)
	b := put(t, r, per("carl", carl))
	soc := put(t, r, per("anna", anna))
	leave := entry(t, annuaire.KindPerson, annuaire.Gone, carl, person(carl))
	ok(t, d.Apply(runOf("000002"), []store.Entry{leave}, nil))
	t.Run("the box of who left is withdrawn and an orphan in the operator's report", func(t *testing.T) {
		got, err := r.Box(ctx, operator, b.Address)
		ok(t, err)
		if shows(t, d, b.Address) || got.Orphaned.IsZero() || got.Alive() {
			t.Errorf("%+v", got)
		}
		if !shows(t, d, soc.Address) {
			t.Error("another one went too")
		}
	})
	t.Run("its departure and that of its holder are one run of the feed", func(t *testing.T) {
		all, err := d.Changes(ctx, 3, 10)
		ok(t, err)
		if len(all) != 2 || all[1].ID != b.Address || all[1].Op != annuaire.Gone || all[1].Run != "000002" {
			t.Errorf("%+v", all)
		}
	})
	t.Run("the feed tells nothing of it any more, whatever is chosen while it is an orphan", func(t *testing.T) {
		for _, c := range feed(t, d, 0) {
			if c.ID == b.Address && (c.Op != annuaire.Gone || c.Mailbox != nil) {
				t.Errorf("%+v", c)
			}
		}
	})
	t.Run("it is not deleted before its time", func(t *testing.T) {
		if n, err := r.Upkeep(ctx); n != 0 || err != nil {
			t.Error(n, err)
		}
	})
	back := entry(t, annuaire.KindPerson, annuaire.Created, carl, person(carl))
	ok(t, d.Apply(runOf("000003"), []store.Entry{back}, nil))
	t.Run("when the holder returns everything is as before", func(t *testing.T) {
		got, err := r.Box(ctx, operator, b.Address)
		ok(t, err)
		got.Version, got.Changed = b.Version, b.Changed
		if !shows(t, d, b.Address) || got != b {
			t.Errorf("%+v", got)
		}
		all, err := r.History(ctx, operator, b.Address)
		ok(t, err)
		if len(all) != 3 || all[1].What != "orphan" || all[2].What != "return" || all[2].By != "sync" {
			t.Errorf("%+v", all)
		}
	})
	t.Run("a new name of the holder is shown without the operator", func(t *testing.T) {
		p := person(carl)
		p.Family = "NOUVEAU"
		ok(t, d.Apply(runOf("000004"), []store.Entry{entry(t, annuaire.KindPerson, annuaire.Changed, carl, p)}, nil))
		if m, err := d.Mailbox(ctx, b.Address); err != nil || m.Family != "NOUVEAU" {
			t.Errorf("%+v %v", m, err)
		}
	})
	t.Run("an orphan is deleted after the delay, and its history tells so", func(t *testing.T) {
		leave.Run = "000005"
		ok(t, d.Apply(runOf("000005"), []store.Entry{leave}, nil))
		short := policy
		short.OrphanDelay = time.Nanosecond
		r.Configure(short)
		waitFor(t, func() bool { n, err := r.Upkeep(ctx); ok(t, err); return n == 1 })
		if _, err := r.Box(ctx, operator, b.Address); annuaire.CodeOf(err) != annuaire.CodeNotFound {
			t.Error(err)
		}
	})
	sound(t, d)
}

// waitFor waits for a condition that time alone brings about.
func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !done(); {
		if time.Now().After(deadline) {
			t.Fatal("waited in vain")
		}
	}
}
