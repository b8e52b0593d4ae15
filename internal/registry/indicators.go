package registry

import (
	"context"
	"slices"
	"strings"
	"time"

	"annuaire"
	"annuaire/internal/overlay"
)

// Indicators counts, for each of some domains (nil: all) that has or had boxes, what became of them from one time to another. Boxes are those
// that were there at the end, or are now; one deleted since counts in Created and Closed, not in Boxes: what it was is no longer known.
func (r *Registry) Indicators(ctx context.Context, domains []string, from, to time.Time) (out []annuaire.Indicators, err error) {
	byDomain := map[string]*annuaire.Indicators{}
	of := func(address string) *annuaire.Indicators {
		d := annuaire.DomainOf(address)
		if domains != nil && !slices.Contains(domains, d) {
			return nil
		}
		i := byDomain[d]
		if i == nil {
			i = &annuaire.Indicators{Domain: d, From: from.UTC(), To: to.UTC(), Boxes: map[annuaire.MailboxKind]int{}}
			byDomain[d] = i
		}
		return i
	}
	err = r.dir.Look(func(s *overlay.State) error {
		if err := boxes.Each(s.Tx, "", "", func(address string, b annuaire.Registered) (bool, error) {
			i := of(address)
			if i == nil || b.Operator == "" || !b.Created.Before(to) || !b.Closed.IsZero() && b.Closed.Before(to) {
				return true, ctx.Err()
			}
			i.Boxes[b.Kind]++
			if b.RedListed() {
				i.RedList++
			}
			return true, ctx.Err()
		}); err != nil {
			return err
		}
		closed := map[string]bool{} // addresses of which the last that was said, before or in the month, is that they are closed
		return overlay.History.Each(s.Tx, "", "", func(key string, e annuaire.BoxEvent) (bool, error) {
			address, _, _ := strings.Cut(key, "\x00")
			i := of(address)
			if i == nil || !e.Time.Before(to) {
				return true, ctx.Err()
			}
			count(i, e, address, closed, !e.Time.Before(from))
			return true, ctx.Err()
		})
	})
	for _, i := range byDomain {
		out = append(out, *i)
	}
	slices.SortFunc(out, func(a, b annuaire.Indicators) int { return strings.Compare(a.Domain, b.Domain) })
	return out, err
}

// count takes one line of the history of a box; in is whether it is of the time that is counted. A closure that is lifted and said again is
// one each time.
func count(i *annuaire.Indicators, e annuaire.BoxEvent, address string, closed map[string]bool, in bool) {
	one := 0
	if in {
		one = 1
	}
	switch e.What {
	case "create":
		i.Created += one
		if slices.Contains(e.Fields, "closed") {
			closed[address] = true
			i.Closed += one
		}
	case "orphan":
		i.Orphaned += one
	case "delete":
		if !closed[address] {
			i.Closed += one
		}
		delete(closed, address)
	case "change":
		switch {
		case !slices.Contains(e.Fields, "closed"):
		case closed[address]:
			delete(closed, address)
		default:
			closed[address] = true
			i.Closed += one
		}
	}
}
