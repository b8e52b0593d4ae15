package api

import (
	"context"
	"time"

	"annuaire"
)

// Registry takes what operators register and holders choose, and shows it to them. All methods are safe for concurrent use. What is not the
// caller's to know of is CodeNotFound, in the words of an address that nobody registered. Errors name their rule (docs/MAILBOXES.md).
type Registry interface {
	// Put registers a box, or writes it anew; created tells which. A stale ifMatch is CodePrecondition, "" asks for nothing.
	Put(ctx context.Context, who annuaire.Caller, b annuaire.Registered, ifMatch string) (box annuaire.Registered, created bool, err error)
	// PutMany is Put for many boxes, with a result for each, durable when it returns. An error is of the whole.
	PutMany(ctx context.Context, who annuaire.Caller, boxes []annuaire.Registered) ([]annuaire.BoxResult, error)
	Patch(ctx context.Context, who annuaire.Caller, address string, p annuaire.MailboxPatch, ifMatch string) (annuaire.Registered, error)
	// Delete asks for ifMatch: CodePrecondition where it is missing or stale.
	Delete(ctx context.Context, who annuaire.Caller, address, ifMatch string) error
	// Box returns a box to its operator, its holder or an administrator. The reading is recorded, as those below are.
	Box(ctx context.Context, who annuaire.Caller, address string) (annuaire.Registered, error)
	History(ctx context.Context, who annuaire.Caller, address string) ([]annuaire.BoxEvent, error)
	// BoxesOf returns every box of a professional, hidden ones and those of the national extract too.
	BoxesOf(ctx context.Context, who annuaire.Caller) ([]annuaire.Registered, error)
	// BoxesIn returns up to n boxes of domains (nil: of all) whose address comes after one, by address, of which keep is true.
	BoxesIn(ctx context.Context, who annuaire.Caller, domains []string, after string, n int, keep func(*annuaire.Registered) bool) ([]annuaire.Registered, error)
	// Indicators counts what became of the boxes of domains (nil: of all) from one time to another.
	Indicators(ctx context.Context, domains []string, from, to time.Time) ([]annuaire.Indicators, error)
	// HandOver takes social-care staff from a registrar.
	HandOver(ctx context.Context, who annuaire.Caller, s annuaire.Staff) (created bool, err error)
	// ETag returns the entity tag of a box, quoted.
	ETag(b annuaire.Registered) string
}

// Eligibilities tells who may open a personal mailbox. Who is asked about is an IdNatPP.
type Eligibilities interface {
	Eligibility(ctx context.Context, who annuaire.Caller, id string) (annuaire.Eligibility, error)
}

// Answers keeps the answers to requests that bear an Idempotency-Key, by the caller, for a day.
type Answers interface {
	// Begin returns the answer kept for a key, nil for a new one, which is then in use until End. print is of what is asked: another one
	// under the same key is CodeConflict, and so is a key in use.
	Begin(who, key string, print []byte) (*annuaire.Answer, error)
	// End frees a key, and keeps an answer; nil keeps none.
	End(who, key string, print []byte, a *annuaire.Answer) error
}
