package registry

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/store"
)

func said(s string) *string { return &s }

// TestAccountRules has a test for each rule of accounts, named after it.
func TestAccountRules(t *testing.T) {
	for _, tt := range []struct {
		rule string
		code annuaire.Code
		who  annuaire.Caller
		c    annuaire.AccountChange
	}{
		{"contact_required", annuaire.CodeInvalid, professional(zelie), annuaire.AccountChange{Contact: " ", Terms: "2026-01"}},
		{"contact_invalid", annuaire.CodeInvalid, professional(zelie), annuaire.AccountChange{Contact: "zelie", Terms: "2026-01"}},
		{"contact_invalid", annuaire.CodeInvalid, professional(zelie), annuaire.AccountChange{Contact: "a@b.fr\r\nBcc: c@d.fr", Terms: "2026-01"}},
		{"contact_invalid", annuaire.CodeInvalid, professional(zelie), annuaire.AccountChange{Contact: "a@b.fr,c@d.fr", Terms: "2026-01"}},
		{"contact_invalid", annuaire.CodeInvalid, professional(zelie), annuaire.AccountChange{Contact: strings.Repeat("a", 1<<16) + "@b.fr", Terms: "2026-01"}},
		{"contact_mssante", annuaire.CodeInvalid, professional(zelie), annuaire.AccountChange{Contact: "zelie@medecin.mssante.fr", Terms: "2026-01"}},
		{"contact_mssante", annuaire.CodeInvalid, professional(zelie), annuaire.AccountChange{Contact: "zelie@MSSANTE.fr", Terms: "2026-01"}},
		{"contact_white_listed", annuaire.CodeInvalid, professional(zelie), annuaire.AccountChange{Contact: "zelie@liste.exemple.fr", Terms: "2026-01"}},
		{"contact_apicrypt", annuaire.CodeInvalid, professional(zelie), annuaire.AccountChange{Contact: "zelie@interop-mssante.apicrypt.org", Terms: "2026-01"}},
		{annuaire.RulePatientAddress, annuaire.CodeInvalid, professional(zelie), annuaire.AccountChange{Contact: "185057800608436@patient.mssante.fr", Terms: "2026-01"}},
		{"mobile_invalid", annuaire.CodeInvalid, professional(zelie), annuaire.AccountChange{Contact: "zelie@exemple.fr", Terms: "2026-01", Mobile: said("06 12 34 56 78")}},
		{"terms_not_accepted", annuaire.CodeInvalid, professional(zelie), annuaire.AccountChange{Contact: "zelie@exemple.fr"}},
		{"terms_unknown", annuaire.CodeInvalid, professional(zelie), annuaire.AccountChange{Contact: "zelie@exemple.fr", Terms: "1999"}},
		{"not_in_directory", annuaire.CodeForbidden, professional("899099999999"), annuaire.AccountChange{Contact: "zelie@exemple.fr", Terms: "2026-01"}},
		{"not_in_directory", annuaire.CodeForbidden, local, annuaire.AccountChange{Contact: "zelie@exemple.fr", Terms: "2026-01"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			w := newWorld(t)
			_, _, err := w.PutAccount(ctx, tt.who, tt.c, "")
			ruled(t, err, tt.rule, tt.code)
			if len(w.audited()) != 0 {
				t.Error("it was recorded")
			}
		})
	}
}

