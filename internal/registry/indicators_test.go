package registry_test

import (
	"testing"
	"time"

	"annuaire"
)

func TestIndicators(t *testing.T) {
	_, r := opened(t)
	now := time.Date(2026, 10, 5, 12, 0, 0, 0, time.UTC)
	r.SetClock(func() time.Time { return now })
	yes, no := true, false
	patch := func(b annuaire.Registered, p annuaire.MailboxPatch) {
		t.Helper()
		_, err := r.Patch(ctx, operator, b.Address, p, "")
		ok(t, err)
	}
	org := func(local, domain string) annuaire.Registered {
		return put(t, r, annuaire.Registered{Address: local + "@" + domain, Kind: annuaire.KindORG, Structure: &annuaire.StructureID{Type: "FINESS", ID: "480000017"}, Terms: "1"})
	}
	old := put(t, r, per("anna", anna))        // October
	gone := org("a", "x.formation.mssante.fr") // October, deleted in November
	org("y", "y.formation.mssante.fr")
	now = now.AddDate(0, 1, 0)
	put(t, r, per("bea", bea))
	red := org("b", "x.formation.mssante.fr")
	patch(red, annuaire.MailboxPatch{RedList: &yes})
	patch(red, annuaire.MailboxPatch{Closed: &yes})
	patch(red, annuaire.MailboxPatch{Closed: &no})
	patch(old, annuaire.MailboxPatch{Closed: &yes})
	ok(t, r.Delete(ctx, operator, gone.Address, r.ETag(gone)))
	now = now.AddDate(0, 1, 0)
	put(t, r, per("later", carl))
	october, november := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	of := func(domains []string, from time.Time) []annuaire.Indicators {
		t.Helper()
		all, err := r.Indicators(ctx, domains, from, from.AddDate(0, 1, 0))
		ok(t, err)
		return all
	}
	x := []string{"x.formation.mssante.fr"}
	t.Run("registrations, closures and deletions of the month are counted, later ones are not", func(t *testing.T) {
		got := of(x, november)
		if len(got) != 1 || got[0].Created != 2 || got[0].Closed != 3 || got[0].Boxes["PER"] != 1 || got[0].Boxes["ORG"] != 1 || got[0].RedList != 1 {
			t.Errorf("%+v", got)
		}
	})
	t.Run("a month before counts what was there, but for what was deleted since", func(t *testing.T) {
		got := of(x, october)
		if len(got) != 1 || got[0].Created != 2 || got[0].Closed != 0 || got[0].Boxes["PER"] != 1 || got[0].Boxes["ORG"] != 0 {
			t.Errorf("%+v", got)
		}
	})
	t.Run("each domain counts apart", func(t *testing.T) {
		if got := of(nil, october); len(got) != 2 || got[1].Domain != "y.formation.mssante.fr" || got[1].Boxes["ORG"] != 1 {
			t.Errorf("%+v", got)
		}
	})
	t.Run("of no domain nothing is told", func(t *testing.T) {
		if got := of([]string{}, october); len(got) != 0 {
			t.Errorf("%+v", got)
		}
	})
}

func TestList(t *testing.T) {
	_, r := opened(t)
	for _, local := range []string{"c", "a", "b"} {
		put(t, r, annuaire.Registered{Address: local + "@x.formation.mssante.fr", Kind: annuaire.KindORG, Structure: &annuaire.StructureID{Type: "FINESS", ID: "480000017"}, Terms: "1", RedListOperator: local == "b"})
	}
	list := func(domains []string, after string, n int, keep func(*annuaire.Registered) bool) (out string) {
		t.Helper()
		all, err := r.BoxesIn(ctx, operator, domains, after, n, keep)
		ok(t, err)
		for _, b := range all {
			out += b.Address[:1]
		}
		return out
	}
	for rule, got := range map[string][2]string{
		"boxes come by address":              {"abc", list(nil, "", 10, nil)},
		"as many as are wanted":              {"ab", list(nil, "", 2, nil)},
		"after one":                          {"bc", list(nil, "a@x.formation.mssante.fr", 10, nil)},
		"of one's domains":                   {"", list([]string{"y.formation.mssante.fr"}, "", 10, nil)},
		"those that are wanted":              {"b", list(nil, "", 10, (*annuaire.Registered).RedListed)},
		"what is not wanted takes no place":  {"b", list(nil, "", 1, (*annuaire.Registered).RedListed)},
		"no domain is none, and not all are": {"", list([]string{}, "", 10, nil)},
	} {
		t.Run(rule, func(t *testing.T) {
			if got[0] != got[1] {
				t.Errorf("%q, want %q", got[1], got[0])
			}
		})
	}
}

func TestAlreadyRegistered(t *testing.T) {
	_, r := opened(t)
	b := per("anna", anna)
	if _, created, err := r.Put(ctx, operator, b, annuaire.IfAbsent); err != nil || !created {
		t.Fatal(err)
	}
	if _, _, err := r.Put(ctx, operator, b, annuaire.IfAbsent); annuaire.RuleOf(err) != "already_registered" || annuaire.CodeOf(err) != annuaire.CodePrecondition {
		t.Error(err)
	}
}
