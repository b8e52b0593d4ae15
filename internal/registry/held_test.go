package registry_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/notify"
	"annuaire/internal/registry"
	"annuaire/internal/relay"
	"annuaire/internal/replay"
	"annuaire/internal/store"
)

var (
	admin     = annuaire.Caller{ID: "local", Roles: []annuaire.Role{annuaire.RoleAdmin}, From: "local"}
	delegable = true
)

const shared = "anna@x.formation.mssante.fr"

// lived is a directory in which Anna holds a delegable box, delegates it to Bea, and holds a delegation of Bea's.
func lived(t testing.TB, boxes ...annuaire.Mailbox) (*directory.Directory, *registry.Registry, *registry.Personal) {
	t.Helper()
	d, r := opened(t, boxes...)
	outbox := notify.New(d.Ledger, notify.Options{Sender: notify.Relay{Relay: relay.Relay{Addr: "127.0.0.1:1"}}}) // it keeps what nobody runs it to send
	p := registry.NewPersonal(d.Ledger, d, outbox, registry.PersonalOptions{Registry: r, ForgetAnswers: replay.Forget})
	for id, local := range map[string]string{anna: "anna", bea: "bea"} {
		b := per(local, id)
		b.Delegable, b.Phone, b.OTPMobile = &delegable, "+33466000000", "+33612345678"
		put(t, r, b)
		_, _, err := p.PutAccount(ctx, holder(id), annuaire.AccountChange{Contact: local + "@exemple.fr", Terms: "2026-01"}, "")
		ok(t, err)
	}
	_, err := p.Delegate(ctx, holder(anna), shared, bea)
	ok(t, err)
	_, err = p.Delegate(ctx, holder(bea), "bea@x.formation.mssante.fr", anna)
	ok(t, err)
	return d, r, p
}

func TestHeld(t *testing.T) {
	_, _, p := lived(t)
	h, err := p.Held(ctx, admin, anna[1:], "demande du 12/11, dossier 7")
	ok(t, err)
	t.Run("everything held beyond the national data is in it, private fields too", func(t *testing.T) {
		if h.ID != anna || h.Account == nil || h.Account.Contact != "anna@exemple.fr" || len(h.Mailboxes) != 1 || h.Mailboxes[0].OTPMobile != "+33612345678" ||
			len(h.History[shared]) != 1 || len(h.Given) != 1 || h.Given[0].Delegate != bea || len(h.Received) != 1 || h.Received[0].Holder != bea || len(h.Waiting) == 0 {
			t.Errorf("%+v", h)
		}
	})
	t.Run("with the lines of the audit that are by them or about them, that of the request last", func(t *testing.T) {
		var what []string
		for _, e := range h.Audit {
			what = append(what, e.What)
		}
		for _, w := range []string{"mailbox.create", "account.put", "delegation.add"} {
			if !slices.Contains(what, w) {
				t.Errorf("%s is not among %v", w, what)
			}
		}
		if last := h.Audit[len(h.Audit)-1]; last.What != "person.export" || last.Why != "demande du 12/11, dossier 7" || last.Who != "local" {
			t.Errorf("%+v", last)
		}
	})
	t.Run("and none that are of somebody else alone", func(t *testing.T) {
		for _, e := range h.Audit {
			if e.What == "account.put" && e.Target != anna {
				t.Errorf("%+v", e)
			}
		}
		b, err := json.Marshal(h)
		if err != nil || strings.Contains(string(b), "bea@exemple.fr") {
			t.Error("the contact address of somebody else", err)
		}
	})
	t.Run("of somebody of whom nothing is held there is nothing", func(t *testing.T) {
		h, err := p.Held(ctx, admin, zoe, "question")
		if err != nil || h.Account != nil || len(h.Mailboxes)+len(h.Given)+len(h.Received) != 0 || len(h.Audit) != 1 {
			t.Errorf("%+v %v", h, err)
		}
	})
	for rule, who := range map[string]annuaire.Caller{"a professional": holder(anna), "an operator": operator, "anyone": {}} {
		t.Run("admin_only: "+rule, func(t *testing.T) {
			_, err := p.Held(ctx, who, anna, "x")
			_, err2 := p.Erase(ctx, who, anna, "x")
			if annuaire.RuleOf(err) != "admin_only" || annuaire.RuleOf(err2) != "admin_only" {
				t.Error(err, err2)
			}
		})
	}
	t.Run("reason_missing", func(t *testing.T) {
		_, err := p.Held(ctx, admin, anna, " ")
		_, err2 := p.Erase(ctx, admin, anna, "")
		if annuaire.RuleOf(err) != "reason_missing" || annuaire.RuleOf(err2) != "reason_missing" {
			t.Error(err, err2)
		}
	})
}

// audit is every line.
func audit(t testing.TB, d *directory.Directory) (out []annuaire.AuditRecord) {
	t.Helper()
	ok(t, d.Ledger.EachAudit(annuaire.AuditFilter{}, func(r annuaire.AuditRecord) error {
		out = append(out, r)
		return nil
	}))
	return out
}

