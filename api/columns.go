package api

import (
	"strings"

	"github.com/samber/lo"

	"annuaire"
)

// column is one of a CSV: several values of a record are joined with " | ".
type column[T any] struct {
	name string
	of   func(annuaire.Item[T]) []string
}

func single(s string) []string { return []string{s} }

// codes writes codes with their labels.
func codes(all ...annuaire.Coded) []string {
	return lo.Uniq(lo.FilterMap(all, func(c annuaire.Coded, _ int) (string, bool) {
		return strings.TrimSpace(c.Code + " " + c.Shown()), !c.IsZero()
	}))
}

// ofActivities is a column of what a function gives of each activity, each value once.
func ofActivities(name string, of func(annuaire.Activity) string) column[annuaire.Professional] {
	return column[annuaire.Professional]{name, func(p person) []string {
		return lo.Uniq(lo.Compact(lo.Map(p.Value.Activities, func(a annuaire.Activity, _ int) string { return of(a) })))
	}}
}

func housed(of func(*annuaire.StructureRef) string) func(annuaire.Activity) string {
	return func(a annuaire.Activity) string {
		if a.Structure == nil {
			return ""
		}
		return of(a.Structure)
	}
}

// part is a part of an address, in a column of this name for a structure, and in the plural for a person.
type part struct {
	name, names string
	of          func(*annuaire.Address) string
}

var (
	lines      = part{"address", "addresses", func(a *annuaire.Address) string { return strings.Join(a.Lines, ", ") }}
	postalCode = part{"postal_code", "postal_codes", func(a *annuaire.Address) string { return a.PostalCode }}
	city       = part{"city", "cities", func(a *annuaire.Address) string { return a.City }}
	department = part{"department", "departments", func(a *annuaire.Address) string { return a.Department.Code }}
)

func (p part) in(a *annuaire.Address) string {
	if a == nil {
		return ""
	}
	return p.of(a)
}

func (p part) ofPerson() column[annuaire.Professional] {
	return ofActivities(p.names, func(a annuaire.Activity) string { return p.in(a.Address) })
}

func (p part) ofStructure() column[annuaire.Structure] {
	return column[annuaire.Structure]{p.name, func(s place) []string { return single(p.in(s.Value.Address)) }}
}

type person = annuaire.Item[annuaire.Professional]

var professionalColumns = []column[annuaire.Professional]{
	{"id", func(p person) []string { return single(p.Value.ID) }},
	{"rpps", func(p person) []string { return single(p.Value.RPPS()) }},
	{"civility", func(p person) []string { return single(p.Value.Civility) }},
	{"title", func(p person) []string { return single(p.Value.Title) }},
	{"family", func(p person) []string { return single(p.Value.Family) }},
	{"given", func(p person) []string { return single(p.Value.Given) }},
	{"professions", func(p person) []string {
		return codes(lo.Map(p.Value.Practices, func(x annuaire.Practice, _ int) annuaire.Coded { return x.Profession })...)
	}},
	{"specialties", func(p person) []string {
		return codes(lo.FlatMap(p.Value.Practices, func(x annuaire.Practice, _ int) []annuaire.Coded {
			return lo.Map(x.Specialties, func(s annuaire.Specialty, _ int) annuaire.Coded { return s.Coded })
		})...)
	}},
	{"modes", func(p person) []string {
		return codes(lo.Map(p.Value.Activities, func(a annuaire.Activity, _ int) annuaire.Coded { return a.Mode })...)
	}},
	ofActivities("structures", housed(func(s *annuaire.StructureRef) string { return s.Name })),
	ofActivities("finess", housed(func(s *annuaire.StructureRef) string { return s.FINESS })),
	lines.ofPerson(), postalCode.ofPerson(), city.ofPerson(), department.ofPerson(),
	{"phones", func(p person) []string {
		return lo.Uniq(lo.FlatMap(p.Value.Activities, func(a annuaire.Activity, _ int) []string { return a.Phones }))
	}},
	{"mailboxes", func(p person) []string {
		return lo.Map(p.Mailboxes, func(m annuaire.Mailbox, _ int) string { return m.Address })
	}},
}

type place = annuaire.Item[annuaire.Structure]

var structureColumns = []column[annuaire.Structure]{
	{"id", func(s place) []string { return single(s.Value.ID) }},
	{"name", func(s place) []string { return single(s.Value.Name) }},
	{"trade_name", func(s place) []string { return single(s.Value.TradeName) }},
	{"finess", func(s place) []string { return single(s.Value.FINESS) }},
	{"finess_ej", func(s place) []string { return single(s.Value.FINESSEJ) }},
	{"siren", func(s place) []string { return single(s.Value.SIREN) }},
	{"siret", func(s place) []string { return single(s.Value.SIRET) }},
	{"sector", func(s place) []string { return codes(s.Value.Sector) }},
	lines.ofStructure(), postalCode.ofStructure(), city.ofStructure(), department.ofStructure(),
	{"phones", func(s place) []string { return s.Value.Phones }},
}

type box = annuaire.Item[annuaire.Mailbox]

var mailboxColumns = []column[annuaire.Mailbox]{
	{"address", func(m box) []string { return single(m.Value.Address) }},
	{"kind", func(m box) []string { return single(string(m.Value.Kind)) }},
	{"owners", func(m box) []string { return m.Value.Owners }},
	{"family", func(m box) []string { return single(m.Value.Family) }},
	{"given", func(m box) []string { return single(m.Value.Given) }},
	{"profession", func(m box) []string { return codes(m.Value.Profession) }},
	{"structures", func(m box) []string {
		return lo.Map(m.Value.Attachments, func(a annuaire.Attachment, _ int) string { return strings.TrimSpace(a.ID + " " + a.Name) })
	}},
	{"services", func(m box) []string {
		return lo.Compact(lo.Map(m.Value.Attachments, func(a annuaire.Attachment, _ int) string { return a.Service }))
	}},
	{"description", func(m box) []string { return single(m.Value.Description) }},
}
