package dispatch

import "annuaire"

// refuse is the error of a broken rule: its name is for programs and stable, docs/ALERTS.md lists them.
func refuse(rule, op, french, english string, args ...any) error {
	return annuaire.Invalid(op, french, english, args...).Because(rule)
}

// conflict is refuse for what is right in another state.
func conflict(rule, op, french, english string) error {
	return annuaire.Errorf(annuaire.CodeConflict, op, french, english, nil).Because(rule)
}

// forbidden is refuse for what is right for somebody else.
func forbidden(rule, op, french, english string) error {
	return annuaire.Errorf(annuaire.CodeForbidden, op, french, english, nil).Because(rule)
}

// Limits of what an author writes, in characters.
const (
	maxTitle   = 120
	maxSummary = 400
	maxText    = 20_000
	maxHTML    = 60_000
	maxLegal   = 300
	maxArea    = 200
	maxReason  = 300
	// maxAudience bounds the expression, in bytes: lists of identifiers are part of it.
	maxAudience = 64 << 10
)
