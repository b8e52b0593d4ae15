package registry

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"annuaire"
	"annuaire/internal/names"
	"annuaire/internal/nomenclature"
)

// delegateWhere turns criteria into a question: people with an RPPS, about whom all of them hold; what is about a place and a profession, of one
// and the same activity.
func delegateWhere(q annuaire.DelegateQuery) (annuaire.Expr, error) {
	all := []annuaire.Expr{annuaire.Prefix(annuaire.FieldID, "8")}
	var situation []annuaire.Expr
	n := 0
	for _, c := range []struct {
		op    string
		value string
		where func(string) (annuaire.Expr, error)
		of    *[]annuaire.Expr
	}{
		{"name", q.Name, similar(annuaire.FieldFamily), &all}, {"given", q.Given, similar(annuaire.FieldGiven), &all},
		{"profession", q.Profession, professionOrRole, &situation}, {"postal_code", q.PostalCode, postalCode, &situation},
		{"city", q.City, similar(annuaire.FieldCity), &situation}, {"id", q.Identifier, identifier, &all},
	} {
		v := strings.TrimSpace(c.value)
		if strings.Trim(v, "* ") == "" { // blank, or anything: no criterion
			continue
		}
		if utf8.RuneCountInString(v) > maxCriterion {
			return annuaire.Expr{}, about(errCriterionTooLong, c.op)
		}
		e, err := c.where(v)
		if err != nil {
			return e, about(err, c.op)
		}
		if n++; c.op == "id" {
			n++ // one is enough
		}
		*c.of = append(*c.of, e)
	}
	if n < 2 {
		return annuaire.Expr{}, errTooFewCriteria
	}
	if len(situation) > 0 {
		all = append(all, annuaire.OneActivity(situation...))
	}
	return annuaire.And(all...), nil
}

// about names the criterion at fault.
func about(err error, op string) error {
	var e *annuaire.Error
	if !errors.As(err, &e) || e.Op != "" {
		return err
	}
	named := *e
	named.Op = op
	return &named
}

func similar(f annuaire.Field) func(string) (annuaire.Expr, error) {
	return func(v string) (annuaire.Expr, error) {
		if names.Fold(v) == "" { // signs alone
			return annuaire.Expr{}, errTooFewCriteria
		}
		return annuaire.Similar(f, v), nil
	}
}

func postalCode(v string) (annuaire.Expr, error) {
	v = strings.ReplaceAll(v, " ", "")
	if len(v) < 5 {
		return annuaire.Prefix(annuaire.FieldPostalCode, v), nil
	}
	return annuaire.Equals(annuaire.FieldPostalCode, v), nil
}

func identifier(v string) (annuaire.Expr, error) {
	id, ok := rppsID(v)
	if !ok {
		return annuaire.Expr{}, errIdentifier
	}
	return annuaire.Equals(annuaire.FieldID, id), nil
}

// byRole is the profession of those who are in the directory by their role: « Acteur du système de santé caractérisé par un rôle ».
const byRole = "99"

// secretaries are the words for people whom many practices look for, and whose role the extract does not always state: with one of them, those
// who are there by a role that is not stated are found too.
var secretaries = []string{"secretaire", "secretaire medical", "secretaire medicale", "secretariat", "assistant medical", "assistante medicale"}

// professionOrRole reads a code or words, of a profession or of a role.
func professionOrRole(v string) (annuaire.Expr, error) {
	var any []annuaire.Expr
	for _, t := range []struct {
		table nomenclature.Table
		field annuaire.Field
	}{{nomenclature.Profession, annuaire.FieldProfession}, {nomenclature.Role, annuaire.FieldRole}} {
		codes, ok := nomenclature.Resolve(t.table, v)
		if !ok {
			codes = startingWith(t.table, v)
		}
		for _, c := range codes {
			any = append(any, annuaire.Equals(t.field, c))
		}
	}
	if slices.Contains(secretaries, strings.Join(strings.Fields(names.Fold(v)), " ")) {
		any = append(any, annuaire.And(annuaire.Equals(annuaire.FieldProfession, byRole), annuaire.Not(annuaire.Present(annuaire.FieldRole))))
	}
	if len(any) == 0 {
		return annuaire.Expr{}, errUnknownProfession
	}
	return annuaire.Or(any...), nil
}

// startingWith returns the codes whose label has words that begin as those given, in their order: « infirm », « assist. social ».
func startingWith(t nomenclature.Table, v string) (out []string) {
	want := strings.Fields(names.Fold(v))
	if len(strings.Join(want, "")) < 3 {
		return nil
	}
	for _, code := range nomenclature.Codes(t) {
		label, _ := nomenclature.Label(t, code)
		rest := want
		for w := range strings.FieldsSeq(names.Fold(label)) {
			if len(rest) > 0 && strings.HasPrefix(w, rest[0]) {
				rest = rest[1:]
			}
		}
		if len(rest) == 0 {
			out = append(out, code)
		}
	}
	return out
}