func TestAccount(t *testing.T) {
	w := newWorld(t)
	read := func() annuaire.AccountOf {
		t.Helper()
		a, err := w.Account(ctx, professional(zelie))
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	put := func(c annuaire.AccountChange, tag string) (annuaire.AccountOf, bool) {
		t.Helper()
		a, created, err := w.PutAccount(ctx, professional(zelie), c, tag)
		if err != nil {
			t.Fatal(err)
		}
		return a, created
	}
	t.Run("before there is one, it shows who the directory says that one is", func(t *testing.T) {
		if a := read(); a.Version != 0 || a.Contact != "" || a.Who.Family != "EXEMPLE" || a.Who.RPPS != zelie[1:] || a.Who.Profession.Label != "Médecin" || a.TermsInForce != "2026-01" {
			t.Errorf("%+v", a)
		}
	})
	t.Run("a domain is kept in ASCII, in lower case", func(t *testing.T) {
		a, created := put(annuaire.AccountChange{Contact: " Zelie@Cabinet-ÉTÉ.fr", Terms: "2026-01", Mobile: said("+33612345678")}, "")
		if !created || a.Contact != "zelie@xn--cabinet-t-e4ad.fr" && !strings.HasPrefix(a.Contact, "zelie@xn--") || a.Version != 1 || !a.Accepted.Equal(w.clock) || a.Mobile != "+33612345678" {
			t.Errorf("%v %+v", created, a)
		}
	})
	t.Run("what is not given stays", func(t *testing.T) {
		put(annuaire.AccountChange{Contact: "zelie@exemple.fr", NoSurvey: yes(true)}, versionTag(1))
		a, created := put(annuaire.AccountChange{Contact: "zelie@exemple.fr", NoNewsletter: yes(true)}, "")
		if created || !a.NoSurvey || !a.NoNewsletter || a.Mobile != "+33612345678" || a.Terms != "2026-01" || a.Version != 3 {
			t.Errorf("%+v", a)
		}
	})
	t.Run("the same again changes nothing and is no line of the audit", func(t *testing.T) {
		lines := len(w.audited())
		if a, created := put(annuaire.AccountChange{Contact: "ZELIE@exemple.fr", NoSurvey: yes(true), Terms: "2026-01"}, ""); created || a.Version != 3 || len(w.audited()) != lines {
			t.Errorf("%+v", a)
		}
	})
	t.Run("the audit tells of the change, and not where somebody can be reached", func(t *testing.T) {
		n := 0
		if err := w.ledger.EachAudit(annuaire.AuditFilter{}, func(r annuaire.AuditRecord) error {
			if all := fmt.Sprintf("%s %s", r.Before, r.After); r.What == "account.put" {
				if n++; strings.Contains(all, "zelie@") || strings.Contains(all, "+336") || !strings.Contains(all, "z…@") {
					t.Error(all)
				}
			}
			return nil
		}); err != nil || n == 0 {
			t.Error(n, err)
		}
	})
	t.Run("etag_stale", func(t *testing.T) {
		_, _, err := w.PutAccount(ctx, professional(zelie), annuaire.AccountChange{Contact: "other@exemple.fr"}, versionTag(1))
		ruled(t, err, "etag_stale", annuaire.CodePrecondition)
	})
	t.Run("a mobile can be taken back", func(t *testing.T) {
		if a, _ := put(annuaire.AccountChange{Contact: "zelie@exemple.fr", Mobile: said("")}, ""); a.Mobile != "" {
			t.Error(a.Mobile)
		}
	})
	t.Run("a new version of the terms is told once and blocks nothing", func(t *testing.T) {
		w.delegate(delegateID(0))
		w.account(delegateID(0), "anne@exemple.fr")
		w.mail()
		w.policy.Terms = "2026-12"
		w.restart()
		for range 2 {
			if _, err := w.AnnounceTerms(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if to, all := w.mail(); len(to) != 2 || to[0] != "anne@exemple.fr" || to[1] != "zelie@exemple.fr" || !strings.Contains(all[0].Text, "2026-12") {
			t.Errorf("told %v", to)
		}
		if r, err := w.MayAct(ctx, operator(domain), address, delegateID(0)); err != nil || r.Scope != "whole" {
			t.Errorf("%+v %v", r, err)
		}
		if a, _ := put(annuaire.AccountChange{Contact: "zelie@exemple.fr", Terms: "2026-01"}, ""); a.Terms != "2026-01" || a.TermsInForce != "2026-12" {
			t.Errorf("%+v", a)
		}
		w.clock = w.clock.Add(time.Hour)
		if a, _ := put(annuaire.AccountChange{Contact: "zelie@exemple.fr", Terms: "2026-12"}, ""); a.Terms != "2026-12" || !a.Accepted.Equal(w.clock) {
			t.Errorf("%+v", a)
		}
	})
	t.Run("everybody is told, however many they are", func(t *testing.T) {
		w := newWorld(t)
		const many = 2*maxTold + 3
		w.update(func(tx *store.Tx) error {
			for i := range many {
				id := zelie[:6] + strings.Repeat("0", 2) + string(rune('0'+i/1000%10)) + string(rune('0'+i/100%10)) + string(rune('0'+i/10%10)) + string(rune('0'+i%10))
				if err := accounts.Put(tx, id, annuaire.Account{ID: id, Contact: "a@exemple.fr", Terms: "2020"}); err != nil {
					return err
				}
			}
			return nil
		})
		if n, err := w.AnnounceTerms(ctx); n != many || err != nil {
			t.Error(n, err)
		}
		if to, _ := w.mail(); len(to) != many {
			t.Error(len(to))
		}
	})
	t.Run("opening a mailbox of one's own keeps the delegations", func(t *testing.T) {
		w.putBox(func(b *annuaire.Registered) { b.Address, b.Holder = "anne@"+domain, delegateID(0) })
		mine, _, err := w.DelegatedTo(ctx, professional(delegateID(0)), "", 10)
		if err != nil || len(mine) != 1 || mine[0].State != annuaire.DelegationActive {
			t.Errorf("%+v %v", mine, err)
		}
	})
	t.Run("social-care staff have an account under the name their registrar gave", func(t *testing.T) {
		const social = "899055555555"
		w.update(func(tx *store.Tx) error {
			return staff.Put(tx, social, annuaire.Staff{ID: social, Family: "SOCIAL", Given: "Ève"})
		})
		a, created, err := w.PutAccount(ctx, professional(social), annuaire.AccountChange{Contact: "eve@exemple.fr", Terms: "2026-12"}, "")
		if err != nil || !created || a.Who.Family != "SOCIAL" || a.Who.Present {
			t.Errorf("%+v %v", a, err)
		}
	})
}

// A contact that is taken is one line of ASCII, and its own one writing.
func FuzzContact(f *testing.F) {
	for _, s := range []string{"a@b.fr", "A@É.fr", "a@b.fr\r\nTo: c@d.fr", "a b@c.fr", "a@mssante.fr.", "a@ｍssante.fr", "\"a\"@b.fr", "<a@b.fr>"} {
		f.Add(s)
	}
	var p Policy
	f.Fuzz(func(t *testing.T, s string) {
		c, err := p.contactAddress(s)
		if err != nil {
			if annuaire.RuleOf(err) == "" {
				t.Fatal(err)
			}
			return
		}
		if again, err := p.contactAddress(c); err != nil || again != c {
			t.Fatalf("%q -> %q -> %q %v", s, c, again, err)
		}
		for i := range len(c) {
			if c[i] <= ' ' || c[i] >= 0x7f || strings.IndexByte(`<>(),;:"\[]`, c[i]) >= 0 {
				t.Fatalf("%q -> %q", s, c)
			}
		}
		if strings.HasSuffix(c, "mssante.fr") && (strings.HasSuffix(c, "@mssante.fr") || strings.HasSuffix(c, ".mssante.fr")) {
			t.Fatalf("%q -> %q", s, c)
		}
	})
}
