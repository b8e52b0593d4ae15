package registry

import (
	"context"

	"annuaire"
)

// maxCriterion is how long one criterion may be, in characters.
const maxCriterion = 100

// The rules of the search for delegates.
var (
	errTooFewCriteria = rule("too_few_criteria", annuaire.CodeInvalid, "", "au moins deux critères sont nécessaires (nom, prénom, profession, code postal, ville), ou un identifiant RPPS complet",
		"two criteria at least are needed (name, given name, profession, postal code, city), or one full RPPS identifier")
	errCriterionTooLong  = rule("criterion_too_long", annuaire.CodeInvalid, "", "critère trop long : 100 caractères au plus", "criterion too long: 100 characters at most")
	errUnknownProfession = rule("unknown_profession", annuaire.CodeInvalid, "profession", "ni une profession ni un rôle : essayez « médecin », « infirmier », « secrétaire »",
		"neither a profession nor a role: try “médecin”, “infirmier”, “secrétaire”")
	errIdentifier = rule("identifier_malformed", annuaire.CodeInvalid, "id", "un identifiant RPPS est attendu : 12 chiffres commençant par 8, ou 11 chiffres", "an RPPS identifier is expected: 12 digits that begin with 8, or 11 digits")
)

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
