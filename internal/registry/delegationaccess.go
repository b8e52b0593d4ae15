package registry

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"annuaire"
	"annuaire/internal/store"
)

// access is what somebody is to a box.
type access int

const (
	stranger access = iota
	toDelegate
	toOperator
	toAdmin
	toHolder
)

// open reads a registered box and what the caller is to it. For a stranger it is as if there were none, and it is not even looked at: the time
// taken tells nothing either.
func open(tx *store.Tx, who annuaire.Caller, address string) (b annuaire.Registered, there []annuaire.Delegation, a access, err error) {
	if a, err = accessTo(tx, who, address); err != nil {
		return b, nil, stranger, err
	}
	b, ok, err := boxes.Get(tx, address)
	if err != nil {
		return b, nil, stranger, err
	}
	if !ok || b.Operator == "" { // an entry without operator holds choices on a box that is not registered here
		return annuaire.Registered{}, nil, stranger, errNotHolder
	}
	if there, _, err = delegationsOf(tx, &b); err != nil {
		return b, nil, stranger, err
	}
	if a == toDelegate && !slices.ContainsFunc(there, func(d annuaire.Delegation) bool { return d.Delegate == who.Professional }) { // of a former holder
		return annuaire.Registered{}, nil, stranger, errNotHolder
	}
	return b, there, a, nil
}

func accessTo(tx *store.Tx, who annuaire.Caller, address string) (access, error) {
	switch {
	case who.Has(annuaire.RoleAdmin):
		return toAdmin, nil
	case operates(who, annuaire.DomainOf(address)):
		return toOperator, nil
	case !isPerson(who, who.Professional):
		return stranger, errNotHolder
	}
	_, holds, err := boxesHeld.Get(tx, pair(who.Professional, address))
	if err != nil || holds {
		return toHolder, err
	}
	_, acts, err := delegated.Get(tx, pair(pair(who.Professional, address), who.Professional))
	if err == nil && !acts {
		err = errNotHolder
	}
	return toDelegate, err
}

// mayChange returns the box whose delegations a caller may change, or why not.
func (p *Personal) mayChange(ctx context.Context, who annuaire.Caller, address string) (b annuaire.Registered, err error) {
	err = p.ledger.View(func(tx *store.Tx) error {
		b, err = changeable(tx, who, address)
		return err
	})
	if errors.Is(err, errNotHolder) && p.holdsNational(ctx, who, address) {
		return b, errNotRegisteredHere
	}
	return b, err
}

// stillMayChange looks again in the transaction of the change: what was read before it may be old.
func stillMayChange(tx *store.Tx, who annuaire.Caller, was annuaire.Registered) (annuaire.Registered, error) {
	b, err := changeable(tx, who, was.Address)
	if err == nil && b.Holder != was.Holder {
		return b, errETagStale
	}
	return b, err
}

func changeable(tx *store.Tx, who annuaire.Caller, address string) (annuaire.Registered, error) {
	b, _, a, err := open(tx, who, address)
	switch {
	case err != nil:
		return b, err
	case a == toDelegate:
		return b, errDelegateMayNot
	case a == toOperator:
		return b, errHolderOnly
	}
	return b, nil
}

// holdsNational reports whether an address is a published box of the caller that nobody registered here: they may be told so.
func (p *Personal) holdsNational(ctx context.Context, who annuaire.Caller, address string) bool {
	if !isPerson(who, who.Professional) {
		return false
	}
	it, err := p.people.Professional(ctx, who.Professional)
	return err == nil && slices.ContainsFunc(it.Mailboxes, func(m annuaire.Mailbox) bool { return m.Address == address })
}

// byline names whoever adds a delegation.
func byline(who annuaire.Caller) string { return cmp.Or(who.Professional, who.ID) }

// inPlaceOf is what the audit says of an administrator who acts for the holder of a box.
func inPlaceOf(who annuaire.Caller, b *annuaire.Registered) string {
	if isPerson(who, b.Holder) {
		return ""
	}
	return "in place of the holder " + b.Holder
}
