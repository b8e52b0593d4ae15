package registry

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"annuaire"
	"annuaire/internal/store"
)

func yes(b bool) *bool { return &b }

// TestDelegationRules has a test for each rule of adding, named after it.
func TestDelegationRules(t *testing.T) {
	for _, tt := range []struct {
		rule string
		code annuaire.Code
		who  annuaire.Caller
		at   string // "" is Zélie's box
		to   string // "" is the first delegate
		set  func(*world)
	}{
		{"not_holder", annuaire.CodeNotFound, professional(second), "", "", nil},
		{"not_holder", annuaire.CodeNotFound, professional(zelie), "nobody@" + domain, "", nil},
		{"not_holder", annuaire.CodeNotFound, operator("other.mssante.fr"), "", "", nil},
		{"not_holder", annuaire.CodeNotFound, annuaire.Caller{}, "", "", nil},
		{"not_holder", annuaire.CodeNotFound, annuaire.Caller{ID: "x", Professional: zelie}, "", "", nil}, // without the role, a name is nothing
		{"not_holder", annuaire.CodeNotFound, professional(second), "", "", func(w *world) {
			w.putBox(func(b *annuaire.Registered) { b.Operator = "" })
		}},
		{"holder_only", annuaire.CodeForbidden, operator(domain), "", "", nil},
		{"delegate_may_not", annuaire.CodeForbidden, professional(delegateID(1)), "", "", func(w *world) { w.delegate(delegateID(1)) }},
		{"not_registered_here", annuaire.CodeConflict, professional(zelie), "zelie@ailleurs.mssante.fr", "", func(w *world) {
			w.town.boxes[zelie] = []annuaire.Mailbox{{Address: "zelie@ailleurs.mssante.fr"}}
		}},
		{"not_personal_mailbox", annuaire.CodeConflict, professional(zelie), "", "", func(w *world) { w.putBox(func(b *annuaire.Registered) { b.Kind = annuaire.KindCAB }) }},
		{"not_personal_mailbox", annuaire.CodeConflict, local, "", "", func(w *world) {
			w.putBox(func(b *annuaire.Registered) { b.Kind, b.Holder = annuaire.KindORG, "" })
		}},
		{"not_delegable", annuaire.CodeForbidden, professional(zelie), "", "", func(w *world) { w.putBox(func(b *annuaire.Registered) { b.Delegable = yes(false) }) }},
		{"not_delegable", annuaire.CodeForbidden, professional(zelie), "", "", func(w *world) { w.policy.Delegable = nil }},
		{"mailbox_inactive", annuaire.CodeConflict, professional(zelie), "", "", func(w *world) { w.putBox(func(b *annuaire.Registered) { b.Suspended = true }) }},
		{"mailbox_inactive", annuaire.CodeConflict, professional(zelie), "", "", func(w *world) { w.putBox(func(b *annuaire.Registered) { b.Closed = opened }) }},
		{"mailbox_inactive", annuaire.CodeConflict, professional(zelie), "", "", func(w *world) { w.putBox(func(b *annuaire.Registered) { b.Orphaned = opened }) }},
		{"holder_absent", annuaire.CodeConflict, professional(zelie), "", "", func(w *world) { w.town.leave(zelie) }},
		{"not_rpps", annuaire.CodeInvalid, professional(zelie), "", "0990000001", nil},
		{"not_rpps", annuaire.CodeInvalid, professional(zelie), "", "99000000", nil},
		{"not_rpps", annuaire.CodeInvalid, professional(zelie), "", "8990000000AB", nil},
		{"not_rpps", annuaire.CodeInvalid, professional(zelie), "", "", func(w *world) {}},
		{"delegate_absent", annuaire.CodeInvalid, professional(zelie), "", "899099999999", nil},
		{"own_rpps", annuaire.CodeInvalid, professional(zelie), "", zelie, nil},
		{"own_rpps", annuaire.CodeInvalid, professional(zelie), "", zelie[1:], nil},
		{"already_delegated", annuaire.CodeConflict, professional(zelie), "", "", func(w *world) { w.delegate(delegateID(0)) }},
		{"too_many_delegations", annuaire.CodeConflict, professional(zelie), "", delegateID(11), func(w *world) {
			for i := range annuaire.MaxDelegations {
				w.delegate(delegateID(i))
			}
		}},
		{annuaire.RulePatientAddress, annuaire.CodeInvalid, professional(zelie), "185057800608436@patient.mssante.fr", "", nil},
		{"address_invalid", annuaire.CodeInvalid, professional(zelie), "zelie", "", nil},
	} {
		to := tt.to
		if to == "" && tt.rule != "not_rpps" {
			to = delegateID(0)
		}
		at := tt.at
		if at == "" {
			at = address
		}
		t.Run(tt.rule, func(t *testing.T) {
			w := newWorld(t)
			if tt.set != nil {
				tt.set(w)
			}
			before, lines := w.snapshot(), len(w.audited())
			w.mail()
			_, err := w.Delegate(ctx, tt.who, at, to)
			ruled(t, err, tt.rule, tt.code)
			if diff := cmp.Diff(before, w.snapshot()); diff != "" {
				t.Errorf("a refused delegation changed something: %s", diff)
			}
			if to, _ := w.mail(); len(to) != 0 || len(w.audited()) != lines {
				t.Errorf("a refused delegation was told or recorded: %v", to)
			}
		})
	}
}

