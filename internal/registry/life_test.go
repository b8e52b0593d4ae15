package registry_test

import (
	"slices"
	"sync"
	"testing"

	"annuaire"
	"annuaire/internal/store"
)

const first = "anna1@x.formation.mssante.fr"

func yes() *bool { v := true; return &v }

func no() *bool { v := false; return &v }

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
		all, err := r.HeldBy(anna)
		ok(t, err)
		if len(all) != 4 || all[0].Operator == "" || all[3].Operator != "" {
			t.Errorf("%+v", all)
		}
	})
	t.Run("the operator's by domain, page by page", func(t *testing.T) {
		page, err := r.BoxesIn(ctx, operator, []string{"x.formation.mssante.fr"}, "", 1, nil)
		ok(t, err)
		rest, err := r.BoxesIn(ctx, operator, []string{"x.formation.mssante.fr"}, page[0].Address, 10, nil)
		ok(t, err)
		none, err := r.BoxesIn(ctx, operator, []string{"formation.mssante.fr"}, "", 10, nil)
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
	t.Run("what an administrator registers is told as theirs", func(t *testing.T) {
		b := per("admin", bea)
		_, _, err := r.Put(ctx, annuaire.Caller{ID: "adm", Roles: []annuaire.Role{annuaire.RoleAdmin}}, b, "")
		ok(t, err)
		all, err := r.History(ctx, operator, b.Address)
		ok(t, err)
		if len(all) != 1 || all[0].By != "admin" {
			t.Errorf("%+v", all)
		}
		ok(t, r.Delete(ctx, operator, b.Address, "*"))
	})
	t.Run("every change is in the audit log, and so is every reading", func(t *testing.T) {
		what := map[string]int{}
		_, err := r.Box(ctx, operator, "anna3@x.formation.mssante.fr")
		ok(t, err)
		for _, line := range audit(t, d) {
			what[line.What]++
		}
		if what["mailbox.create"] != 3 || what["mailbox.change"] != 5 || what["mailbox.read"] != 1 {
			t.Error(what)
		}
	})
	sound(t, d)
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
		want := []string{"", "name_mismatch", "", "", "holder_fixed"}
		for i, res := range all {
			if annuaire.RuleOf(res.Err) != want[i] {
				t.Error(i, res.Err)
			}
		}
		if !all[0].Created || all[3].Created || all[3].Changed {
			t.Errorf("%+v", all)
		}
		ok(t, settled(ctx, d))
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
		case i%3 == 2 && rule != "domain_not_yours", i%3 != 2 && err != nil && rule != "holder_fixed":
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
