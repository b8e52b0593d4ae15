package dispatch

import (
	"context"

	"annuaire"
)

// HiddenMailboxes is alert.Hidden over what lists the mailboxes on the red list that can be written to (registry.EachHidden).
type HiddenMailboxes func(fn func(annuaire.Mailbox) error) error

// EachHidden calls fn with every one of them, once for each of its holders.
func (h HiddenMailboxes) EachHidden(ctx context.Context, fn func(annuaire.Registered) error) error {
	return h(func(m annuaire.Mailbox) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		b := annuaire.Registered{Address: m.Address, Kind: m.Kind, Rank: m.Rank, RedListHolder: true, Changed: m.Source.Extract}
		for _, b.Holder = range m.Owners {
			if err := fn(b); err != nil {
				return err
			}
		}
		return nil
	})
}
