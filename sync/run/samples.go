package run

import (
	"fmt"
	"reflect"
	"strings"

	"annuaire"
	"annuaire/internal/codes"
	"annuaire/internal/directory"
	"annuaire/internal/geo"
	"annuaire/internal/nomenclature"
	"annuaire/internal/store"
)

// samples are up to ten of each kind and change, so that whoever decides sees all that a run does.
func samples(old directory.National, entries []store.Entry) ([]annuaire.GateExample, error) {
	type sort struct {
		kind annuaire.Kind
		op   annuaire.ChangeOp
	}
	had := map[sort]int{}
	var chosen []int
	for i, e := range entries {
		if k := (sort{e.Kind, e.Op}); had[k] < annuaire.MaxGateExamples {
			had[k]++
			chosen = append(chosen, i)
		}
	}
	return examplesOf(old, entries, chosen)
}

func examplesOf(old directory.National, entries []store.Entry, chosen []int) ([]annuaire.GateExample, error) {
	out := []annuaire.GateExample{}
	for _, i := range chosen {
		e := entries[i]
		x := annuaire.GateExample{Kind: e.Kind, Change: e.Op, ID: e.ID}
		var err error
		switch e.Kind {
		case annuaire.KindPerson:
			x.What, x.Differs, err = describe(old.Person, e, personLine)
		case annuaire.KindStructure:
			x.What, x.Differs, err = describe(old.Structure, e, structureLine)
		case annuaire.KindMailbox:
			x.What, x.Differs, err = describe(old.Mailbox, e, mailboxLine)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// describe says what a record is, and in what its new form differs.
func describe[T store.Record](get func(string) (T, bool, error), e store.Entry, line func(T) string) (what string, differs []string, err error) {
	was, known, err := get(e.ID)
	if err != nil {
		return "", nil, err
	}
	if e.Record == nil {
		return line(was), nil, nil
	}
	var is T
	if err := store.Unpack(e.Record, &is); err != nil {
		return "", nil, err
	}
	if !known {
		return line(is), nil, nil
	}
	return line(was), differences(reflect.ValueOf(was), reflect.ValueOf(is)), nil
}

// differences names the parts in which two records differ, with both values of those that are one word or line.
func differences(was, is reflect.Value) (out []string) {
	for i := range was.NumField() {
		name, _, _ := strings.Cut(was.Type().Field(i).Tag.Get("json"), ",")
		a, b := was.Field(i), is.Field(i)
		if name == "source" || reflect.DeepEqual(a.Interface(), b.Interface()) {
			continue
		}
		if a.Kind() == reflect.String || a.Kind() == reflect.Int {
			name = fmt.Sprintf("%s: %v → %v", name, a, b)
		}
		out = append(out, name)
	}
	return out
}

func personLine(p annuaire.Professional) string {
	var parts []string
	for _, pr := range p.Practices {
		parts = append(parts, codes.Shown(nomenclature.Profession, pr.Profession))
	}
	for _, a := range p.Activities {
		if a.Address != nil && a.Address.Department.Code != "" {
			name, _ := geo.DepartmentName(a.Address.Department.Code)
			parts = append(parts, name)
			break
		}
	}
	return strings.TrimSpace(p.Family+" "+p.Given) + lineOf(parts)
}

func structureLine(s annuaire.Structure) string {
	var parts []string
	if s.Address != nil {
		parts = append(parts, strings.TrimSpace(s.Address.PostalCode+" "+s.Address.City))
	}
	name := s.Name
	if name == "" {
		name = s.TradeName
	}
	return name + lineOf(parts)
}

func mailboxLine(m annuaire.Mailbox) string {
	parts := []string{string(m.Kind), strings.TrimSpace(m.Family + " " + m.Given)}
	if len(m.Attachments) > 0 {
		parts = append(parts, m.Attachments[0].Name)
	}
	return m.Address + lineOf(parts)
}

func lineOf(parts []string) (out string) {
	sep := " — "
	for _, p := range parts {
		if p != "" {
			out, sep = out+sep+p, ", "
		}
	}
	return out
}
