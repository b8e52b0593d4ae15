package registry

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"annuaire"
)

func TestMayAct(t *testing.T) {
	w := newWorld(t)
	w.delegate(delegateID(0))
	w.account(delegateID(0), "anne@exemple.fr")
	t.Run("the answer is the whole mailbox, by webmail, and nothing of its settings", func(t *testing.T) {
		r, err := w.MayAct(ctx, operator(domain), address, delegateID(0))
		want := annuaire.Rights{Scope: "whole", Allow: []string{"read", "send_on_behalf", "move", "delete", "folders"},
			Deny: []string{"delegations", "rules", "absence", "settings", "address_book"}, Channel: []string{"webmail"}}
		if diff := cmp.Diff(want, r); diff != "" || err != nil {
			t.Error(diff, err)
		}
	})
	for rule, tt := range map[string]struct{ id, reason string }{
		"who has no delegation may nothing":             {delegateID(1), "no_delegation"},
		"who is in no directory may nothing":            {"899099999999", "no_delegation"},
		"the holder is no delegate of their own box":    {zelie, "holder"},
		"and without the digit that says RPPS, neither": {zelie[1:], "holder"},
	} {
		t.Run(rule, func(t *testing.T) {
			r, err := w.MayAct(ctx, operator(domain), address, tt.id)
			if err != nil || r.Scope != "none" || r.Reason != tt.reason || len(r.Allow) != 0 || len(r.Deny) != 10 || len(r.Channel) != 0 {
				t.Errorf("%+v %v", r, err)
			}
		})
	}
	t.Run("the question is in the audit", func(t *testing.T) {
		if got := w.lastAudit(); !strings.HasPrefix(got, "delegation.check "+address+" tok001 RPPS ") {
			t.Error(got)
		}
	})
	t.Run("the holder does not ask it", func(t *testing.T) {
		_, err := w.MayAct(ctx, professional(zelie), address, delegateID(0))
		ruled(t, err, "not_holder", annuaire.CodeNotFound)
	})
	t.Run("what is no RPPS is said to be none", func(t *testing.T) {
		_, err := w.MayAct(ctx, operator(domain), address, "x")
		ruled(t, err, "not_rpps", annuaire.CodeInvalid)
	})
	t.Run("a domain with accents is its operator's in either writing", func(t *testing.T) {
		const accents = "zelie@chu-orléans.mssante.fr"
		w.putBox(func(b *annuaire.Registered) { b.Address, b.Operator = accents, "chu-orléans.mssante.fr" })
		for _, d := range []string{"chu-orléans.mssante.fr", "xn--chu-orlans-h7a.mssante.fr"} {
			if _, err := w.MayAct(ctx, operator(d), accents, delegateID(0)); err != nil {
				t.Error(d, err)
			}
		}
	})
}

func TestWhoSeesDelegations(t *testing.T) {
	w := newWorld(t)
	w.delegate(delegateID(0))
	w.delegate(delegateID(1))
	for name, tt := range map[string]struct {
		who  annuaire.Caller
		want int
	}{"the holder sees all": {professional(zelie), 2}, "the operator too": {operator(domain), 2}, "and an administrator": {local, 2}, "a delegate sees their own": {professional(delegateID(1)), 1}} {
		t.Run(name, func(t *testing.T) {
			all, err := w.Delegations(ctx, tt.who, strings.ToUpper(address))
			if err != nil || len(all) != tt.want || all[len(all)-1].Delegate != delegateID(1) || all[0].From.Given != "Zélie" {
				t.Errorf("%+v %v", all, err)
			}
			if got := w.lastAudit(); !strings.HasPrefix(got, "delegation.list "+address) {
				t.Error(got)
			}
		})
	}
	t.Run("a delegate does not see another's", func(t *testing.T) {
		_, err := w.Delegation(ctx, professional(delegateID(1)), address, delegateID(0))
		ruled(t, err, "unknown_delegation", annuaire.CodeNotFound)
	})
}

func TestPagesOfOnesOwnDelegations(t *testing.T) {
	w := newWorld(t)
	for i := range 7 {
		at := fmt.Sprintf("boite%d@%s", i, domain)
		w.putBox(func(b *annuaire.Registered) { b.Address = at })
		for j := range 2 {
			if _, err := w.Delegate(ctx, professional(zelie), at, delegateID(j)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, tt := range map[string]struct {
		list func(after string, n int) ([]annuaire.Grant, string, error)
		want int
	}{
		"as delegate": {func(after string, n int) ([]annuaire.Grant, string, error) {
			return w.DelegatedTo(ctx, professional(delegateID(0)), after, n)
		}, 7},
		"as holder": {func(after string, n int) ([]annuaire.Grant, string, error) {
			return w.GivenBy(ctx, professional(zelie), after, n)
		}, 14},
	} {
		t.Run(name+", page by page each comes once", func(t *testing.T) {
			for _, size := range []int{1, 3, 7, 14, 50} {
				seen, after := map[string]bool{}, ""
				for {
					all, next, err := tt.list(after, size)
					if err != nil || len(all) > size {
						t.Fatal(len(all), err)
					}
					for _, g := range all {
						if k := g.Mailbox + g.Delegate; seen[k] {
							t.Fatal("twice", k)
						} else {
							seen[k] = true
						}
					}
					if after = next; next == "" {
						break
					}
				}
				if len(seen) != tt.want {
					t.Errorf("pages of %d: %d, want %d", size, len(seen), tt.want)
				}
			}
		})
	}
	t.Run("whoever is no professional has none of their own", func(t *testing.T) {
		if _, _, err := w.DelegatedTo(ctx, local, "", 10); annuaire.CodeOf(err) != annuaire.CodeForbidden {
			t.Error(err)
		}
	})
}

// A stranger to a box cannot tell it from one that does not exist, whatever they ask.
func TestAStrangerLearnsNothing(t *testing.T) {
	w := newWorld(t)
	w.delegate(delegateID(0))
	w.putBox(func(b *annuaire.Registered) { b.RedListHolder = true })
	for name, who := range map[string]annuaire.Caller{"another operator": operator("other.mssante.fr"), "another professional": professional(second), "a reader": {ID: "r", Roles: []annuaire.Role{annuaire.RoleReader}}, "anyone": {}} {
		for question, ask := range map[string]func(at string) error{
			"may act":  func(at string) error { _, err := w.MayAct(ctx, who, at, delegateID(0)); return err },
			"list":     func(at string) error { _, err := w.Delegations(ctx, who, at); return err },
			"one":      func(at string) error { _, err := w.Delegation(ctx, who, at, delegateID(0)); return err },
			"add":      func(at string) error { _, err := w.Delegate(ctx, who, at, delegateID(1)); return err },
			"remove":   func(at string) error { return w.Undelegate(ctx, who, at, delegateID(0), "*") },
			"nonsense": func(at string) error { _, err := w.MayAct(ctx, who, at, "x"); return err },
		} {
			t.Run(name+" asks: "+question, func(t *testing.T) {
				there, none := ask(address), ask("nobody@"+domain)
				if there == nil || none == nil || there.Error() != none.Error() || annuaire.RuleOf(there) != annuaire.RuleOf(none) || annuaire.CodeOf(there) != annuaire.CodeNotFound {
					t.Errorf("%v; of no box: %v", there, none)
				}
			})
		}
	}
}
