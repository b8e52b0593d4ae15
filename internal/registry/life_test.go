package registry_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/registry"
	"annuaire/internal/store"
)

const first = "anna1@x.formation.mssante.fr"

func yes() *bool { v := true; return &v }
func no() *bool  { v := false; return &v }

// feed is what the public log says after a sequence.
func feed(t fataler, d *directory.Directory, since uint64) []annuaire.Change {
	t.Helper()
	out, err := d.Changes(ctx, since, 100)
	ok(t, err)
	return out
}

func TestRedList(t *testing.T) {
	d, r := opened(t, national("anna1", 1, anna))
	head := func() uint64 { t.Helper(); h, _, err := d.Ledger.Head(); ok(t, err); return h }
	b := per("anna1", anna)
	b.Phone = "+33466000000"
	put(t, r, b)

	t.Run("what the operator hides is gone at once, with a tombstone that says nothing more", func(t *testing.T) {
		before := head()
		_, err := r.Patch(ctx, operator, first, annuaire.MailboxPatch{RedList: yes()}, "")
		ok(t, err)
		if shows(t, d, first) {
			t.Error("still shown")
		}
		all := feed(t, d, before)
		if len(all) != 1 || all[0].Op != annuaire.Gone || all[0].ID != first || all[0].Run != "" || all[0].Mailbox != nil {
			t.Errorf("%+v", all)
		}
	})
	t.Run("nor does what the feed told of it before", func(t *testing.T) {
		all := feed(t, d, 0)
		for _, c := range all {
			if c.Kind == annuaire.KindMailbox && (c.Op != annuaire.Gone || c.Mailbox != nil) {
				t.Errorf("%+v", c)
			}
		}
		if len(all) != 3 {
			t.Error("the sequence has a gap", len(all))
		}
	})
	t.Run("the person stays, without the box", func(t *testing.T) {
		it, err := d.Professional(ctx, anna)
		ok(t, err)
		if len(it.Mailboxes) != 0 {
			t.Error(it.Mailboxes)
		}
	})
	t.Run("the operator and the holder see it", func(t *testing.T) {
		for _, who := range []annuaire.Caller{operator, holder(anna)} {
			if got, err := r.Box(ctx, who, first); err != nil || !got.RedListOperator {
				t.Error(who.ID, err)
			}
		}
	})
	t.Run("so does the health authority's sending, as it would be shown", func(t *testing.T) {
		var all []annuaire.Mailbox
		ok(t, r.EachHidden(func(m annuaire.Mailbox) error { all = append(all, m); return nil }))
		if len(all) != 1 || all[0].Address != first || all[0].Phone != b.Phone || !slices.Equal(all[0].Owners, []string{anna}) {
			t.Errorf("%+v", all)
		}
	})
	t.Run("the holder cannot lift what the operator asked", func(t *testing.T) {
		_, err := r.Patch(ctx, holder(anna), first, annuaire.MailboxPatch{RedList: no()}, "")
		ok(t, err)
		if shows(t, d, first) {
			t.Error("lifted")
		}
	})
	t.Run("nor the operator what the holder asked, by a patch or anew", func(t *testing.T) {
		_, err := r.Patch(ctx, holder(anna), first, annuaire.MailboxPatch{RedList: yes(), PhoneOpposed: yes()}, "")
		ok(t, err)
		_, err = r.Patch(ctx, operator, first, annuaire.MailboxPatch{RedList: no()}, "")
		ok(t, err)
		if put(t, r, b); shows(t, d, first) {
			t.Error("lifted")
		}
	})
	t.Run("when both have lifted it is shown again, without the number that the holder opposes", func(t *testing.T) {
		_, err := r.Patch(ctx, holder(anna), first, annuaire.MailboxPatch{RedList: no()}, "")
		ok(t, err)
		m, err := d.Mailbox(ctx, first)
		ok(t, err)
		if !m.Registered || m.Phone != "" {
			t.Errorf("%+v", m)
		}
		_, err = r.Patch(ctx, holder(anna), first, annuaire.MailboxPatch{PhoneOpposed: no()}, "")
		ok(t, err)
		if m, err = d.Mailbox(ctx, first); err != nil || m.Phone != b.Phone {
			t.Errorf("%+v %v", m, err)
		}
	})
	t.Run("a box born on the red list leaves no event and no gap", func(t *testing.T) {
		before := head()
		born := per("secret", anna)
		born.RedListOperator = true
		put(t, r, born)
		ok(t, r.Delete(ctx, operator, born.Address, "*"))
		if head() != before {
			t.Error("the sequence moved")
		}
	})
	t.Run("deleting the box brings the national record back, unless its holder is on the red list", func(t *testing.T) {
		ok(t, r.Delete(ctx, operator, first, "*"))
		if m, err := d.Mailbox(ctx, first); err != nil || m.Registered || m.Source.Run != "000001" {
			t.Errorf("%+v %v", m, err)
		}
		_, err := r.Patch(ctx, holder(anna), first, annuaire.MailboxPatch{RedList: yes()}, "")
		ok(t, err)
		put(t, r, b)
		ok(t, r.Delete(ctx, operator, first, "*"))
		if shows(t, d, first) {
			t.Error("what the holder chose is forgotten")
		}
		_, err = r.Patch(ctx, holder(anna), first, annuaire.MailboxPatch{RedList: no()}, "")
		ok(t, err)
		if !shows(t, d, first) {
			t.Error("not back")
		}
	})
	t.Run("nobody else chooses", func(t *testing.T) {
		_, err := r.Patch(ctx, holder(bea), first, annuaire.MailboxPatch{RedList: yes()}, "")
		_, unknown := r.Patch(ctx, holder(bea), "nobody@x.formation.mssante.fr", annuaire.MailboxPatch{RedList: yes()}, "")
		if annuaire.CodeOf(err) != annuaire.CodeNotFound || err.Error() != unknown.Error() {
			t.Error(err, unknown)
		}
	})
	sound(t, d)
}