// snapshot is every stored delegation.
func (w *world) snapshot() (out []annuaire.Delegation) {
	w.t.Helper()
	if err := w.ledger.View(func(tx *store.Tx) error {
		return delegations.Each(tx, "", "", func(_ string, d annuaire.Delegation) (bool, error) {
			out = append(out, d)
			return true, nil
		})
	}); err != nil {
		w.t.Fatal(err)
	}
	return out
}

func TestUndelegateRules(t *testing.T) {
	for _, tt := range []struct {
		rule string
		code annuaire.Code
		who  annuaire.Caller
		to   string
		tag  func(annuaire.Grant) string
	}{
		{"etag_missing", annuaire.CodePrecondition, professional(zelie), delegateID(0), func(annuaire.Grant) string { return "" }},
		{"etag_stale", annuaire.CodePrecondition, professional(zelie), delegateID(0), func(annuaire.Grant) string { return `"99"` }},
		{"etag_stale", annuaire.CodePrecondition, professional(zelie), delegateID(0), func(g annuaire.Grant) string { return "W/" + versionTag(g.Version) }},
		{"unknown_delegation", annuaire.CodeNotFound, professional(zelie), delegateID(1), func(annuaire.Grant) string { return "*" }},
		{"not_rpps", annuaire.CodeInvalid, professional(zelie), "x", func(annuaire.Grant) string { return "*" }},
		{"delegate_may_not", annuaire.CodeForbidden, professional(delegateID(0)), delegateID(0), func(g annuaire.Grant) string { return versionTag(g.Version) }},
		{"holder_only", annuaire.CodeForbidden, operator(domain), delegateID(0), func(g annuaire.Grant) string { return versionTag(g.Version) }},
		{"not_holder", annuaire.CodeNotFound, professional(second), delegateID(0), func(g annuaire.Grant) string { return versionTag(g.Version) }},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			w := newWorld(t)
			g := w.delegate(delegateID(0))
			ruled(t, w.Undelegate(ctx, tt.who, address, tt.to, tt.tag(g)), tt.rule, tt.code)
			if len(w.snapshot()) != 1 {
				t.Error("it was removed")
			}
		})
	}
	t.Run("with its tag a delegation ends, and can be given anew", func(t *testing.T) {
		w := newWorld(t)
		g := w.delegate(delegateID(0)[1:]) // 11 digits do
		if err := w.Undelegate(ctx, professional(zelie), address, delegateID(0), `"7", `+versionTag(g.Version)); err != nil {
			t.Fatal(err)
		}
		ruled(t, w.Undelegate(ctx, professional(zelie), address, delegateID(0), versionTag(g.Version)), "unknown_delegation", annuaire.CodeNotFound)
		if again := w.delegate(delegateID(0)); again.Version == g.Version {
			t.Error("the tag of the old one would end the new one")
		}
	})
	t.Run("a suspended box keeps its holder able to close an access", func(t *testing.T) {
		w := newWorld(t)
		g := w.delegate(delegateID(0))
		w.putBox(func(b *annuaire.Registered) { b.Suspended, b.Delegable = true, yes(false) })
		if err := w.Undelegate(ctx, professional(zelie), address, delegateID(0), versionTag(g.Version)); err != nil {
			t.Fatal(err)
		}
	})
}

