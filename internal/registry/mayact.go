package registry

import (
	"context"
	"slices"

	"annuaire"
	"annuaire/internal/store"
)

// MayAct answers the operator of a box whether somebody with an RPPS may act on it: one call, at each login to a webmail. That the card of the
// delegate is valid is not ours to say: their identity provider proves it. To anybody but the operator, and an administrator, it is as if
// there were no such box. The question is in the audit.
func (p *Personal) MayAct(ctx context.Context, who annuaire.Caller, address, rpps string) (annuaire.Rights, error) {
	a, err := parseAddress(address)
	if err != nil {
		return annuaire.Rights{}, err
	}
	id, isRPPS := rppsID(rpps)
	var b annuaire.Registered
	found := make([]annuaire.Grant, 0, 1)
	err = p.ledger.Update(func(tx *store.Tx) error {
		var there []annuaire.Delegation
		var as access
		if b, there, as, err = open(tx, who, a.String()); err != nil {
			return err
		}
		if as != toOperator && as != toAdmin {
			return errNotHolder
		}
		if !isRPPS {
			return errNotRPPS
		}
		if i := slices.IndexFunc(there, func(d annuaire.Delegation) bool { return d.Delegate == id }); i >= 0 {
			g, err := grantOf(tx, there[i])
			if err != nil {
				return err
			}
			found = append(found, g)
		}
		e := who.Event("delegation.check", b.Address)
		e.Why = "RPPS " + annuaire.RPPSOf(id)
		return tx.Audit(e)
	})
	switch {
	case err != nil:
		return annuaire.Rights{}, err
	case b.Holder == id:
		return annuaire.NoRights("holder"), nil
	case len(found) == 0:
		return annuaire.NoRights("no_delegation"), nil
	}
	if err := p.complete(ctx, found, func(string) *annuaire.Registered { return &b }); err != nil {
		return annuaire.Rights{}, err
	}
	if s := found[0].State; s != annuaire.DelegationActive {
		return annuaire.NoRights(string(s)), nil
	}
	return annuaire.WholeMailbox(), nil
}
