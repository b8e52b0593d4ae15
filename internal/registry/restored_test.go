package registry

import (
	"slices"
	"testing"

	"annuaire/internal/store"
)

// A restore must not let anybody in again who was shut out since the backup.
func TestKeepEnded(t *testing.T) {
	backup, now := newWorld(t), newWorld(t)
	for _, w := range []*world{backup, now} {
		for i := range 3 {
			w.delegate(delegateID(i))
			w.account(delegateID(i), "anne@exemple.fr")
		}
	}
	if err := now.Undelegate(ctx, professional(zelie), address, delegateID(0), "*"); err != nil {
		t.Fatal(err)
	}
	if err := now.Undelegate(ctx, professional(zelie), address, delegateID(1), "*"); err != nil {
		t.Fatal(err)
	}
	now.delegate(delegateID(1)) // and given anew
	now.delegate(delegateID(3)) // since the backup: a restore loses it
	if _, err := now.Erase(ctx, local, delegateID(2), "demande"); err != nil {
		t.Fatal(err)
	}
	now.policy.Terms = "2026-12"
	if _, err := now.AnnounceTerms(ctx); err != nil {
		t.Fatal(err)
	}
	lines := len(backup.audited())
	n, err := KeepEnded(now.ledger, backup.ledger)
	if err != nil || n != 3 { // one removed, one of somebody erased, and their account
		t.Fatal(n, err)
	}
	t.Run("removed delegations stay removed, those given anew stay", func(t *testing.T) {
		var left []string
		for _, d := range backup.snapshot() {
			left = append(left, d.Delegate)
		}
		if !slices.Equal(left, []string{delegateID(1)}) {
			t.Error(left)
		}
		mine, _, err := backup.DelegatedTo(ctx, professional(delegateID(0)), "", 10)
		if err != nil || len(mine) != 0 {
			t.Error(mine, err)
		}
	})
	t.Run("erased accounts stay erased", func(t *testing.T) {
		a, err := backup.Account(ctx, professional(delegateID(2)))
		if err != nil || a.Contact != "" {
			t.Error(a, err)
		}
		if a, err := backup.Account(ctx, professional(delegateID(1))); err != nil || a.Contact == "" {
			t.Error(a, err)
		}
	})
	t.Run("the audit tells", func(t *testing.T) {
		want := []string{"delegation.remove " + address + " restore removed since the backup", "person.erase " + delegateID(2) + " restore erased since the backup"}
		for _, w := range want {
			if !slices.Contains(backup.audited()[lines:], w) {
				t.Error(backup.audited()[lines:])
			}
		}
	})
	t.Run("nobody is told of the same terms again", func(t *testing.T) {
		backup.mail()
		backup.policy.Terms = "2026-12"
		if _, err := backup.AnnounceTerms(ctx); err != nil {
			t.Fatal(err)
		}
		if to, _ := backup.mail(); len(to) != 0 {
			t.Error(to)
		}
	})
	t.Run("of a ledger without delegations nothing is taken", func(t *testing.T) {
		empty, err := store.OpenLedger(t.TempDir() + "/annuaire.db")
		if err != nil {
			t.Fatal(err)
		}
		defer empty.Close()
		if n, err := KeepEnded(now.ledger, empty); n != 0 || err != nil {
			t.Error(n, err)
		}
	})
}
