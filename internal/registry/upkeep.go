package registry

import (
	"context"
	"slices"
	"time"

	"annuaire"
	"annuaire/internal/overlay"
)

// upkeepCaller is whom the audit log names for what time does.
var upkeepCaller = annuaire.Caller{ID: "upkeep", From: "local"}

// Upkeep deletes the boxes whose holder has been absent for longer than the policy lets them be, and returns how many. It is called daily; called
// more often it does the same.
func (r *Registry) Upkeep(ctx context.Context) (deleted int, err error) {
	delay := r.Policy().OrphanDelay
	if delay <= 0 {
		return 0, nil
	}
	due, err := r.orphanedBefore(r.now().Add(-delay))
	if annuaire.CodeOf(err) == annuaire.CodeUnavailable { // no directory: who is absent is not known
		return 0, nil
	}
	for part := range slices.Chunk(due, perChange) {
		if err != nil || ctx.Err() != nil {
			break
		}
		_, err = r.dir.Change(func(s *overlay.State) error {
			for _, address := range part {
				b, known, err := boxes.Get(s.Tx, address)
				if err != nil {
					return err
				}
				if !known || !overdue(&b, r.now().Add(-delay)) { // the holder came back just now
					continue
				}
				if err := r.remove(s, upkeepCaller, "upkeep", b); err != nil {
					return err
				}
				deleted++
			}
			return nil
		})
	}
	return deleted, err
}

func (r *Registry) orphanedBefore(limit time.Time) (out []string, err error) {
	err = r.dir.Look(func(s *overlay.State) error {
		return boxes.Each(s.Tx, "", "", func(address string, b annuaire.Registered) (bool, error) {
			if overdue(&b, limit) {
				out = append(out, address)
			}
			return true, nil
		})
	})
	return out, err
}

func overdue(b *annuaire.Registered, limit time.Time) bool {
	return b.Operator != "" && !b.Orphaned.IsZero() && b.Orphaned.Before(limit)
}
