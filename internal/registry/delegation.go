package registry

import (
	"context"
	"errors"
	"time"

	"annuaire"
	"annuaire/internal/store"
)

// Delegate lets the professional with an identifier act on a box, until that is undone. Only its holder may, or an administrator in their
// place. The rules are those of docs/DELEGATIONS.md; all of them are looked at in the transaction that adds it.
func (p *Personal) Delegate(ctx context.Context, who annuaire.Caller, address, delegate string) (g annuaire.Grant, err error) {
	a, err := ParseAddress(address)
	if err != nil {
		return g, err
	}
	b, err := p.mayChange(ctx, who, a.String())
	if err != nil {
		return g, err
	}
	id, isRPPS := rppsID(delegate)
	if g.From, err = p.holder(ctx, &b); err != nil {
		return g, err
	}
	if isRPPS {
		if g.To, err = p.party(ctx, id); err != nil {
			return g, err
		}
	}
	err = p.ledger.Update(func(tx *store.Tx) error {
		b, err := p.stillMayChange(tx, who, a.String(), b.Holder)
		if err != nil {
			return err
		}
		there, dead, err := delegationsOf(tx, &b)
		if err != nil {
			return err
		}
		if rule := p.refusal(&b, there, &g, id, isRPPS); rule != "" {
			return refused(rule)
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

// refusal is the first rule that a new delegation would break, "" where it breaks none.
func (p *Personal) refusal(b *annuaire.Registered, there []annuaire.Delegation, g *annuaire.Grant, id string, isRPPS bool) string {
	switch {
	case b.Kind != annuaire.KindPER:
		return RuleNotPersonal
	case !p.delegable(b):
		return RuleNotDelegable
	case !b.Alive():
		return RuleMailboxInactive
	case !g.From.Present && !b.Social:
		return RuleHolderAbsent
	case !isRPPS:
		return RuleNotRPPS
	case id == b.Holder:
		return RuleOwnRPPS
	case !g.To.Present:
		return RuleDelegateAbsent
	}
	for _, d := range there {
		if d.Delegate == id {
			return RuleDuplicate
		}
	}
	if len(there) >= annuaire.MaxDelegations {
		return RuleTooMany
	}
	return ""
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
	a, err := ParseAddress(address)
	if err != nil {
		return err
	}
	b, err := p.mayChange(ctx, who, a.String())
	if err != nil {
		return err
	}
	id, ok := rppsID(delegate)
	if !ok {
		return refused(RuleNotRPPS)
	}
	var g annuaire.Grant
	if g.From, err = p.holder(ctx, &b); err != nil {
		return err
	}
	if g.To, err = p.party(ctx, id); err != nil {
		return err
	}
	err = p.ledger.Update(func(tx *store.Tx) error {
		b, err := p.stillMayChange(tx, who, a.String(), b.Holder)
		if err != nil {
			return err
		}
		d, ok, err := delegations.Get(tx, pair(b.Address, id))
		switch {
		case err != nil:
			return err
		case !ok || !counts(d, &b):
			return refused(RuleUnknownDelegation)
		}
		if err := matched(ifMatch, d.Version); err != nil {
			return err
		}
		e := who.Event("delegation.remove", b.Address)
		e.Why, e.Before = inPlaceOf(who, &b), d
		g.Delegation = d
		return errors.Join(forget(tx, d), tx.Audit(e), p.tell(tx, removed, g, []annuaire.Delegation{d}))
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
	err = delegations.Each(tx, pair(b.Address, ""), "", func(_ string, d annuaire.Delegation) (bool, error) {
		if counts(d, b) {
			there = append(there, d)
		} else {
			dead = append(dead, d)
		}
		return true, nil
	})
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
