package registry

import (
	"context"
	"errors"
	"strings"

	"github.com/samber/lo"

	"annuaire"
	"annuaire/internal/store"
)

// Delegations returns the delegations of a box, by the identifier of the delegate, for its holder, its operator or an administrator; a delegate
// gets their own one. It is in the audit.
func (p *Personal) Delegations(ctx context.Context, who annuaire.Caller, address string) (out []annuaire.Grant, err error) {
	a, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	var b annuaire.Registered
	err = p.ledger.Update(func(tx *store.Tx) error {
		var there []annuaire.Delegation
		var as access
		if b, there, as, err = open(tx, who, a.String()); err != nil {
			return err
		}
		for _, d := range there {
			if as == toDelegate && d.Delegate != who.Professional {
				continue
			}
			g, err := grantOf(tx, d)
			if err != nil {
				return err
			}
			out = append(out, g)
		}
		return tx.Audit(who.Event("delegation.list", b.Address))
	})
	if err != nil {
		return nil, err
	}
	return out, p.complete(ctx, out, func(string) *annuaire.Registered { return &b })
}

// Delegation returns one of them; because of "unknown_delegation" where there is none.
func (p *Personal) Delegation(ctx context.Context, who annuaire.Caller, address, delegate string) (annuaire.Grant, error) {
	id, ok := rppsID(delegate)
	if !ok {
		return annuaire.Grant{}, errNotRPPS
	}
	all, err := p.Delegations(ctx, who, address)
	g, ok := lo.Find(all, func(g annuaire.Grant) bool { return g.Delegate == id })
	if err == nil && !ok {
		err = errUnknownDelegation
	}
	return g, err
}

// grantOf begins the view of a delegation: the state is "active" where the delegate has a contact address, and "pending" where not, until
// complete has looked at who is present.
func grantOf(tx *store.Tx, d annuaire.Delegation) (annuaire.Grant, error) {
	acc, _, err := accounts.Get(tx, d.Delegate)
	d.State = annuaire.DelegationPending
	if acc.Contact != "" {
		d.State = annuaire.DelegationActive
	}
	return annuaire.Grant{Delegation: d}, err
}

// complete adds who the delegations are about, looked up outside of any transaction, and what follows for their state.
func (p *Personal) complete(ctx context.Context, all []annuaire.Grant, boxOf func(address string) *annuaire.Registered) (err error) {
	for i := range all {
		g, b := &all[i], boxOf(all[i].Mailbox)
		if g.From, err = p.holder(ctx, b); err != nil {
			return err
		}
		if g.To, err = p.party(ctx, g.Delegate); err != nil {
			return err
		}
		g.State = state(g.Delegation, b, g.From.Present, g.To.Present, g.State == annuaire.DelegationActive)
	}
	return nil
}

// DelegatedTo returns up to n delegations that the caller holds, by mailbox, after one mailbox ("": from the first). next is where to go on, ""
// at the end. It is in the audit.
func (p *Personal) DelegatedTo(ctx context.Context, who annuaire.Caller, after string, n int) (out []annuaire.Grant, next string, err error) {
	person := who.Professional
	return p.page(ctx, who, n, func(tx *store.Tx, take takes) error {
		from := ""
		if after != "" {
			from = pair(pair(person, after), person)
		}
		return delegated.Each(tx, pair(person, ""), from, func(key string, _ struct{}) (bool, error) {
			address, _, _ := strings.Cut(strings.TrimPrefix(key, pair(person, "")), "\x00")
			d, ok, err := delegations.Get(tx, pair(address, person))
			if err != nil || !ok {
				return true, err
			}
			b, ok, err := boxes.Get(tx, address)
			if err != nil || !ok {
				return true, err
			}
			return take(d, b)
		})
	}, func(d annuaire.Delegation) string { return d.Mailbox })
}

// GivenBy returns up to n delegations of the boxes that the caller holds, in the same way; a place among them is a mailbox and a delegate, with
// a space between.
func (p *Personal) GivenBy(ctx context.Context, who annuaire.Caller, after string, n int) (out []annuaire.Grant, next string, err error) {
	person := who.Professional
	mailbox, delegate, _ := strings.Cut(after, " ")
	return p.page(ctx, who, n, func(tx *store.Tx, take takes) error {
		mine, err := boxesHeldBy(tx, person)
		if err != nil {
			return err
		}
		for _, b := range mine {
			there, _, err := delegationsOf(tx, &b)
			if err != nil {
				return err
			}
			for _, d := range there {
				if b.Address < mailbox || b.Address == mailbox && d.Delegate <= delegate {
					continue
				}
				if more, err := take(d, b); err != nil || !more {
					return err
				}
			}
		}
		return nil
	}, func(d annuaire.Delegation) string { return d.Mailbox + " " + d.Delegate })
}

// takes takes a delegation of a box, and says whether there is room for more.
type takes func(annuaire.Delegation, annuaire.Registered) (more bool, err error)

// page collects up to n delegations and tells whether there are more.
func (p *Personal) page(ctx context.Context, who annuaire.Caller, n int, each func(*store.Tx, takes) error, place func(annuaire.Delegation) string) (out []annuaire.Grant, next string, err error) {
	if !isPerson(who, who.Professional) {
		return nil, "", annuaire.Errorf(annuaire.CodeForbidden, "", "cette adresse est celle des professionnels", "this address is for professionals", nil)
	}
	of := map[string]*annuaire.Registered{}
	more := false
	err = p.ledger.Update(func(tx *store.Tx) error {
		err := each(tx, func(d annuaire.Delegation, b annuaire.Registered) (bool, error) {
			if !counts(d, &b) {
				return true, nil
			}
			if more = len(out) == n; more {
				return false, nil
			}
			g, err := grantOf(tx, d)
			of[b.Address], out = &b, append(out, g)
			return true, err
		})
		return errors.Join(err, tx.Audit(who.Event("delegation.mine", who.Professional)))
	})
	if err != nil {
		return nil, "", err
	}
	if more {
		next = place(out[len(out)-1].Delegation)
	}
	return out, next, p.complete(ctx, out, func(address string) *annuaire.Registered { return of[address] })
}
