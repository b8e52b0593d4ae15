package dispatch_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"annuaire"
	"annuaire/fixtures"
	"annuaire/internal/alert"
	"annuaire/internal/alert/dispatch"
	"annuaire/internal/alert/spool"
	"annuaire/internal/directory"
	"annuaire/internal/registry"
	"annuaire/sync/run"
)

// The audiences of a real directory with a real registry, as a desk asks for them.
func TestAim(t *testing.T) {
	ctx := context.Background()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	from := t.TempDir()
	_, err := fixtures.Generate(ctx, fixtures.Options{People: 800, Seed: 5, Out: from})
	check(err)
	d, err := directory.Open(t.TempDir())
	check(err)
	t.Cleanup(func() { check(d.Close()) })
	_, err = run.Sync(ctx, d, run.Options{From: []string{from}})
	check(err)
	r := registry.New(d, registry.Policy{Training: true})
	aim := dispatch.NewAim(d.Ledger, d, r, true)
	const doctors = "profession:médecin"
	frozen := func(s dispatch.Selection) (z dispatch.Frozen, list []spool.Recipient) {
		t.Helper()
		z, err := aim.Freeze(ctx, s)
		check(err)
		for rec, err := range z.List {
			check(err)
			list = append(list, rec)
		}
		return z, list
	}
	_, before := frozen(dispatch.Selection{Audience: doctors, RedList: true})

	// Somebody whom no mailbox reaches registers one, on the red list.
	var secret annuaire.Professional
	a, err := alert.Read(doctors)
	check(err)
	check(alert.New(d.Ledger, d, nil, alert.Policy{}).Unreachable(ctx, a, true, func(it annuaire.Item[annuaire.Professional]) error {
		if strings.HasPrefix(it.Value.ID, "8") {
			secret = it.Value
		}
		return nil
	}))
	operator := annuaire.Caller{ID: "op", Roles: []annuaire.Role{annuaire.RoleOperator}, Domains: []string{"x.formation.mssante.fr"}}
	const address = "secret@x.formation.mssante.fr"
	_, _, err = r.Put(ctx, operator, annuaire.Registered{Address: address, Kind: annuaire.KindPER, Holder: secret.ID, Family: secret.Family, Given: secret.Given, RedListOperator: true, Terms: "1"}, "")
	check(err)

	z, with := frozen(dispatch.Selection{Audience: doctors, RedList: true})
	_, without := frozen(dispatch.Selection{Audience: doctors})
	has := func(list []spool.Recipient) bool {
		return slices.ContainsFunc(list, func(r spool.Recipient) bool {
			return r.Address == address && r.RedListed && r.ID == secret.ID && r.Profession == "10"
		})
	}
	t.Run("a red-listed mailbox is written to where the alert asks for it, and only there", func(t *testing.T) {
		if !has(with) || has(without) || len(with) != len(before)+1 || len(without) != len(before) {
			t.Errorf("%d before, %d with, %d without", len(before), len(with), len(without))
		}
	})
	t.Run("the list is in the order of addresses, each once, at the state of the directory", func(t *testing.T) {
		if !slices.IsSortedFunc(with, func(a, b spool.Recipient) int { return strings.Compare(a.Address, b.Address) }) || z.Seq == 0 || z.AsOf.IsZero() || z.Selected <= len(with) {
			t.Errorf("%+v", z.AudiencePreview)
		}
	})
	t.Run("whoever may not see addresses learns of one person nothing from a preview", func(t *testing.T) {
		exact, err := aim.Look(ctx, dispatch.Selection{Audience: doctors, RedList: true, Exact: true})
		check(err)
		rough, err := aim.Look(ctx, dispatch.Selection{Audience: doctors, RedList: true})
		check(err)
		if exact.RedListed != 1 || rough.RedListed != 0 || rough.Reachable != exact.Reachable-1 {
			t.Errorf("%d %d, %d %d", exact.RedListed, rough.RedListed, exact.Reachable, rough.Reachable)
		}
	})
	t.Run("where the authority's policy has no red list, an alert that asks for it is refused", func(t *testing.T) {
		strict := dispatch.NewAim(d.Ledger, d, r, false)
		if _, err := strict.Look(ctx, dispatch.Selection{Audience: doctors, RedList: true}); annuaire.RuleOf(err) != "red_list_not_allowed" {
			t.Error(err)
		}
	})
	t.Run("everybody is known as such", func(t *testing.T) {
		if l, err := aim.Look(ctx, dispatch.Selection{Audience: "everyone"}); err != nil || !l.Broad {
			t.Errorf("%v %+v", err, l)
		}
	})
	t.Run("a saved audience is taken as what it says now; later changes of it change no alert", func(t *testing.T) {
		author := annuaire.Caller{ID: "a", Roles: []annuaire.Role{annuaire.RoleAlertAuthor}}
		desk := alert.New(d.Ledger, d, nil, alert.Policy{})
		_, err := desk.Save(ctx, author, "medecins", "", doctors, 0)
		check(err)
		text, err := aim.Read(ctx, "@medecins")
		check(err)
		if got, err := aim.Read(ctx, doctors); err != nil || got != text {
			t.Error(err, got, text)
		}
		if _, err := aim.Read(ctx, "@none"); annuaire.CodeOf(err) != annuaire.CodeNotFound {
			t.Error(err)
		}
	})
	t.Run("what cannot be read, or names codes that do not exist, is refused with a rule", func(t *testing.T) {
		for _, bad := range []string{"profession:(", "profesion:10", "profession:zzzz"} {
			if _, err := aim.Read(ctx, bad); annuaire.CodeOf(err) != annuaire.CodeInvalid {
				t.Errorf("%s: %v", bad, err)
			}
		}
	})
	t.Run("a mailbox that was suspended or closed since is known to be so", func(t *testing.T) {
		yes := true
		if reason, known, err := r.Standing(address); err != nil || !known || reason != "" {
			t.Error(reason, known, err)
		}
		_, err := r.Patch(ctx, operator, address, annuaire.MailboxPatch{Suspended: &yes}, "")
		check(err)
		if reason, _, err := r.Standing(address); err != nil || reason != "suspended" {
			t.Error(reason, err)
		}
		if _, known, err := r.Standing("nobody@x.formation.mssante.fr"); err != nil || known {
			t.Error(known, err)
		}
		if _, list := frozen(dispatch.Selection{Audience: doctors, RedList: true}); has(list) {
			t.Error("a suspended mailbox is on the list")
		}
	})
}