func TestLifeOfABox(t *testing.T) {
	d, r := opened(t, national("anna1", 1, anna), national("anna2", 2, anna))
	own := per("anna3", anna)
	own.Rank = 2
	put(t, r, own)
	own.Address, own.Rank = "anna4@x.formation.mssante.fr", 1
	put(t, r, own)
	boxesOf := func() (out []string) {
		t.Helper()
		it, err := d.Professional(ctx, anna)
		ok(t, err)
		for _, m := range it.Mailboxes {
			out = append(out, m.Address[:5])
		}
		return out
	}
	t.Run("registered ranks come before those of the extract", func(t *testing.T) {
		if got := boxesOf(); !slices.Equal(got, []string{"anna4", "anna3", "anna1", "anna2"}) {
			t.Error(got)
		}
	})
	t.Run("a rank changes the order", func(t *testing.T) {
		rank := 3
		_, err := r.Patch(ctx, operator, "anna4@x.formation.mssante.fr", annuaire.MailboxPatch{Rank: &rank}, "")
		ok(t, err)
		if got := boxesOf(); !slices.Equal(got, []string{"anna3", "anna4", "anna1", "anna2"}) {
			t.Error(got)
		}
	})
	t.Run("so do a reindexed generation and one opened again", func(t *testing.T) {
		ok(t, d.Reindex(ctx, "000001-r2", 0, nil))
		if got := boxesOf(); !slices.Equal(got, []string{"anna3", "anna4", "anna1", "anna2"}) {
			t.Error(got)
		}
	})
	for _, tt := range []struct {
		rule    string
		on, off annuaire.MailboxPatch
	}{
		{"a suspended box is not shown, and comes back", annuaire.MailboxPatch{Suspended: yes()}, annuaire.MailboxPatch{Suspended: no()}},
		{"a closed box is not shown, and can be opened again", annuaire.MailboxPatch{Closed: yes()}, annuaire.MailboxPatch{Closed: no()}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			const address = "anna3@x.formation.mssante.fr"
			was, err := r.Patch(ctx, operator, address, tt.on, "")
			ok(t, err)
			if shows(t, d, address) || was.Alive() {
				t.Error("still shown")
			}
			_, err = r.Patch(ctx, operator, address, tt.off, "")
			ok(t, err)
			if !shows(t, d, address) {
				t.Error("not back")
			}
		})
	}
	t.Run("the holder's boxes are listed, those of the extract too", func(t *testing.T) {
		all, err := r.BoxesOf(anna)
		ok(t, err)
		if len(all) != 4 || all[0].Operator == "" || all[3].Operator != "" {
			t.Errorf("%+v", all)
		}
	})
	t.Run("the operator's by domain, page by page", func(t *testing.T) {
		page, err := r.List(ctx, []string{"x.formation.mssante.fr"}, "", 1, nil)
		ok(t, err)
		rest, err := r.List(ctx, []string{"x.formation.mssante.fr"}, page[0].Address, 10, nil)
		ok(t, err)
		none, err := r.List(ctx, []string{"formation.mssante.fr"}, "", 10, nil)
		ok(t, err)
		if len(page) != 1 || len(rest) != 1 || page[0].Address == rest[0].Address || len(none) != 0 {
			t.Error(page, rest, none)
		}
	})
	t.Run("its history tells what changed, when and by whom, and no values", func(t *testing.T) {
		all, err := r.History(ctx, operator, "anna3@x.formation.mssante.fr")
		ok(t, err)
		if len(all) != 5 || all[0].What != "create" || all[1].By != "operator" || !slices.Equal(all[1].Fields, []string{"suspended"}) {
			t.Errorf("%+v", all)
		}
	})
	t.Run("every change is in the audit log, and so is every reading", func(t *testing.T) {
		what := map[string]int{}
		_, err := r.Box(ctx, operator, "anna3@x.formation.mssante.fr")
		ok(t, err)
		ok(t, d.Ledger.View(func(tx *store.Tx) error {
			return store.NewTable[store.AuditLine]("audit").Each(tx, "", "", func(_ string, l store.AuditLine) (bool, error) { what[l.What]++; return true, nil })
		}))
		if what["mailbox.create"] != 2 || what["mailbox.change"] != 5 || what["mailbox.read"] != 1 {
			t.Error(what)
		}
	})
	sound(t, d)
}

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

