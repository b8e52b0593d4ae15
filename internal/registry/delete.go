package registry

import (
	"context"
	"errors"

	"annuaire"
	"annuaire/internal/overlay"
	"annuaire/internal/store"
)

// Delete removes a box and its delegations. It asks for the tag of what is there: CodePrecondition when ifMatch is missing or stale. The
// national record of the address shows again, unless its holder is on the red list here: what a holder chose stays.
func (r *Registry) Delete(ctx context.Context, caller annuaire.Caller, address, ifMatch string) error {
	a, err := parseAddress(address)
	if err != nil {
		return err
	}
	if !caller.Has(annuaire.RoleAdmin) && !caller.Operates(a.Domain) {
		return unknown()
	}
	seq, err := r.dir.Change(func(s *overlay.State) error {
		b, _, why, err := r.mine(s, caller, a.String())
		if err != nil {
			return err
		}
		if ifMatch == "" {
			return annuaire.Errorf(annuaire.CodePrecondition, "If-Match", "une suppression demande l'ETag de la BAL (If-Match)",
				"deleting asks for the ETag of the mailbox (If-Match)", nil).Because("etag_missing")
		}
		if err := matches(ifMatch, b, true); err != nil {
			return err
		}
		return r.remove(s, caller, string(why), b)
	})
	if err == nil {
		r.shown(ctx, seq)
	}
	return err
}

// remove takes a box out of the registry.
func (r *Registry) remove(s *overlay.State, caller annuaire.Caller, by string, b annuaire.Registered) error {
	now := r.now()
	var stays *annuaire.Registered
	if b.RedListHolder || b.PhoneOpposedHolder {
		stays = &annuaire.Registered{Address: b.Address, Kind: b.Kind, Holder: b.Holder, RedListHolder: b.RedListHolder, PhoneOpposedHolder: b.PhoneOpposedHolder,
			Created: now, Changed: now, Version: b.Version + 1}
	}
	e := caller.Event("mailbox.delete", b.Address)
	e.Before = b
	return errors.Join(s.Put(b.Address, stays, now), dropDelegations(s.Tx, b.Address), s.Audit(e),
		overlay.Note(s.Tx, b.Address, annuaire.BoxEvent{Time: now, What: "delete", By: by}))
}

// dropDelegations removes the delegations of a box that is gone.
func dropDelegations(tx *store.Tx, address string) error {
	all, err := delegations.All(tx, pair(address, ""))
	for _, d := range all {
		err = errors.Join(err, forget(tx, d))
	}
	return err
}
