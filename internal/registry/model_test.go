package registry

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"annuaire"
	"annuaire/internal/store"
)

// model is what delegations and accounts are, in the simplest way: maps, and the rules as the documentation states them.
type model struct {
	box      annuaire.Registered
	given    map[string]uint64 // delegate -> version
	contacts map[string]string
	present  map[string]bool
}

func (m *model) add(id string) string {
	switch {
	case m.box.Delegable != nil && !*m.box.Delegable:
		return "not_delegable"
	case m.box.Suspended:
		return "mailbox_inactive"
	case !m.present[m.box.Holder]:
		return "holder_absent"
	case id == m.box.Holder:
		return "own_rpps"
	case !m.present[id]:
		return "delegate_absent"
	case m.given[id] != 0:
		return "already_delegated"
	case len(m.given) == 10:
		return "too_many_delegations"
	}
	return ""
}

func (m *model) state(id string) string {
	switch {
	case m.given[id] == 0:
		return "none"
	case m.box.Suspended || !m.present[m.box.Holder] || !m.present[id]:
		return "suspended"
	case m.contacts[id] == "":
		return "pending"
	}
	return "active"
}

func (m *model) told(ids ...string) (to []string) {
	for _, id := range ids {
		if m.contacts[id] != "" {
			to = append(to, m.contacts[id])
		}
	}
	sort.Strings(to)
	return to
}

// TestAgainstAModel does random things to delegations and accounts, with restarts and with changes that fail half-way, and holds what is there
// against the model: who may act, who sees what, who was told.
func TestAgainstAModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		defer w.ledger.Close()
		m := &model{given: map[string]uint64{}, contacts: map[string]string{}, present: map[string]bool{zelie: true, second: true}}
		m.box = annuaire.Registered{Holder: zelie}
		people := []string{zelie, second}
		for i := range 12 {
			people = append(people, delegateID(i))
			m.present[delegateID(i)] = true
		}
		anybody := rapid.SampledFrom(people)
		same := func(got, want []string, what string) {
			if !slices.Equal(got, want) && len(got)+len(want) > 0 {
				rt.Fatalf("%s: %v, want %v", what, got, want)
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"add": func(rt *rapid.T) {
				id := anybody.Draw(rt, "delegate")
				want := m.add(id)
				g, err := w.Delegate(ctx, professional(m.box.Holder), address, id)
				if annuaire.RuleOf(err) != want || (err == nil) != (want == "") {
					rt.Fatalf("adding %s: %v, want %q", id, err, want)
				}
				to, _ := w.mail()
				if err != nil {
					same(to, nil, "told of nothing")
					return
				}
				m.given[id] = g.Version
				all := []string{m.box.Holder}
				for d := range m.given {
					all = append(all, d)
				}
				same(to, m.told(all...), "told of an addition")
				if string(g.State) != m.state(id) {
					rt.Fatalf("state %s, want %s", g.State, m.state(id))
				}
			},
			"remove": func(rt *rapid.T) {
				id := anybody.Draw(rt, "delegate")
				tag := rapid.SampledFrom([]string{"", "*", `"0"`, versionTag(m.given[id])}).Draw(rt, "tag")
				want := ""
				switch {
				case m.given[id] == 0:
					want = "unknown_delegation"
				case tag == "":
					want = "etag_missing"
				case tag == `"0"`:
					want = "etag_stale"
				}
				err := w.Undelegate(ctx, professional(m.box.Holder), address, id, tag)
				if annuaire.RuleOf(err) != want || (err == nil) != (want == "") {
					rt.Fatalf("removing %s with %s: %v, want %q", id, tag, err, want)
				}
				to, _ := w.mail()
				if err != nil {
					same(to, nil, "told of nothing")
					return
				}
				delete(m.given, id)
				same(to, m.told(m.box.Holder, id), "told of a removal")
			},
			"a stranger tries": func(rt *rapid.T) {
				id := anybody.Draw(rt, "who")
				if id == m.box.Holder {
					return
				}
				if _, err := w.Delegate(ctx, professional(id), address, delegateID(3)); err == nil {
					rt.Fatalf("%s gave away somebody else's box", id)
				}
				if err := w.Undelegate(ctx, professional(id), address, delegateID(3), "*"); err == nil {
					rt.Fatalf("%s ended somebody else's delegation", id)
				}
			},
			"account": func(rt *rapid.T) {
				id := anybody.Draw(rt, "person")
				contact := fmt.Sprintf("c%s.%d@exemple.fr", id, rapid.IntRange(0, 2).Draw(rt, "n"))
				_, created, err := w.PutAccount(ctx, professional(id), annuaire.AccountChange{Contact: contact, Terms: "2026-01"}, "")
				if !m.present[id] {
					if annuaire.RuleOf(err) != "not_in_directory" {
						rt.Fatalf("%v", err)
					}
					return
				}
				if err != nil || created != (m.contacts[id] == "") {
					rt.Fatalf("%v %v", created, err)
				}
				m.contacts[id] = contact
			},
			"come and go": func(rt *rapid.T) {
				id := anybody.Draw(rt, "person")
				if m.present[id] = !m.present[id]; m.present[id] {
					w.town.come(someone(id, "X", "Y"))
				} else {
					w.town.leave(id)
				}
			},
			"the box": func(rt *rapid.T) {
				switch rapid.IntRange(0, 4).Draw(rt, "change") {
				case 0:
					m.box.Suspended = !m.box.Suspended
				case 1:
					m.box.Delegable = rapid.SampledFrom([]*bool{nil, yes(true), yes(false)}).Draw(rt, "delegable")
				case 2: // another holder: nothing of what was given remains
					m.box.Holder = map[string]string{zelie: second, second: zelie}[m.box.Holder]
					m.given = map[string]uint64{}
					w.sweep()
				}
				w.putBox(func(b *annuaire.Registered) {
					b.Suspended, b.Delegable, b.Holder = m.box.Suspended, m.box.Delegable, m.box.Holder
				})
			},
			"restart": func(*rapid.T) { w.restart() },
			"crash":   func(rt *rapid.T) { w.crash(rt, professional(m.box.Holder)) },
			"look at everybody": func(rt *rapid.T) {
				for _, id := range people {
					r, err := w.MayAct(ctx, operator(domain), address, id)
					got := r.Reason
					if r.Scope == "whole" {
						got = "active"
					}
					want := m.state(id)
					if want == "none" {
						want = "no_delegation"
					}
					if id == m.box.Holder {
						want = "holder"
					}
					if err != nil || got != want {
						rt.Fatalf("may %s act: %s %v, want %s", id, got, err, want)
					}
					a, err := w.Account(ctx, professional(id))
					if err != nil || a.Contact != m.contacts[id] {
						rt.Fatalf("account of %s: %+v %v, want %s", id, a, err, m.contacts[id])
					}
					mine, _, err := w.DelegatedTo(ctx, professional(id), "", 10)
					if err != nil || len(mine) != min(1, int(m.given[id])) || len(mine) == 1 && string(mine[0].State) != m.state(id) {
						rt.Fatalf("%s holds %+v %v", id, mine, err)
					}
				}
			},
			"": func(rt *rapid.T) {
				all, err := w.Delegations(ctx, professional(m.box.Holder), address)
				given, _, err2 := w.GivenBy(ctx, professional(m.box.Holder), "", 20)
				var got, want, also []string
				for _, g := range all {
					got = append(got, g.Delegate)
				}
				for _, g := range given {
					also = append(also, g.Delegate)
				}
				for id := range m.given {
					want = append(want, id)
				}
				sort.Strings(want)
				if err != nil || err2 != nil {
					rt.Fatal(err, err2)
				}
				same(got, want, "delegations of the box")
				same(also, want, "given by the holder")
			},
		})
	})
}

