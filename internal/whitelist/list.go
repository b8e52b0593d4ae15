package whitelist

import (
	"cmp"
	"context"
	"maps"
	"sync"
	"time"

	"annuaire/internal/mailaddr"
)

// Options are where a list comes from.
type Options struct {
	Source string           // a file, or an https address; "" is none
	Copy   string           // file that keeps the last good list; "" keeps none
	Extra  []string         // domains beside those of the list
	CAFile string           // PEM: authorities trusted for the address beside those of the system
	Every  time.Duration    // how often an address is asked; 0 is 6 h. A file is looked at each time
	Now    func() time.Time // nil is time.Now
}

// List is the list in force. It is safe for concurrent use.
type List struct {
	opts  Options
	extra map[string]bool
	load  sync.Mutex // one Refresh at a time

	mu     sync.RWMutex
	listed map[string]bool // in force, the added ones included
	status Status
	seen   stamp     // of the file that was read last
	asked  time.Time // when the address was last asked
}

// Status is what is known of a list.
type Status struct {
	Configured bool      `json:"configured"` // there is a list, or a domain beside it
	Domains    int       `json:"domains"`    // in force, the added ones included
	Unreadable int       `json:"unreadable"` // names of the list that are no domain
	As         time.Time `json:"as_of"`      // of the list in force: date of the file, or when it was fetched; zero: none
	Problem    string    `json:"problem"`    // why the newest one is not in force, "" when it is
}

// Open returns a list and reads it. A list that cannot be read is told by Status, not an error: a server is of use without it. The error is
// of an added domain that is none.
func Open(ctx context.Context, o Options) (*List, error) {
	o.Every = cmp.Or(o.Every, 6*time.Hour)
	if o.Now == nil {
		o.Now = time.Now
	}
	l := &List{opts: o, extra: map[string]bool{}}
	for _, d := range o.Extra {
		ascii, err := mailaddr.ASCII(d)
		if err != nil {
			return nil, err
		}
		l.extra[ascii] = true
	}
	l.listed = l.extra
	l.status = Status{Configured: o.Source != "" || len(o.Extra) > 0, Domains: len(l.extra)}
	if err := l.Refresh(ctx); err != nil {
		l.fallBack()
	}
	return l, nil
}

// Listed reports whether a domain is in force: by its exact name, in whatever form it is written.
func (l *List) Listed(domain string) bool {
	ascii, err := mailaddr.ASCII(domain)
	if err != nil {
		return false
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.listed[ascii]
}

// Configured reports whether there is anything to be listed in.
func (l *List) Configured() bool { return l.Status().Configured }

// Status tells of the list in force.
func (l *List) Status() Status {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.status
}

// use puts a list in force, with the domains beside it.
func (l *List) use(domains []string, unreadable int, as time.Time, problem string) {
	listed := maps.Clone(l.extra)
	for _, d := range domains {
		listed[d] = true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.listed = listed
	l.status.Domains, l.status.Unreadable, l.status.As, l.status.Problem = len(listed), unreadable, as.UTC(), problem
}

// failed tells why the newest list is not in force.
func (l *List) failed(err error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.status.Problem = err.Error()
	return err
}
