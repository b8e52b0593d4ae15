package registry

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"annuaire"
)

func TestWhoIsTold(t *testing.T) {
	w := newWorld(t)
	w.account(zelie, "zelie@exemple.fr")
	w.account(delegateID(0), "anne0@exemple.fr")
	expect := func(t *testing.T, want ...string) []annuaire.Notice {
		t.Helper()
		to, all := w.mail()
		if !slices.Equal(to, want) {
			t.Fatalf("told %v, want %v", to, want)
		}
		for _, n := range all {
			if !strings.Contains(n.Text, "Bonjour,") || !strings.Contains(n.Text, "Hello,") || strings.Contains(n.Text, "http") || strings.Contains(n.Text, "%!") {
				t.Errorf("%s", n.Text)
			}
		}
		return all
	}
	t.Run("adding tells the holder and the delegate", func(t *testing.T) {
		w.delegate(delegateID(0))
		all := expect(t, "anne0@exemple.fr", "zelie@exemple.fr")
		if all[0].Key == all[1].Key || !strings.Contains(all[0].Text, "secret professionnel") || !strings.Contains(all[1].Text, "vous est déléguée") {
			t.Errorf("%+v", all)
		}
	})
	t.Run("who has no account is pending and gets none; the other delegates of the box are told", func(t *testing.T) {
		if g := w.delegate(delegateID(1)); g.State != annuaire.DelegationPending {
			t.Error(g.State)
		}
		expect(t, "anne0@exemple.fr", "zelie@exemple.fr")
	})
	t.Run("an opt-out of newsletters does not silence them", func(t *testing.T) {
		if _, _, err := w.PutAccount(ctx, professional(delegateID(0)), annuaire.AccountChange{Contact: "anne0@exemple.fr", NoSurvey: yes(true), NoNewsletter: yes(true)}, ""); err != nil {
			t.Fatal(err)
		}
		w.account(delegateID(2), "anne2@exemple.fr")
		w.delegate(delegateID(2))
		expect(t, "anne0@exemple.fr", "anne2@exemple.fr", "zelie@exemple.fr")
	})
	t.Run("removing tells the holder and that delegate alone", func(t *testing.T) {
		if err := w.Undelegate(ctx, professional(zelie), address, delegateID(2), "*"); err != nil {
			t.Fatal(err)
		}
		all := expect(t, "anne2@exemple.fr", "zelie@exemple.fr")
		if !strings.Contains(all[1].Text, "ne vous est plus déléguée") {
			t.Error(all[1].Text)
		}
	})
	t.Run("the same delegation given twice makes messages of their own", func(t *testing.T) {
		w.delegate(delegateID(2))
		_, a := w.mail()
		if err := w.Undelegate(ctx, professional(zelie), address, delegateID(2), "*"); err != nil {
			t.Fatal(err)
		}
		w.mail()
		w.delegate(delegateID(2))
		if _, b := w.mail(); a[0].Key == b[0].Key {
			t.Error("a mail program would hide the second one")
		}
	})
	t.Run("the sender is woken", func(t *testing.T) {
		if w.post.wakes == 0 {
			t.Error("nobody looked")
		}
	})
}

func TestAnAdministratorInPlaceOfTheHolder(t *testing.T) {
	w := newWorld(t)
	g, err := w.Delegate(ctx, local, address, delegateID(0))
	if err != nil || g.By != "local" {
		t.Fatal(g, err)
	}
	if got := w.lastAudit(); got != "delegation.add "+address+" local in place of the holder "+zelie {
		t.Error(got)
	}
	if err := w.Undelegate(ctx, local, address, delegateID(0), "*"); err != nil {
		t.Fatal(err)
	}
	if got := w.lastAudit(); got != "delegation.remove "+address+" local in place of the holder "+zelie {
		t.Error(got)
	}
	w.delegate(delegateID(0))
	if got := w.lastAudit(); got != "delegation.add "+address+" pro:"+zelie {
		t.Error(got)
	}
}

func TestEveryRuleHasItsSentences(t *testing.T) {
	for r, err := range breaches {
		var e *annuaire.Error
		if !errors.As(err, &e) || e.Rule != r || e.Message == "" || e.English == "" || e.Code == annuaire.CodeInternal {
			t.Errorf("%s: %+v", r, e)
		}
	}
}