func TestState(t *testing.T) {
	w := newWorld(t)
	w.delegate(delegateID(0))
	expect := func(t *testing.T, want annuaire.DelegationState) {
		t.Helper()
		g, err := w.Delegation(ctx, professional(zelie), address, delegateID(0))
		if err != nil || g.State != want {
			t.Fatalf("%q %v, want %q", g.State, err, want)
		}
		mine, _, err := w.DelegatedTo(ctx, professional(delegateID(0)), "", 10)
		if err != nil || len(mine) != 1 || mine[0].State != want {
			t.Fatalf("as its delegate sees it: %+v %v", mine, err)
		}
		r, err := w.MayAct(ctx, operator(domain), address, delegateID(0)[1:])
		if err != nil || (r.Scope == "whole") != (want == annuaire.DelegationActive) || want != annuaire.DelegationActive && r.Reason != string(want) {
			t.Fatalf("may act: %+v %v", r, err)
		}
	}
	t.Run("a delegate without account is pending, and may not act yet", func(t *testing.T) { expect(t, annuaire.DelegationPending) })
	t.Run("with a contact address and the terms accepted it is active", func(t *testing.T) {
		w.account(delegateID(0), "anne@exemple.fr")
		expect(t, annuaire.DelegationActive)
	})
	for what, tt := range map[string]struct{ away, back func() }{
		"while the delegate is absent": {func() { w.town.leave(delegateID(0)) }, func() { w.town.come(someone(delegateID(0), "DELEGATAIRE0", "Anne")) }},
		"while the holder is absent":   {func() { w.town.leave(zelie) }, func() { w.town.come(someone(zelie, "EXEMPLE", "Zélie")) }},
		"while the box is suspended":   {func() { w.putBox(func(b *annuaire.Registered) { b.Suspended = true }) }, func() { w.putBox(func(*annuaire.Registered) {}) }},
		"while the box is an orphan":   {func() { w.putBox(func(b *annuaire.Registered) { b.Orphaned = opened }) }, func() { w.putBox(func(*annuaire.Registered) {}) }},
		"while the box is closed":      {func() { w.putBox(func(b *annuaire.Registered) { b.Closed = opened }) }, func() { w.putBox(func(*annuaire.Registered) {}) }},
	} {
		t.Run("it is suspended "+what+", and restored after that", func(t *testing.T) {
			tt.away()
			expect(t, annuaire.DelegationSuspended)
			tt.back()
			expect(t, annuaire.DelegationActive)
		})
	}
	t.Run("an operator who closes delegation ends none", func(t *testing.T) {
		w.putBox(func(b *annuaire.Registered) { b.Delegable = yes(false) })
		expect(t, annuaire.DelegationActive)
	})
	t.Run("social-care staff hold boxes without being in the extracts", func(t *testing.T) {
		w.town.leave(zelie)
		w.putBox(func(b *annuaire.Registered) { b.Social = true })
		expect(t, annuaire.DelegationActive)
		if g := w.delegate(delegateID(1)); g.From.Family != "EXEMPLE" {
			t.Errorf("%+v", g.From)
		}
	})
	t.Run("a directory that does not answer is no absence", func(t *testing.T) {
		w.town.fail = annuaire.Errorf(annuaire.CodeUnavailable, "", "indisponible", "unavailable", nil)
		defer func() { w.town.fail = nil }()
		if _, err := w.MayAct(ctx, operator(domain), address, delegateID(0)); annuaire.CodeOf(err) != annuaire.CodeUnavailable {
			t.Error(err)
		}
	})
}

// Whoever gets an address that somebody else had does not get their delegates, and does not lack room because of them.
func TestAnAddressThatChangesHands(t *testing.T) {
	for what, edit := range map[string]func(*annuaire.Registered){
		"another holder":                         func(b *annuaire.Registered) { b.Holder = second },
		"the same holder, registered once again": func(b *annuaire.Registered) { b.Created = opened.Add(48 * time.Hour) },
	} {
		t.Run(what, func(t *testing.T) {
			w := newWorld(t)
			for i := range annuaire.MaxDelegations {
				w.delegate(delegateID(i))
			}
			w.account(delegateID(0), "anne@exemple.fr")
			w.putBox(edit)
			w.clock = opened.Add(72 * time.Hour)
			var holder string
			w.update(func(tx *store.Tx) error { b, _, err := boxes.Get(tx, address); holder = b.Holder; return err })
			if all, err := w.Delegations(ctx, professional(holder), address); err != nil || len(all) != 0 {
				t.Fatalf("%+v %v", all, err)
			}
			if r, err := w.MayAct(ctx, operator(domain), address, delegateID(0)); err != nil || r.Scope != "none" {
				t.Errorf("%+v %v", r, err)
			}
			if mine, _, err := w.DelegatedTo(ctx, professional(delegateID(0)), "", 10); err != nil || len(mine) != 0 {
				t.Errorf("%+v %v", mine, err)
			}
			if _, err := w.Delegate(ctx, professional(holder), address, delegateID(3)); err != nil {
				t.Fatal(err)
			}
			if left := w.snapshot(); len(left) != 1 || left[0].Holder != holder {
				t.Errorf("what the former holder gave is still there: %+v", left)
			}
		})
	}
}

// The tenth and the eleventh at once: one of them is refused.
func TestTenthAndEleventhAtOnce(t *testing.T) {
	w := newWorld(t)
	for i := range annuaire.MaxDelegations - 1 {
		w.delegate(delegateID(i))
	}
	var wg sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		wg.Go(func() { _, errs[i] = w.Delegate(ctx, professional(zelie), address, delegateID(9+i)) })
	}
	wg.Wait()
	done := 0
	for _, err := range errs {
		if err == nil {
			done++
		} else if annuaire.RuleOf(err) != "too_many_delegations" {
			t.Error(err)
		}
	}
	if done != 1 || len(w.snapshot()) != annuaire.MaxDelegations {
		t.Errorf("%d were added, there are %d", done, len(w.snapshot()))
	}
}
