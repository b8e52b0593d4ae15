package registry

import (
	"context"
	"slices"

	"annuaire"
	"annuaire/internal/overlay"
)

// Box returns a box to whom it is the business of: the operator of its domain, its holder, an administrator; the reading is in the audit
// log. Anybody else, and for an address that is not registered: CodeNotFound, in the same words and after the same work.
func (r *Registry) Box(_ context.Context, caller annuaire.Caller, address string) (b annuaire.Registered, err error) {
	a, err := parseAddress(address)
	if err != nil {
		return b, err
	}
	if err := r.dir.Look(func(s *overlay.State) error {
		b, _, _, err = r.mine(s, caller, a.String())
		return err
	}); err != nil {
		return b, err
	}
	return b, r.Audited(caller, "mailbox.read", b.Address)
}

// History returns what became of a box, oldest first, to whoever may read it; the reading is in the audit log.
func (r *Registry) History(_ context.Context, caller annuaire.Caller, address string) (out []annuaire.BoxEvent, err error) {
	a, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	err = r.dir.Look(func(s *overlay.State) error {
		if _, _, _, err := r.mine(s, caller, a.String()); err != nil {
			return err
		}
		out, err = overlay.History.All(s.Tx, pair(a.String(), ""))
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, r.Audited(caller, "mailbox.history", a.String())
}

// BoxesOf returns the boxes of the professional who asks (HeldBy), none to anybody else. The reading is in the audit log.
func (r *Registry) BoxesOf(_ context.Context, caller annuaire.Caller) ([]annuaire.Registered, error) {
	if caller.Professional == "" {
		return nil, nil
	}
	if err := r.Audited(caller, "mailbox.list", caller.Professional); err != nil {
		return nil, err
	}
	return r.HeldBy(caller.Professional)
}

// HeldBy returns every box of a holder, registered and national ones, hidden ones too, by address. Whoever asks on behalf of somebody
// records it (Audited).
func (r *Registry) HeldBy(holder string) (out []annuaire.Registered, err error) {
	err = r.dir.Look(func(s *overlay.State) error {
		out, err = boxesOf(s, holder)
		return err
	})
	return out, err
}

func boxesOf(s *overlay.State, holder string) (out []annuaire.Registered, err error) {
	if out, err = boxesHeldBy(s.Tx, holder); err != nil {
		return nil, err
	}
	national, err := s.NationalOf(holder)
	for _, m := range national {
		if !slices.ContainsFunc(out, func(b annuaire.Registered) bool { return b.Address == m.Address }) {
			out = append(out, choices(m, holder))
		}
	}
	return out, err
}

// EachHidden calls fn with every box that can be written to and is not shown, as it would be: on the red list, by the operator or the
// holder. It is for the health authority's sending alone.
func (r *Registry) EachHidden(fn func(annuaire.Mailbox) error) error {
	return r.dir.Look(func(s *overlay.State) error {
		return overlay.Red.Keys(s.Tx, "", "", func(address string) (bool, error) {
			b, ok, err := boxes.Get(s.Tx, address)
			if err != nil || !ok || !b.Alive() {
				return err == nil, err
			}
			m, ok, err := hidden(s, &b)
			if err != nil || !ok {
				return err == nil, err
			}
			return true, fn(m)
		})
	})
}

// hidden is what would be shown of a box were it not on the red list.
func hidden(s *overlay.State, b *annuaire.Registered) (annuaire.Mailbox, bool, error) {
	if b.Operator == "" {
		return s.National(b.Address)
	}
	m, err := s.Published(b)
	return m, true, err
}

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
