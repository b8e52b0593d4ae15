package eligibility_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/eligibility"
)

const zoe = "899000000017"

type world struct {
	person  *annuaire.Professional
	code    annuaire.Code
	boxes   []annuaire.Registered
	holds   bool
	as      time.Time
	audited []string
	broken  error
}

func (w *world) Professional(context.Context, string) (it annuaire.Item[annuaire.Professional], err error) {
	if w.code != "" {
		return it, annuaire.Errorf(w.code, "", "x", "x", nil)
	}
	it.Value = *w.person
	return it, nil
}

func (w *world) HeldBy(string) ([]annuaire.Registered, error) { return w.boxes, w.broken }

func (w *world) Audited(c annuaire.Caller, what, target string) error {
	w.audited = append(w.audited, c.ID+" "+what+" "+target)
	return nil
}

func (w *world) cards(string, time.Time) (bool, time.Time, error) { return w.holds, w.as, nil }

func person(professions ...string) *annuaire.Professional {
	p := &annuaire.Professional{ID: zoe, Family: "EXEMPLE"}
	for _, c := range professions {
		p.Practices = append(p.Practices, annuaire.Practice{Profession: annuaire.Coded{Code: c}})
	}
	return p
}

var (
	herself  = annuaire.Caller{ID: "z", Roles: []annuaire.Role{annuaire.RoleProfessional}, Professional: zoe}
	operator = annuaire.Caller{ID: "o", Roles: []annuaire.Role{annuaire.RoleOperator}, Domains: []string{"x.mssante.fr"}}
	other    = annuaire.Caller{ID: "p", Roles: []annuaire.Role{annuaire.RoleOperator}, Domains: []string{"y.mssante.fr"}}
	admin    = annuaire.Caller{ID: "a", Roles: []annuaire.Role{annuaire.RoleAdmin}}
	loaded   = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
)

func box(change ...func(*annuaire.Registered)) annuaire.Registered {
	b := annuaire.Registered{Address: "z@x.mssante.fr", Kind: annuaire.KindPER, Holder: zoe, Operator: "x.mssante.fr"}
	for _, f := range change {
		f(&b)
	}
	return b
}

func TestEligibility(t *testing.T) {
	red := func(b *annuaire.Registered) { b.RedListHolder = true }
	national := func(b *annuaire.Registered) { b.Operator = "" }
	boxes := func(b ...annuaire.Registered) []annuaire.Registered { return b }
	for _, tt := range []struct {
		rule string
		w    world
		who  annuaire.Caller
		want string
	}{
		{"a doctor may", world{person: person("10")}, herself, ""},
		{"a doctor with a card may", world{person: person("10"), holds: true, as: loaded}, herself, ""},
		{"somebody who is not in the directory may not, and nothing else is said", world{code: annuaire.CodeNotFound, as: loaded}, herself, "unknown"},
		{"nor may somebody who left", world{code: annuaire.CodeGone}, operator, "unknown"},
		{"no profession of health: no", world{person: person("41")}, herself, "not_health_profession"},
		{"a title is none", world{person: person("71")}, herself, "not_health_profession"},
		{"one of several is enough", world{person: person("41", "60")}, herself, ""},
		{"a role alone: no", world{person: person("99")}, herself, "profession_99"},
		{"a role beside a profession of health is no reason", world{person: person("99", "10")}, herself, ""},
		{"no practice at all: no", world{person: person()}, herself, "not_health_profession"},
		{"no card: no", world{person: person("10"), as: loaded}, herself, "no_cps_card"},
		{"while no extract of cards was loaded a card is no condition", world{person: person("10"), holds: false}, herself, ""},
		{"a box already: no", world{person: person("10"), boxes: boxes(box())}, herself, "already_has_one"},
		{"a hidden one too, for its holder", world{person: person("10"), boxes: boxes(box(red))}, herself, "already_has_one"},
		{"and its operator", world{person: person("10"), boxes: boxes(box(red))}, operator, "already_has_one"},
		{"and an administrator", world{person: person("10"), boxes: boxes(box(red))}, admin, "already_has_one"},
		{"another operator is not told of it", world{person: person("10"), boxes: boxes(box(red))}, other, ""},
		{"but of one that everybody sees", world{person: person("10"), boxes: boxes(box())}, other, "already_has_one"},
		{"one of the extract counts", world{person: person("10"), boxes: boxes(box(national))}, other, "already_has_one"},
		{"one of the extract that its holder hid is not told", world{person: person("10"), boxes: boxes(box(national, red))}, other, ""},
		{"nor to the operator of its domain: it is the holder's choice", world{person: person("10"), boxes: boxes(box(national, red))}, operator, ""},
		{"a closed box counts no more", world{person: person("10"), boxes: boxes(box(func(b *annuaire.Registered) { b.Closed = loaded }))}, herself, ""},
		{"a box of a practice is not personal", world{person: person("10"), boxes: boxes(box(func(b *annuaire.Registered) { b.Kind = annuaire.KindCAB }))}, herself, ""},
		{"all reasons are told", world{person: person("99"), boxes: boxes(box()), as: loaded}, herself, "profession_99 no_cps_card already_has_one"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			j := eligibility.Judge{People: &tt.w, Boxes: &tt.w, Cards: tt.w.cards}
			e, err := j.Eligibility(t.Context(), tt.who, zoe)
			if err != nil || strings.Join(e.Reasons, " ") != tt.want || e.Eligible != (tt.want == "") {
				t.Errorf("%+v %v, want %q", e, err, tt.want)
			}
			if !slices.Equal(tt.w.audited, []string{tt.who.ID + " eligibility.read " + zoe}) {
				t.Error(tt.w.audited)
			}
		})
	}
	t.Run("an ADELI number is no RPPS", func(t *testing.T) {
		p := person("91")
		p.ID = "0123456789"
		w := world{person: p}
		j := eligibility.Judge{People: &w, Boxes: &w, Cards: w.cards}
		if e, err := j.Eligibility(t.Context(), herself, p.ID); err != nil || strings.Join(e.Reasons, " ") != "no_rpps" {
			t.Error(e, err)
		}
	})
	t.Run("what cannot be found out is an error", func(t *testing.T) {
		w := world{person: person("10"), broken: errors.New("disk")}
		j := eligibility.Judge{People: &w, Boxes: &w, Cards: w.cards}
		if _, err := j.Eligibility(t.Context(), herself, zoe); err == nil {
			t.Error("no error")
		}
		w = world{code: annuaire.CodeUnavailable}
		if _, err := j.Eligibility(t.Context(), herself, zoe); annuaire.CodeOf(err) != annuaire.CodeUnavailable {
			t.Error(err)
		}
	})
}