func TestStructureOfABox(t *testing.T) {
	d, r := opened(t)
	b := put(t, r, org("cardio"))
	t.Run("a box shows its structure as the directory has it", func(t *testing.T) {
		m, err := d.Mailbox(ctx, b.Address)
		ok(t, err)
		if a := m.Attachments[0]; a.Name != "CH DE MENDE" || a.Service != "Cardiologie" || a.ID != "1480000017" || a.Address.City != "Mende" {
			t.Errorf("%+v", a)
		}
	})
	t.Run("a new name of the structure is shown without the operator", func(t *testing.T) {
		s := site()
		s.Name = "HÔPITAL LOZÈRE"
		ok(t, d.Apply(runOf("000002"), []store.Entry{entry(t, annuaire.KindStructure, annuaire.Changed, s.ID, s)}, nil))
		if m, err := d.Mailbox(ctx, b.Address); err != nil || m.Attachments[0].Name != s.Name {
			t.Errorf("%+v %v", m, err)
		}
	})
	t.Run("a structure that leaves leaves its number", func(t *testing.T) {
		ok(t, d.Apply(runOf("000003"), []store.Entry{entry(t, annuaire.KindStructure, annuaire.Gone, site().ID, site())}, nil))
		if m, err := d.Mailbox(ctx, b.Address); err != nil || m.Attachments[0].Name != "" || m.Attachments[0].ID != "1480000017" {
			t.Errorf("%+v %v", m, err)
		}
	})
	sound(t, d)
}

func TestPutMany(t *testing.T) {
	d, r := opened(t)
	t.Run("each box has its result, and what one does wrong is nothing to the others", func(t *testing.T) {
		bad := per("bad", anna)
		bad.Family = "AUTRE"
		all, err := r.PutMany(ctx, operator, []annuaire.Registered{per("one", anna), bad, per("two", bea), per("one", anna), per("one", bea)})
		ok(t, err)
		want := []string{"", registry.RuleNameMismatch, "", "", registry.RuleHolderFixed}
		for i, res := range all {
			if annuaire.RuleOf(res.Err) != want[i] {
				t.Error(i, res.Err)
			}
		}
		if !all[0].Created || all[3].Created || all[3].Changed {
			t.Errorf("%+v", all)
		}
		ok(t, r.Settled(ctx))
		if !shows(t, d, "one@x.formation.mssante.fr") || !shows(t, d, "two@x.formation.mssante.fr") {
			t.Error("not shown")
		}
	})
	sound(t, d)
}

// Of two operators at once one gets the address: the domain is of one of them. Of two callers of that one operator, each write is whole.
func TestTwoRaceForOneAddress(t *testing.T) {
	d, r := opened(t)
	var wg sync.WaitGroup
	errs := make([]error, 12)
	for i := range errs {
		who, b := operator, per("race", []string{anna, bea}[i%2])
		if i%3 == 2 {
			who = other
		}
		wg.Go(func() { _, _, errs[i] = r.Put(ctx, who, b, "") })
	}
	wg.Wait()
	won := map[int]bool{}
	for i, err := range errs {
		switch rule := annuaire.RuleOf(err); {
		case i%3 == 2 && rule != registry.RuleDomainNotYours, i%3 != 2 && err != nil && rule != registry.RuleHolderFixed:
			t.Error(i, err)
		case err == nil:
			won[i%2] = true
		}
	}
	if len(won) != 1 {
		t.Error("two holders have it:", errs)
	}
	all, err := r.History(ctx, operator, "race@x.formation.mssante.fr")
	ok(t, err)
	if len(all) != 1 {
		t.Errorf("%+v", all)
	}
	sound(t, d)
}