// sweep forgets what a former holder gave, as a deletion of the box would: the test gives the address back and forth within one second.
func (w *world) sweep() {
	w.t.Helper()
	for _, d := range w.snapshot() {
		w.update(func(tx *store.Tx) error { return forget(tx, d) })
	}
}

// crash fails a change at its last step, when everything else of it is written: nothing of it may remain.
func (w *world) crash(rt *rapid.T, who annuaire.Caller) {
	before := w.snapshot()
	p := w.with(broke{w.post})
	for i := range 12 {
		_, err := p.Delegate(ctx, who, address, delegateID(i))
		if err == nil && len(w.snapshot()) != len(before) { // nobody was to be told
			if err := p.Undelegate(ctx, who, address, delegateID(i), "*"); err != nil {
				rt.Fatal(err)
			}
		}
		if err != nil && annuaire.RuleOf(err) == "" && !strings.Contains(err.Error(), "crash") {
			rt.Fatal(err)
		}
	}
	if after := w.snapshot(); !slices.Equal(before, after) {
		rt.Fatalf("%v, before %v", after, before)
	}
	if to, _ := w.mail(); len(to) > 0 {
		rt.Fatalf("told of what did not happen: %v", to)
	}
}

// broke is an outbox whose disk is full.
type broke struct{ *post }

func (broke) Put(*store.Tx, annuaire.Notice) error { return errors.New("crash") }