func TestErase(t *testing.T) {
	d, r, p := lived(t)
	lines := len(audit(t, d))
	answers := replay.New(d.Ledger, nil)
	about := map[string]string{"number": `{"rpps":"` + anna[1:] + `"}`, "address": `{"address":"` + shared + `"}`, "holder": `{"holder":"` + anna + `","otp_mobile":"+33612345678"}`,
		"another": `{"address":"` + "x." + shared + `","holder":"` + bea + `"}`}
	for key, body := range about {
		_, err := answers.Begin("op1", key, nil)
		ok(t, err)
		ok(t, answers.End("op1", key, nil, &annuaire.Answer{Status: 200, Body: []byte(body)}))
	}
	e, err := p.Erase(ctx, admin, anna, "demande du 12/11")
	ok(t, err)
	t.Run("no answer that names them by number or address can be given again; one of somebody else can", func(t *testing.T) {
		for key := range about {
			a, err := answers.Begin("op1", key, nil)
			if ok(t, err); (a != nil) != (key == "another") {
				t.Error(key, a)
			}
		}
	})
	t.Run("it says what it removed, and what stays and why", func(t *testing.T) {
		if e.ID != anna || !e.Account || e.Mailboxes != 1 || e.Delegations != 2 || e.Notices == 0 || len(e.Kept) != 1 || e.Kept[0].What != "audit" || e.Kept[0].French == "" {
			t.Errorf("%+v", e)
		}
	})
	t.Run("nothing is held any more but the audit", func(t *testing.T) {
		h, err := p.Held(ctx, admin, anna, "contrôle")
		ok(t, err)
		if h.Account != nil || len(h.Mailboxes)+len(h.History)+len(h.Given)+len(h.Received)+len(h.Waiting) != 0 {
			t.Errorf("%+v", h)
		}
		var what []string
		for _, l := range audit(t, d)[lines:] {
			what = append(what, l.What)
		}
		if !slices.Equal(what, []string{"delegation.remove", "delegation.remove", "mailbox.delete", "person.erase", "person.export"}) {
			t.Error(what)
		}
	})
	t.Run("and the audit does not say where they can be reached", func(t *testing.T) {
		for _, l := range audit(t, d) {
			if s := fmt.Sprintf("%s %s", l.Before, l.After); strings.Contains(s, "+33612345678") || strings.Contains(s, "anna@exemple.fr") {
				t.Error(l.What, s)
			}
		}
	})
	t.Run("the box is no longer shown, and the person still is", func(t *testing.T) {
		if shows(t, d, shared) {
			t.Error("shown")
		}
		_, err := d.Professional(ctx, anna)
		ok(t, err)
		sound(t, d)
	})
	t.Run("whoever shared a delegation is told, the person is not", func(t *testing.T) {
		ok(t, d.Ledger.View(func(tx *store.Tx) error {
			o := notify.New(d.Ledger, notify.Options{})
			told, err := o.Waiting(tx, bea)
			n := 0
			for _, s := range told {
				if strings.Contains(s, "retirée") {
					n++
				}
			}
			mine, err2 := o.Waiting(tx, anna)
			if n != 2 || len(mine) != 0 {
				t.Errorf("told %v, the person %v", told, mine)
			}
			ok(t, err2)
			return err
		}))
	})
	t.Run("once more it finds nothing", func(t *testing.T) {
		e, err := p.Erase(ctx, admin, anna, "encore")
		if err != nil || e.Account || e.Mailboxes+e.Delegations+e.Notices != 0 {
			t.Errorf("%+v %v", e, err)
		}
	})
	t.Run("nobody else loses anything", func(t *testing.T) {
		if b, err := r.Box(ctx, operator, "bea@x.formation.mssante.fr"); err != nil || b.Holder != bea {
			t.Error(b, err)
		}
		if a, err := p.Account(ctx, holder(bea)); err != nil || a.Contact != "bea@exemple.fr" {
			t.Error(a, err)
		}
	})
}

// Erasing the wish not to be shown would show.
func TestEraseKeepsTheRedListOfNationalAddresses(t *testing.T) {
	d, r, p := lived(t, national("anna", 1, anna), national("anna2", 2, anna))
	red := true
	for _, a := range []string{shared, "anna2@x.formation.mssante.fr"} {
		_, err := r.Patch(ctx, holder(anna), a, annuaire.MailboxPatch{RedList: &red}, "")
		ok(t, err)
	}
	e, err := p.Erase(ctx, admin, anna, "demande")
	ok(t, err)
	if e.Mailboxes != 1 || len(e.Kept) != 3 || e.Kept[1].What != "red_list" {
		t.Errorf("%+v", e)
	}
	for _, a := range []string{shared, "anna2@x.formation.mssante.fr"} {
		if shows(t, d, a) {
			t.Error(a, "is shown")
		}
	}
	h, err := p.Held(ctx, admin, anna, "contrôle")
	ok(t, err)
	for _, b := range h.Mailboxes {
		if b.Phone != "" || b.OTPMobile != "" || b.Operator != "" || !b.RedListHolder {
			t.Errorf("more than the wish is left: %+v", b)
		}
	}
	sound(t, d)
}
