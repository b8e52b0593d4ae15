package registry

import (
	"context"
	"slices"
	"strings"

	"annuaire"
	"annuaire/internal/overlay"
)

// BoxesIn returns up to n registered boxes of domains (nil: of all) whose address comes after one, by address, of which keep (nil: always) is
// true. It serves operators and their reports: which domains a caller may see is for who calls this to know. The reading is in the audit log.
func (r *Registry) BoxesIn(ctx context.Context, caller annuaire.Caller, domains []string, after string, n int, keep func(*annuaire.Registered) bool) (out []annuaire.Registered, err error) {
	of := strings.Join(domains, ",")
	if domains == nil {
		of = "*"
	}
	if err := r.Audited(caller, "mailbox.list", of); err != nil {
		return nil, err
	}
	err = r.dir.Look(func(s *overlay.State) error {
		return boxes.Keys(s.Tx, "", after, func(address string) (bool, error) {
			if domains != nil && !slices.Contains(domains, annuaire.DomainOf(address)) {
				return true, nil
			}
			b, _, err := boxes.Get(s.Tx, address)
			if err == nil && b.Operator != "" && (keep == nil || keep(&b)) {
				out = append(out, b)
			}
			if err == nil {
				err = ctx.Err()
			}
			return len(out) < n, err
		})
	})
	return out, err
}

// Audited records that a caller read something unpublished: what, of whom or of which domains.
func (r *Registry) Audited(caller annuaire.Caller, what, target string) error {
	_, err := r.dir.Change(func(s *overlay.State) error { return s.Audit(caller.Event(what, target)) })
	return err
}
