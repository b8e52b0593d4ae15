package registry

import (
	"context"
	"sync/atomic"
	"time"

	"annuaire/internal/overlay"
)

// Directory is what the registry needs of the whole: changes that see the directory as it is, and views that follow them.
type Directory interface {
	// Change makes one durable change; seq is what Visible waits for.
	Change(fn func(*overlay.State) error) (seq uint64, err error)
	// Look shows the same state, to be read only.
	Look(fn func(*overlay.State) error) error
	// Visible waits until every view shows what the log has up to seq.
	Visible(ctx context.Context, seq uint64) error
}

// Registry takes what operators register and holders choose. Safe for concurrent use.
type Registry struct {
	dir    Directory
	policy atomic.Pointer[Policy]
	now    func() time.Time
}

// Policy is what the registry is told of the world around. Its functions may be called at the same time; nil ones say yes to nothing but
// where they say otherwise.
type Policy struct {
	Training    bool                     // a training instance registers *.formation.mssante.fr only, any other none of it
	NoList      bool                     // a production instance without a white list: nothing is registered
	Listed      func(domain string) bool // the white list of MSSanté; nil: every domain under mssante.fr
	Delegable   func(domain string) bool // whether boxes of a domain may be delegated that do not say so themselves
	Terms       string                   // version of the terms in force, for whoever shows it
	OrphanDelay time.Duration            // how long a box outlives the departure of its holder; 0: for ever
	Apicrypt    string                   // domain of the bridge of Apicrypt, in ASCII, at which nobody reads notices; "": there is none
}

// New makes the registry of a directory.
func New(d Directory, p Policy) *Registry {
	r := &Registry{dir: d, now: func() time.Time { return time.Now().UTC().Truncate(time.Second) }}
	r.Configure(p)
	return r
}

// Configure has what comes go by another policy.
func (r *Registry) Configure(p Policy) { r.policy.Store(&p) }

// Policy returns the one in force.
func (r *Registry) Policy() Policy { return *r.policy.Load() }
