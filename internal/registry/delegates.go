package registry

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"annuaire"
	"annuaire/internal/names"
	"annuaire/internal/nomenclature"
)

// The rules of the search for delegates.
const (
	RuleTooFewCriteria    = "too_few_criteria"
	RuleCriterionTooLong  = "criterion_too_long"
	RuleUnknownProfession = "unknown_profession"
	RuleIdentifier        = "identifier_malformed"
)

// maxCriterion is how long one criterion may be, in characters.
const maxCriterion = 100

func init() {
	for rule, b := range map[string]breach{
		RuleTooFewCriteria: {annuaire.CodeInvalid, "", "au moins deux critères sont nécessaires (nom, prénom, profession, code postal, ville), ou un identifiant RPPS complet",
			"two criteria at least are needed (name, given name, profession, postal code, city), or one full RPPS identifier"},
		RuleCriterionTooLong: {annuaire.CodeInvalid, "", "critère trop long : 100 caractères au plus", "criterion too long: 100 characters at most"},
		RuleUnknownProfession: {annuaire.CodeInvalid, "profession", "ni une profession ni un rôle : essayez « médecin », « infirmier », « secrétaire »",
			"neither a profession nor a role: try “médecin”, “infirmier”, “secrétaire”"},
		RuleIdentifier: {annuaire.CodeInvalid, "id", "un identifiant RPPS est attendu : 12 chiffres commençant par 8, ou 11 chiffres", "an RPPS identifier is expected: 12 digits that begin with 8, or 11 digits"},
	} {
		breaches[rule] = b
	}
}

// Delegates searches whom a mailbox may be delegated to: people in the directory who have an RPPS. It tells what the directory publishes of them
// and nothing else: never whether they have a mailbox or an account. The work done does not depend on that either.
func (p *Personal) Delegates(ctx context.Context, q annuaire.DelegateQuery) (out annuaire.DelegatesFound, err error) {
	where, err := delegateWhere(q)
	if err != nil {
		return out, err
	}
	out.Items = []annuaire.DelegateFound{}
	ask := annuaire.Query{Where: where, Limit: annuaire.MaxDelegatesFound + 1}
	for {
		page, err := p.people.SearchProfessionals(ctx, ask)
		if err != nil {
			return out, err
		}
		out.AsOf = page.AsOf
		for _, it := range page.Items {
			if it.Value.RPPS() == "" {
				continue
			}
			if len(out.Items) == annuaire.MaxDelegatesFound {
				out.More = true
				return out, nil
			}
			out.Items = append(out.Items, delegateFound(it, q))
		}
		if page.Next == nil {
			return out, nil
		}
		ask.After = page.Next
	}
}

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
			return annuaire.Expr{}, about(refused(RuleCriterionTooLong), c.op)
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
		return annuaire.Expr{}, refused(RuleTooFewCriteria)
	}
	if len(situation) > 0 {
		all = append(all, annuaire.OneActivity(situation...))
	}
	return annuaire.And(all...), nil
}

// about names the criterion at fault.
func about(err error, op string) error {
	var e *annuaire.Error
	if errors.As(err, &e) && e.Op == "" {
		e.Op = op
	}
	return err
}

func similar(f annuaire.Field) func(string) (annuaire.Expr, error) {
	return func(v string) (annuaire.Expr, error) {
		if names.Fold(v) == "" { // signs alone
			return annuaire.Expr{}, refused(RuleTooFewCriteria)
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
		return annuaire.Expr{}, refused(RuleIdentifier)
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
		return annuaire.Expr{}, refused(RuleUnknownProfession)
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

// delegateFound is what is told of a person: profession and place of the activity that was asked for.
func delegateFound(it annuaire.Item[annuaire.Professional], q annuaire.DelegateQuery) annuaire.DelegateFound {
	out := annuaire.DelegateFound{RPPS: it.Value.RPPS(), Family: it.Value.Family, Given: it.Value.Given}
	all := it.Value.Situations()
	if len(all) == 0 {
		return out
	}
	s := all[0]
	if it.Matched >= 0 && it.Matched < len(all) {
		s = all[it.Matched]
	}
	out.Profession = s.Practice.Profession
	for _, at := range append([]annuaire.Situation{s}, all...) { // a place, if there is one at all
		if at.Activity != nil && at.Activity.Address != nil && (at.Activity == s.Activity || q.PostalCode == "" && q.City == "") {
			out.PostalCode, out.City = at.Activity.Address.PostalCode, at.Activity.Address.City
			break
		}
	}
	return out
}
