// Package eligibility tells who may open a personal mailbox, and why not: what the directory says of a person, whether they hold a CPS card,
// and whether they have a box already. It never tells a caller of a box that is not theirs to know of.
package eligibility

import (
	"context"
	"slices"
	"time"

	"annuaire"
)

// People are those of the directory. CodeNotFound and CodeGone are of somebody who is not in it.
type People interface {
	Professional(ctx context.Context, id string) (annuaire.Item[annuaire.Professional], error)
}

// Boxes are those that the registry and the extract give somebody, hidden ones too.
type Boxes interface {
	HeldBy(holder string) ([]annuaire.Registered, error)
	Audited(caller annuaire.Caller, what, target string) error
}

// Cards tells who holds a CPS card at a time, and of when the extract is that says so: zero when none was ever loaded.
type Cards func(id string, at time.Time) (holds bool, as time.Time, err error)

// Judge answers the question. Safe for concurrent use.
type Judge struct {
	People People
	Boxes  Boxes
	Cards  Cards
	Now    func() time.Time // nil is time.Now
}

// health are the professions of the Code de la santé publique (TRE_G15-ProfessionSante). Holders of a title (TRE_R95), social professions
// (TRE_R94) and people known by a role (TRE_R291) are not among them: a registrar hands these over.
var health = map[string]bool{"10": true, "21": true, "26": true, "28": true, "31": true, "32": true, "35": true, "36": true, "37": true, "38": true, "39": true,
	"40": true, "50": true, "60": true, "69": true, "70": true, "80": true, "81": true, "82": true, "83": true, "84": true, "85": true, "86": true,
	"91": true, "92": true, "94": true, "95": true, "96": true, "98": true}

// roleOnly is the profession of whoever is known by a role (acteur caractérisé par son rôle).
const roleOnly = "99"

// Eligibility tells whether somebody, by IdNatPP, may open a personal mailbox, and every reason why not. The question is recorded.
func (j *Judge) Eligibility(ctx context.Context, caller annuaire.Caller, id string) (annuaire.Eligibility, error) {
	e := annuaire.Eligibility{ID: id, Reasons: []string{}}
	if err := j.Boxes.Audited(caller, "eligibility.read", id); err != nil {
		return e, err
	}
	it, err := j.People.Professional(ctx, id)
	switch annuaire.CodeOf(err) {
	case annuaire.CodeNotFound, annuaire.CodeGone:
		e.Reasons = append(e.Reasons, annuaire.ReasonUnknown)
		return e, nil
	}
	if err != nil {
		return e, err
	}
	e.Reasons = append(e.Reasons, professions(&it.Value)...)
	holds, as, err := j.Cards(id, j.now())
	if err != nil {
		return e, err
	}
	if e.Cards = as; !as.IsZero() && !holds {
		e.Reasons = append(e.Reasons, annuaire.ReasonNoCard)
	}
	has, err := j.hasBox(caller, id)
	if err != nil {
		return e, err
	}
	if has {
		e.Reasons = append(e.Reasons, annuaire.ReasonHasBox)
	}
	e.Eligible = len(e.Reasons) == 0
	return e, nil
}

func (j *Judge) now() time.Time {
	if j.Now == nil {
		return time.Now()
	}
	return j.Now()
}

// professions are the reasons that lie in what somebody is.
func professions(p *annuaire.Professional) (out []string) {
	if p.RPPS() == "" {
		out = append(out, annuaire.ReasonNoRPPS)
	}
	switch {
	case slices.ContainsFunc(p.Practices, func(pr annuaire.Practice) bool { return health[pr.Profession.Code] }):
	case slices.ContainsFunc(p.Practices, func(pr annuaire.Practice) bool { return pr.Profession.Code == roleOnly }):
		out = append(out, annuaire.ReasonRoleOnly)
	default:
		out = append(out, annuaire.ReasonNotHealth)
	}
	return out
}

// hasBox reports whether somebody has a personal box that the caller may know of: all of them for the person and for an administrator; for
// an operator those that are published, and those of its own domains.
func (j *Judge) hasBox(caller annuaire.Caller, id string) (bool, error) {
	all, err := j.Boxes.HeldBy(id)
	for _, b := range all {
		if b.Kind == annuaire.KindPER && b.Closed.IsZero() && (told(caller, &b) || shown(&b)) {
			return true, err
		}
	}
	return false, err
}

func told(caller annuaire.Caller, b *annuaire.Registered) bool {
	return caller.Has(annuaire.RoleAdmin) || caller.Professional != "" && caller.Professional == b.Holder || b.Operator != "" && caller.Operates(b.Operator)
}

// shown reports whether the public sees a box; of one of the extract, the registry only knows whether its holder hid it.
func shown(b *annuaire.Registered) bool {
	return b.Published() || b.Operator == "" && !b.RedListed()
}
