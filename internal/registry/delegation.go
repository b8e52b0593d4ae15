package registry

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/samber/lo"

	"annuaire"
	"annuaire/internal/store"
)

// Delegate lets the professional with an identifier act on a box, until that is undone. Only its holder may, or an administrator in their
// place. The rules are those of docs/DELEGATIONS.md; all of them are looked at in the transaction that adds it.
func (p *Personal) Delegate(ctx context.Context, who annuaire.Caller, address, delegate string) (g annuaire.Grant, err error) {
	q, err := p.pairing(ctx, who, address, delegate)
	if err != nil {
		return g, err
	}
	g, id := q.Grant, q.id
	err = p.ledger.Update(func(tx *store.Tx) error {
		b, err := stillMayChange(tx, who, q.box)
		if err != nil {
			return err
		}
		there, dead, err := delegationsOf(tx, &b)
		if err != nil {
			return err
		}
		if err := p.refusal(&b, there, &g, id); err != nil {
			return err
		}
		for _, d := range dead { // of somebody else who had the address before
			if err := forget(tx, d); err != nil {
				return err
			}
		}
		d := annuaire.Delegation{ID: id, Mailbox: b.Address, Holder: b.Holder, Delegate: id, Since: p.now(), By: byline(who)}
		if d.Version, err = delegations.Sequence(tx); err != nil {
			return err
		}
		e := who.Event("delegation.add", b.Address)
		e.Why, e.After = inPlaceOf(who, &b), d
		if err := errors.Join(keep(tx, d), tx.Audit(e)); err != nil {
			return err
		}
		acc, _, err := accounts.Get(tx, id)
		if err != nil {
			return err
		}
		d.State = state(d, &b, g.From.Present, g.To.Present, acc.Contact != "")
		g.Delegation = d
		return p.tell(tx, added, g, append(there, d))
	})
	if err == nil {
		p.outbox.Wake()
	}
	return g, err
}

// pairing is a box, whose delegations a caller may change, and a delegate, looked up before the transaction of the change.
type pairing struct {
	annuaire.Grant
	box annuaire.Registered
	id  string // of the delegate, "" for one without RPPS
}

func (p *Personal) pairing(ctx context.Context, who annuaire.Caller, address, delegate string) (q pairing, err error) {
	a, err := parseAddress(address)
	if err != nil {
		return q, err
	}
	if q.box, err = p.mayChange(ctx, who, a.String()); err != nil {
		return q, err
	}
	if q.From, err = p.holder(ctx, &q.box); err != nil {
		return q, err
	}
	id, ok := rppsID(delegate)
	if ok {
		q.id = id
		q.To, err = p.party(ctx, id)
	}
	return q, err
}

// refusal is the error of the first rule that a new delegation would break, nil where it breaks none.
func (p *Personal) refusal(b *annuaire.Registered, there []annuaire.Delegation, g *annuaire.Grant, id string) error {
	switch {
	case b.Kind != annuaire.KindPER:
		return errNotPersonal
	case !p.delegable(b):
		return errNotDelegable
	case !b.Alive():
		return errMailboxInactive
	case !g.From.Present && !b.Social:
		return errHolderAbsent
	case id == "":
		return errNotRPPS
	case id == b.Holder:
		return errOwnRPPS
	case !g.To.Present:
		return errDelegateAbsent
	case slices.ContainsFunc(there, func(d annuaire.Delegation) bool { return d.Delegate == id }):
		return errDuplicate
	case len(there) >= annuaire.MaxDelegations:
		return errTooMany
	}
	return nil
}

func (p *Personal) delegable(b *annuaire.Registered) bool {
	if b.Delegable != nil {
		return *b.Delegable
	}
	open := p.opts.Policy().Delegable
	return open != nil && open(annuaire.DomainOf(b.Address))
}

// Undelegate ends a delegation. ifMatch is the If-Match of whoever asks: the ETag they have seen is their confirmation.
func (p *Personal) Undelegate(ctx context.Context, who annuaire.Caller, address, delegate, ifMatch string) error {
	q, err := p.pairing(ctx, who, address, delegate)
	switch {
	case err != nil:
		return err
	case q.id == "":
		return errNotRPPS
	}
	err = p.ledger.Update(func(tx *store.Tx) error {
		b, err := stillMayChange(tx, who, q.box)
		if err != nil {
			return err
		}
		d, ok, err := delegations.Get(tx, pair(b.Address, q.id))
		switch {
		case err != nil:
			return err
		case !ok || !counts(d, &b):
			return errUnknownDelegation
		}
		if err := matched(ifMatch, d.Version); err != nil {
			return err
		}
		e := who.Event("delegation.remove", b.Address)
		e.Why, e.Before = inPlaceOf(who, &b), d
		q.Delegation = d
		return errors.Join(forget(tx, d), tx.Audit(e), p.tell(tx, removed, q.Grant, []annuaire.Delegation{d}))
	})
	if err == nil {
		p.outbox.Wake()
	}
	return err
}

// keep writes a delegation and the list it is found by; forget removes both.
func keep(tx *store.Tx, d annuaire.Delegation) error {
	return errors.Join(delegations.Put(tx, pair(d.Mailbox, d.ID), d), delegated.Put(tx, pair(pair(d.Delegate, d.Mailbox), d.ID), struct{}{}))
}

func forget(tx *store.Tx, d annuaire.Delegation) error {
	return errors.Join(delegations.Delete(tx, pair(d.Mailbox, d.ID)), delegated.Delete(tx, pair(pair(d.Delegate, d.Mailbox), d.ID)))
}

// delegationsOf returns the delegations of a box, and what is left of those that a former holder of the address gave.
func delegationsOf(tx *store.Tx, b *annuaire.Registered) (there, dead []annuaire.Delegation, err error) {
	all, err := delegations.All(tx, pair(b.Address, ""))
	there, dead = lo.FilterReject(all, func(d annuaire.Delegation, _ int) bool { return counts(d, b) })
	return there, dead, err
}

// counts reports whether a delegation is of this box: given by the one who holds it, since it was registered. Whoever gets an address that
// somebody else had before does not get their delegates.
func counts(d annuaire.Delegation, b *annuaire.Registered) bool {
	return d.Holder == b.Holder && !d.Since.Before(b.Created.Truncate(time.Second))
}

// state derives what a delegation is now. It is never stored: whoever comes back to the directory finds it as it was.
func state(d annuaire.Delegation, b *annuaire.Registered, holderPresent, delegatePresent, reachable bool) annuaire.DelegationState {
	switch {
	case !b.Alive(), !holderPresent && !b.Social, !delegatePresent:
		return annuaire.DelegationSuspended
	case !reachable:
		return annuaire.DelegationPending
	}
	return annuaire.DelegationActive
}
