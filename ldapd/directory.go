package ldapd

import (
	"context"
	"crypto/x509"
	"time"

	"annuaire"
	"annuaire/internal/card"
)

// Directory is where entries come from: published ones only.
type Directory interface {
	// Browse calls fn with candidates until it returns false; at is where the candidate stands. See annuaire.Browse.
	Browse(ctx context.Context, b annuaire.Browse, fn func(c card.Card, at annuaire.Position) (more bool)) error
	// Card returns one entry; CodeNotFound.
	Card(ctx context.Context, book annuaire.Book, id string) (card.Card, error)
	// AsOf is the time of the extract; CodeUnavailable before the first one.
	AsOf(ctx context.Context) (time.Time, error)
}

// Tokens recognises the holder of a secret: CodeUnauthorized for one that is unknown, expired or revoked.
type Tokens interface {
	Authenticate(secret string) (annuaire.Caller, error)
}

// Certificates recognises the holder of a client certificate whose chain was verified: CodeUnauthorized for one that names nobody known.
type Certificates interface {
	Certificate(*x509.Certificate) (annuaire.Caller, error)
}

// Metrics counts. Its methods are called from many goroutines and must not wait.
type Metrics interface {
	// Connections tells that connections opened (1) or closed (-1).
	Connections(delta int)
	// Answered tells of an operation ("bind", "search", "compare", "extended", "write"), its resultCode (RFC 4511, 4.1.9), how long it took,
	// and for a search how many entries were returned and candidates looked at. An abandoned one has code -1.
	Answered(operation string, code int, took time.Duration, entries, candidates int)
}

type noMetrics struct{}

func (noMetrics) Connections(int)                               {}
func (noMetrics) Answered(string, int, time.Duration, int, int) {}
