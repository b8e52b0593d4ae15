package alert

import (
	"context"

	"annuaire"
	"annuaire/internal/alert/audience"
)

// Unreachable calls fn with everyone selected whom no mailbox reaches, for other channels, by IdNatPP. Without addresses, that is whoever
// has no published mailbox: a list that left out who has one on the red list would name them. Whoever leaves the directory meanwhile is
// passed over.
func (d *Desk) Unreachable(ctx context.Context, a audience.Audience, addresses bool, fn func(annuaire.Item[annuaire.Professional]) error) error {
	am, err := d.aim(ctx, a)
	if err != nil {
		return err
	}
	am.ask.Places = false
	sel, err := d.dir.Select(ctx, am.ask)
	if err != nil {
		return err
	}
	for i, id := range sel.IDs {
		if sel.Reach[i]&annuaire.ReachPublished != 0 || addresses && sel.Reach[i] != 0 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		it, there, err := d.person(ctx, id)
		if err == nil && there {
			err = fn(it)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
