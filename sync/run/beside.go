package run

import (
	"context"
	"strings"

	"annuaire/internal/store"
)

// beside has somebody look at what lies beside the extracts of a good run.
func (s *session) beside(ctx context.Context, err error) {
	switch {
	case s.Beside == nil || err != nil || s.DryRun || len(s.looked) == 0:
	case s.report.Outcome == store.OutcomeLoaded, s.report.Outcome == store.OutcomeApplied, s.report.Outcome == store.OutcomeUnchanged:
		s.report.Warnings = append(s.report.Warnings, s.Beside(ctx, s.looked)...)
	}
}

// isCards tells the extract of cards, which is no part of what is published.
func isCards(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "porteurs_cps_cpf") || strings.HasPrefix(name, "porteurs-cps-cpf")
}
