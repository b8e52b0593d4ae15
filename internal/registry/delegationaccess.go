package registry

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"annuaire"
	"annuaire/internal/store"
)

// access is what somebody is to a box.
type access int

const (
	stranger access = iota
	asDelegate
	asOperator
	asAdmin
	asHolder
)

func accessTo(who annuaire.Caller, b *annuaire.Registered, there []annuaire.Delegation) access {
	_, domain := cutAddress(b.Address)
	switch {
	case isPerson(who, b.Holder):
		return asHolder
	case who.Has(annuaire.RoleAdmin):
		return asAdmin
	case operates(who, domain):
		return asOperator
	case slices.ContainsFunc(there, func(d annuaire.Delegation) bool { return isPerson(who, d.Delegate) }):
		return asDelegate
	}
	return stranger
}

// open reads a registered box and what the caller is to it. For a stranger it is as if there were none.
func open(tx *store.Tx, who annuaire.Caller, address string) (b annuaire.Registered, there []annuaire.Delegation, a access, err error) {
	b, ok, err := box(tx, address)
	if err != nil {
		return b, nil, stranger, err
	}
	if !ok || b.Operator == "" { // an entry without operator holds choices on a box that is not registered here
		return b, nil, stranger, broken(RuleNotHolder)
	}
	if there, _, err = delegationsOf(tx, &b); err != nil {
		return b, nil, stranger, err
	}
	if a = accessTo(who, &b, there); a == stranger {
		return annuaire.Registered{}, nil, stranger, broken(RuleNotHolder)
	}
	return b, there, a, nil
}

// mayChange returns the box whose delegations a caller may change, or why not.
func (p *Personal) mayChange(ctx context.Context, who annuaire.Caller, address string) (b annuaire.Registered, err error) {
	err = p.ledger.View(func(tx *store.Tx) error {
		b, err = changeable(tx, who, address)
		return err
	})
	if annuaire.RuleOf(err) == RuleNotHolder && p.holdsNational(ctx, who, address) {
		return b, broken(RuleNotRegisteredHere)
	}
	return b, err
}

// stillMayChange looks again in the transaction of the change: what was read before it may be old.
func (p *Personal) stillMayChange(tx *store.Tx, who annuaire.Caller, address, holder string) (annuaire.Registered, error) {
	b, err := changeable(tx, who, address)
	if err == nil && b.Holder != holder {
		return b, broken(RuleETagStale)
	}
	return b, err
}

func changeable(tx *store.Tx, who annuaire.Caller, address string) (annuaire.Registered, error) {
	b, _, a, err := open(tx, who, address)
	switch {
	case err != nil:
		return b, err
	case a == asDelegate:
		return b, broken(RuleDelegateMayNot)
	case a == asOperator:
		return b, broken(RuleHolderOnly)
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
func byline(who annuaire.Caller) string {
	if who.Professional != "" {
		return who.Professional
	}
	return who.ID
}

// inPlaceOf is what the audit says of an administrator who acts for the holder of a box.
func inPlaceOf(who annuaire.Caller, b *annuaire.Registered) string {
	if isPerson(who, b.Holder) {
		return ""
	}
	return "in place of the holder " + b.Holder
}

// matched compares If-Match with the version of what is there (RFC 9110, 13.1.1: strongly).
func matched(ifMatch string, version uint64) error {
	if strings.TrimSpace(ifMatch) == "" {
		return broken(RuleETagMissing)
	}
	for t := range strings.SplitSeq(ifMatch, ",") {
		if t = strings.TrimSpace(t); t == "*" || t == ETag(version) {
			return nil
		}
	}
	return broken(RuleETagStale)
}

// ETag is the entity tag of a version.
func ETag(version uint64) string { return `"` + strconv.FormatUint(version, 10) + `"` }

func cutAddress(address string) (local, domain string) {
	local, domain, _ = strings.Cut(address, "@")
	return local, domain
}
