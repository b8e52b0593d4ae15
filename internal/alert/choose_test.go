package alert

import (
	"testing"
	"time"

	"annuaire"

	"pgregory.net/rapid"
)

func TestChoose(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC) }
	per, cab, org, app := annuaire.KindPER, annuaire.KindCAB, annuaire.KindORG, annuaire.KindAPP
	people, with := []annuaire.MailboxKind{per, cab}, Policy{RedListed: true}
	for _, tt := range []struct {
		rule   string
		boxes  []Box
		kinds  []annuaire.MailboxKind
		policy Policy
		want   string // the address, "" for none
	}{
		{"nobody without a mailbox is written to", nil, people, with, ""},
		{"the preferred one, whatever its kind and its age", []Box{{Address: "a", Kind: per, Rank: 2, Changed: day(9)}, {Address: "b", Kind: cab, Rank: 1, Changed: day(1)}}, people, with, "b"},
		{"a stated rank before none", []Box{{Address: "a", Kind: per, Changed: day(9)}, {Address: "b", Kind: cab, Rank: 7}}, people, with, "b"},
		{"at one rank the personal one before that of the practice", []Box{{Address: "a", Kind: cab, Changed: day(9)}, {Address: "b", Kind: per, Changed: day(1)}}, people, with, "b"},
		{"of one kind the one that changed last", []Box{{Address: "a", Kind: per, Changed: day(1)}, {Address: "b", Kind: per, Changed: day(2)}}, people, with, "b"},
		{"then the first in the order of the extract", []Box{{Address: "a", Kind: per, Place: 2}, {Address: "b", Kind: per, Place: 1}}, people, with, "b"},
		{"then by address", []Box{{Address: "b", Kind: per}, {Address: "a", Kind: per}}, people, with, "a"},
		{"the place in the extract is no rank: a personal box that stands second goes first", []Box{{Address: "a", Kind: cab, Place: 1}, {Address: "b", Kind: per, Place: 2}}, people, with, "b"},
		{"a mailbox on the red list is written to by policy", []Box{{Address: "a", Kind: per, RedListed: true}}, people, with, "a"},
		{"and is not, without", []Box{{Address: "a", Kind: per, Rank: 1, RedListed: true}, {Address: "b", Kind: cab}}, people, Policy{}, "b"},
		{"a dead one never is", []Box{{Address: "a", Kind: per, Rank: 1, Dead: true}, {Address: "b", Kind: per, Rank: 2}}, people, with, "b"},
		{"nobody at a dead one alone", []Box{{Address: "a", Kind: per, Dead: true}}, people, with, ""},
		{"only the kinds asked for", []Box{{Address: "a", Kind: per, Rank: 1}, {Address: "b", Kind: cab}}, []annuaire.MailboxKind{cab}, with, "b"},
		{"a mailbox of a service is no person's, even when asked for", []Box{{Address: "a", Kind: org}}, []annuaire.MailboxKind{per, org}, with, ""},
		{"nor is one of a software", []Box{{Address: "a", Kind: app}}, []annuaire.MailboxKind{app}, with, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, ok := choose(tt.boxes, tt.kinds, tt.policy)
			if got.Address != tt.want || ok != (tt.want != "") {
				t.Fatalf("%q %v, want %q", got.Address, ok, tt.want)
			}
		})
	}
	t.Run("whatever the order of the boxes, it is the same one", rapid.MakeCheck(func(t *rapid.T) {
		box := rapid.Custom(func(t *rapid.T) Box {
			return Box{Address: rapid.StringMatching("[ab]{1,3}").Draw(t, "address"), Kind: rapid.SampledFrom([]annuaire.MailboxKind{per, cab, org}).Draw(t, "kind"),
				Rank: rapid.IntRange(0, 2).Draw(t, "rank"), Place: rapid.IntRange(0, 2).Draw(t, "place"), Changed: day(rapid.IntRange(1, 2).Draw(t, "day")),
				RedListed: rapid.Bool().Draw(t, "red"), Dead: rapid.Bool().Draw(t, "dead")}
		})
		boxes := rapid.SliceOfDistinct(box, func(b Box) string { return b.Address }).Draw(t, "boxes")
		a, ok := choose(boxes, people, Policy{})
		b, again := choose(rapid.Permutation(boxes).Draw(t, "permuted"), people, Policy{})
		if a != b || ok != again || ok && (a.Dead || a.RedListed) {
			t.Fatal(a, b)
		}
	}))
}
