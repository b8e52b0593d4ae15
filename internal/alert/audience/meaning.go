package audience

import (
	"fmt"

	"annuaire"
	"annuaire/internal/codes"
	"annuaire/internal/freetext"
)

// Meaning is an audience understood.
type Meaning struct {
	Where    annuaire.Expr // about people
	Counted  annuaire.Expr // about one situation: those for which people are selected
	Kinds    []annuaire.MailboxKind
	Everyone bool
	Terms    []annuaire.AudienceTerm    // each criterion, spelled out
	Warnings []annuaire.AudienceWarning // what its author should look at
}

// Resolve understands the values of an audience. Errors are of CodeInvalid, name the criterion at fault and what is nearest to it, and the
// rule that was broken. Codes that no table knows are left to the directory.
func (a Audience) Resolve() (Meaning, error) {
	r := &resolver{}
	m := Meaning{Kinds: a.mailboxKinds(), Everyone: a.Everyone}
	parts := map[string][]tree{}
	for name, n := range a.parts() {
		t, err := r.node(*n, name == "exclude")
		if err != nil {
			return m, err
		}
		parts[name] = append(parts[name], t)
	}
	m.Where, m.Counted = compile(a.Everyone, parts)
	named := outside{}
	for _, t := range append(parts["include"], parts[where]...) {
		named.add(t, false)
	}
	named.warn(r)
	m.Terms, m.Warnings = r.terms, r.warnings
	return m, nil
}

func (r *resolver) warn(rule, french, english string, args ...any) {
	r.warnings = append(r.warnings, annuaire.AudienceWarning{Rule: rule, Message: fmt.Sprintf(french, args...), English: fmt.Sprintf(english, args...)})
}

// listed are the fields whose values are lists of numbers: too many to spell out, and no label to show.
var listed = map[annuaire.Field]bool{annuaire.FieldID: true, annuaire.FieldFINESS: true, annuaire.FieldSIRET: true, annuaire.FieldSIREN: true}

// term spells out what was said.
func (r *resolver) term(said, everyday string, removes bool, readings [][]freetext.Criterion) {
	t := annuaire.AudienceTerm{Said: said, Everyday: everyday, Removes: removes}
	for _, reading := range readings {
		var all []annuaire.AudienceCriterion
		for _, c := range reading {
			out := annuaire.AudienceCriterion{Field: c.Field, Count: len(c.Codes)}
			for _, code := range c.Codes {
				if !listed[c.Field] {
					out.Codes = append(out.Codes, annuaire.Coded{Code: code, Label: codes.Label(c.Field, code)})
				}
			}
			all = append(all, out)
		}
		t.Means = append(t.Means, all)
	}
	r.terms = append(r.terms, t)
}

// checks reports whether the check digit of a number is right, or none is known of.
func checks(f annuaire.Field, code string) bool {
	switch f {
	case annuaire.FieldID:
		rpps := annuaire.RPPSOf(code)
		return rpps == "" || annuaire.Luhn(rpps)
	case annuaire.FieldSIRET, annuaire.FieldSIREN:
		return annuaire.Luhn(code)
	}
	return true
}
