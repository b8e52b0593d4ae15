package registry

import (
	"context"
	"slices"
	"time"

	"annuaire"
	"annuaire/internal/overlay"
)

// Patch changes the fields given. The operator of the domain, or an administrator, may change all of them; the holder the red list and the
// opposition to the telephone: each their own, both are in force while either asks. A holder may patch a box that only the national extract
// has: the choice is then local to this directory. CodeNotFound for an address that is not the caller's, registered or not.
func (r *Registry) Patch(ctx context.Context, caller annuaire.Caller, address string, p annuaire.MailboxPatch, ifMatch string) (box annuaire.Registered, err error) {
	a, err := parseAddress(address)
	if err != nil {
		return box, err
	}
	seq, err := r.dir.Change(func(s *overlay.State) error {
		old, known, as, err := r.mine(s, caller, a.String())
		if err != nil {
			return err
		}
		if err := matches(ifMatch, old, true); err != nil {
			return err
		}
		b := old
		if as == asHolder {
			err = holderPatch(&b, p)
		} else {
			err = r.operatorPatch(&b, p)
		}
		if err != nil {
			return err
		}
		box, _, err = r.write(s, caller, string(as), known, old, b)
		return err
	})
	if err == nil {
		r.shown(ctx, seq)
	}
	return box, err
}

// as is in what capacity somebody acts on a box.
type as string

const (
	asOperator as = "operator"
	asHolder   as = "holder"
	asAdmin    as = "admin"
)

// mine returns the entry of an address that is the caller's to act on; known is false for a national box on which nothing was chosen yet.
// Whoever has no right gets the answer of an unknown address, and the box is not even looked at.
func (r *Registry) mine(s *overlay.State, caller annuaire.Caller, address string) (b annuaire.Registered, known bool, why as, err error) {
	switch {
	case caller.Has(annuaire.RoleAdmin):
		why = asAdmin
	case caller.Operates(annuaire.DomainOf(address)):
		why = asOperator
	case caller.Professional != "":
		return held(s, caller.Professional, address)
	default:
		return b, false, "", unknown()
	}
	b, known, err = boxes.Get(s.Tx, address)
	if err == nil && (!known || b.Operator == "") { // what a holder chose about a national box is the holder's alone
		err = unknown()
	}
	return b, known, why, err
}

// held returns the entry of a box that somebody holds.
func held(s *overlay.State, holder, address string) (b annuaire.Registered, known bool, why as, err error) {
	_, listed, err := boxesHeld.Get(s.Tx, pair(holder, address))
	if err != nil {
		return b, false, "", err
	}
	if listed {
		b, known, err = boxes.Get(s.Tx, address)
		return b, known, asHolder, err
	}
	m, ok, err := s.National(address)
	if err != nil {
		return b, false, "", err
	}
	entry, there, err := boxes.Get(s.Tx, address)
	if err == nil && (!ok || !slices.Contains(m.Owners, holder) || there && entry.Operator != "") { // registered here for somebody else
		err = unknown()
	}
	return choices(m, holder), false, asHolder, err
}

// choices is the entry of a national box on which its holder has chosen nothing yet.
func choices(m annuaire.Mailbox, holder string) annuaire.Registered {
	return annuaire.Registered{Address: m.Address, Kind: m.Kind, Holder: holder}
}

// given sets what a patch gives.
func given[T any](to, patch *T) {
	if patch != nil {
		*to = *patch
	}
}

func holderPatch(b *annuaire.Registered, p annuaire.MailboxPatch) error {
	given(&b.RedListHolder, p.RedList)
	given(&b.PhoneOpposedHolder, p.PhoneOpposed)
	p.RedList, p.PhoneOpposed = nil, nil
	if p != (annuaire.MailboxPatch{}) {
		return forbidden("field_not_yours", "", "le titulaire règle la liste rouge et l'opposition au téléphone ; le reste revient à l'opérateur",
			"the holder sets the red list and the opposition to the telephone; the rest is for the operator")
	}
	return nil
}

func (r *Registry) operatorPatch(b *annuaire.Registered, p annuaire.MailboxPatch) error {
	given(&b.Description, p.Description)
	given(&b.Service, p.Service)
	given(&b.Responsible, p.Responsible)
	given(&b.Phone, p.Phone)
	given(&b.OTPMobile, p.OTPMobile)
	given(&b.Terms, p.Terms)
	given(&b.Rank, p.Rank)
	given(&b.PhoneOpposed, p.PhoneOpposed)
	given(&b.RedListOperator, p.RedList)
	given(&b.Suspended, p.Suspended)
	if p.Structure != nil {
		b.Structure = p.Structure
	}
	if p.Delegable != nil {
		b.Delegable = p.Delegable
	}
	switch {
	case p.Closed != nil && !*p.Closed:
		b.Closed = time.Time{}
	case p.Closed != nil && b.Closed.IsZero():
		b.Closed = r.now()
	}
	return fields(b)
}
