package registry_test

import (
	"slices"
	"testing"

	"annuaire"
	"annuaire/internal/directory"
)

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
