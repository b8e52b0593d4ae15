package api

import (
	"context"
	"time"

	"annuaire"
)

// Directory answers questions about what is published. Records come with every label resolved (Coded.Label). All methods
// are safe for concurrent use and give up when ctx ends.
//
// Searches fail with CodeInvalid for a value they cannot resolve, Op being the logical field (an annuaire.Field), and with
// CodeUnavailable while nothing is loaded.
type Directory interface {
	SearchProfessionals(ctx context.Context, q annuaire.Query) (annuaire.Page[annuaire.Professional], error)
	SearchStructures(ctx context.Context, q annuaire.Query) (annuaire.Page[annuaire.Structure], error)
	SearchMailboxes(ctx context.Context, q annuaire.Query) (annuaire.Page[annuaire.Mailbox], error)

	// Professional returns a person by IdNatPP with the published mailboxes; CodeNotFound, or CodeGone for someone known
	// to have left.
	Professional(ctx context.Context, id string) (annuaire.Item[annuaire.Professional], error)
	// Structure returns a structure by the identifiers it is known by; CodeNotFound.
	Structure(ctx context.Context, id string) (annuaire.Structure, error)
	// Mailbox returns a published mailbox by its address in lower case; CodeNotFound.
	Mailbox(ctx context.Context, address string) (annuaire.Mailbox, error)

	// Suggest returns up to n things of some kinds (none: of all) that an unfinished text may become.
	Suggest(ctx context.Context, text string, kinds []annuaire.SuggestionKind, n int) ([]annuaire.Suggestion, error)
	// AsOf returns the time of the extract that is shown.
	AsOf(ctx context.Context) (time.Time, error)
	// History returns what became of a person, oldest first; CodeNotFound.
	History(ctx context.Context, id string) ([]annuaire.Change, error)
	// Changes returns up to n changes after a sequence, oldest first. Committed is closed when there may be more.
	Changes(ctx context.Context, since uint64, n int) ([]annuaire.Change, error)
	Committed() <-chan struct{}

	// The exports call fn with every record of which where is true and whose id comes after one, by id, some at a time.
	ExportProfessionals(ctx context.Context, where annuaire.Expr, after string, fn func([]annuaire.Item[annuaire.Professional]) error) error
	ExportStructures(ctx context.Context, where annuaire.Expr, after string, fn func([]annuaire.Item[annuaire.Structure]) error) error
	ExportMailboxes(ctx context.Context, where annuaire.Expr, after string, fn func([]annuaire.Item[annuaire.Mailbox]) error) error
}
