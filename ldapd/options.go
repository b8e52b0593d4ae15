package ldapd

import (
	"crypto/tls"
	"log/slog"
	"time"

	"annuaire/internal/limits"
	"annuaire/internal/pipeline"
)

// The naming contexts of Options that name none (DESIGN 9).
const (
	defaultMailboxBase = "dc=mssante,dc=fr"
	defaultPeopleBase  = "o=rpps,c=fr"
)

// Options are what a Server is made of.
type Options struct {
	Directory    Directory    // required
	Tokens       Tokens       // nil: nobody has a token
	Certificates Certificates // nil: SASL EXTERNAL is not offered
	TLS          *tls.Config  // of StartTLS and ServeTLS; nil: neither is offered. ClientCAs and VerifyClientCertIfGiven make EXTERNAL possible

	MailboxBase string // of the book of mailboxes; "" is defaultMailboxBase
	PeopleBase  string // of people and structures; "" is defaultPeopleBase
	NoAnonymous bool   // whoever has not authenticated reads the root DSE and the schema, nothing else
	Strict      bool   // filters match as RFC 4517 says, without the leniencies of docs/LDAP.md

	Limiter   *limits.Limiter // shared with REST; nil: a Limiter of its own
	Guard     *limits.Guard   // slows who guesses secrets, shared with REST; nil: one of its own
	Anonymous limits.Class    // by address, with the keys of REST
	Token     limits.Class    // by token
	Limits    Limits

	Metrics   Metrics      // nil: nothing is counted
	Logger    *slog.Logger // nil: no log
	Training  bool         // a training instance says FORMATION wherever it speaks
	Version   string       // vendorVersion of the root DSE
	CookieKey []byte       // of paged results; nil: a random one, so that pages do not continue after a restart
	Now       func() time.Time
}

// Limits are what a client may send and cost. A zero field is its default.
type Limits struct {
	Connections  int           // in all; 15 000
	PerAddress   int           // connections of one address (IPv6: one /64); 1 000
	MessageBytes int           // of a message before authentication; 64 KiB
	AuthBytes    int           // of a message after it; 1 MiB
	Running      int           // operations of one connection that run at a time before authentication; 2
	AuthRunning  int           // after it; 8
	Pending      int           // that wait beside them before authentication; 60
	AuthPending  int           // after it; 240
	Searches     int           // that compute at a time, of all connections; 8 for each processor
	Entries      int           // of one search without pages, before authentication; 1 000
	AuthEntries  int           // after it; 10 000
	Page         int           // entries of a page; 1 000
	Candidates   int           // tried by one search or page; 100 000
	SortWindow   int           // entries that are sorted; 1 000
	Attributes   int           // names in a request; 128
	Controls     int           // of a request; 10
	FirstMessage time.Duration // until a connection sends its first whole message; 30 s
	Message      time.Duration // from the first octet of a message to its last; 10 s
	Idle         time.Duration // without a message, nothing being under way; 5 min
	Write        time.Duration // for one write to a client that reads slowly; 30 s
	Budget       time.Duration // for one search or page; 10 s
	Grace        time.Duration // for what is under way when the server stops; 5 s
}

// maxHeldAnonymous and maxHeldAuth bound the octets of the requests of one connection that have not been answered.
const (
	maxHeldAnonymous = 128 << 10
	maxHeldAuth      = 4 << 20
)

func (l Limits) withDefaults() Limits {
	or(&l.Connections, 15_000)
	or(&l.PerAddress, 1_000)
	or(&l.MessageBytes, 64<<10)
	or(&l.AuthBytes, 1<<20)
	or(&l.Running, 2)
	or(&l.AuthRunning, 8)
	or(&l.Pending, 60)
	or(&l.AuthPending, 240)
	or(&l.Searches, 8*pipeline.Processors())
	or(&l.Entries, 1_000)
	or(&l.AuthEntries, 10_000)
	or(&l.Page, 1_000)
	or(&l.Candidates, 100_000)
	or(&l.SortWindow, 1_000)
	or(&l.Attributes, 128)
	or(&l.Controls, 10)
	or(&l.FirstMessage, 30*time.Second)
	or(&l.Message, 10*time.Second)
	or(&l.Idle, 5*time.Minute)
	or(&l.Write, 30*time.Second)
	or(&l.Budget, 10*time.Second)
	or(&l.Grace, 5*time.Second)
	return l
}

// or gives what is not set its default.
func or[T int | time.Duration](v *T, otherwise T) {
	if *v <= 0 {
		*v = otherwise
	}
}
