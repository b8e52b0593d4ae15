package alert

import (
	"context"

	"annuaire"
)

// Directory is what is published.
type Directory interface {
	// Select returns everyone of an expression, with how they divide.
	Select(context.Context, annuaire.Selection) (annuaire.Selected, error)
	// SelectBoxes is Select with the published mailboxes of the same state.
	SelectBoxes(context.Context, annuaire.Selection, func(annuaire.Selected, annuaire.BoxReader) error) error
	// Professional returns one person: CodeNotFound or CodeGone for who is not there.
	Professional(context.Context, string) (annuaire.Item[annuaire.Professional], error)
}

// Hidden is what the registry knows and does not publish.
type Hidden interface {
	// EachHidden calls fn with every mailbox on the red list that can be written to (neither suspended, closed nor orphaned), as it would be
	// published: national boxes whose holder chose the red list here among them. It is asked at each preview.
	EachHidden(fn func(annuaire.Mailbox) error) error
}

// Policy is what the authority may do here; it is part of every preview and of every frozen list.
type Policy struct {
	RedListed bool // mailboxes on the red list are written to as well
}
