package registry

import "annuaire/internal/overlay"

// Standing says why a box is not to be written to: "suspended", "closed", "orphaned"; "" when it may be. known is false for an address of
// which the registry holds nothing. It is for messages that were addressed long before they are sent, and is not audited: it tells nobody
// anything.
func (r *Registry) Standing(address string) (reason string, known bool, err error) {
	err = r.dir.Look(func(s *overlay.State) error {
		b, ok, err := boxes.Get(s.Tx, address)
		if err != nil || !ok {
			return err
		}
		known = b.Operator != "" || b.RedListed()
		switch {
		case !b.Closed.IsZero():
			reason = "closed"
		case !b.Orphaned.IsZero():
			reason = "orphaned"
		case b.Suspended:
			reason = "suspended"
		}
		return nil
	})
	return reason, known || reason != "", err
}
