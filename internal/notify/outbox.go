package notify

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"annuaire"
	"annuaire/internal/store"
)

// Defaults of Options.
const (
	defaultExpiry  = 72 * time.Hour   // from the cause of a message to giving it up
	defaultFirst   = 30 * time.Second // before the second attempt
	defaultLongest = time.Hour        // between two attempts
)

// Sender hands a message to a relay. It returns nil once the relay has taken it, a *Refusal for an answer to stay with, and any other error
// for what may go better next time.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// Message is a notice ready to be sent.
type Message struct {
	ID      string // Message-ID, without its brackets
	To      []string
	Subject string
	Text    string
	Date    time.Time // of its cause
}

// Options are what an Outbox is made of.
type Options struct {
	Sender   Sender // nil: nothing is written to anybody, and notices are dropped as they come
	Domain   string // right of @ in a Message-ID
	Training bool   // says FORMATION, and writes to Sink only
	Sink     string // where a training instance writes to; "": nowhere

	Expiry, First, Longest time.Duration // 0: the defaults
	Logger                 *slog.Logger  // nil: no log
	Now                    func() time.Time
}

// Outbox keeps what is to be sent. It is safe for concurrent use.
type Outbox struct {
	ledger *store.Ledger
	opts   Options
	wake   chan struct{}
	counts counts
}

// New returns the outbox of a ledger. Nothing is sent before Run.
func New(l *store.Ledger, o Options) *Outbox {
	o.Expiry, o.First, o.Longest = cmp.Or(o.Expiry, defaultExpiry), cmp.Or(o.First, defaultFirst), cmp.Or(o.Longest, defaultLongest)
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Outbox{ledger: l, opts: o, wake: make(chan struct{}, 1)}
}

// queued is a message that was not sent yet.
type queued struct {
	ID       string    `cbor:"1,keyasint"`
	Person   string    `cbor:"2,keyasint"`
	To       string    `cbor:"3,keyasint"`
	Subject  string    `cbor:"4,keyasint"`
	Text     string    `cbor:"5,keyasint"`
	Created  time.Time `cbor:"6,keyasint"`
	Attempts int       `cbor:"7,keyasint,omitempty"`
}

// outbox has the messages by the second of their next attempt and a number, so that the first one is the next.
var outbox = store.NewTable[queued]("outbox")

func dueKey(at time.Time, n uint64) string { return fmt.Sprintf("%012x-%016x", max(at.Unix(), 0), n) }

// dueAt reads the time of a key.
func dueAt(key string) time.Time {
	var at int64
	_, _ = fmt.Sscanf(key, "%012x", &at) // dueKey has written it
	return time.Unix(at, 0)
}

// Put adds a notice in the transaction of its cause. Wake after that.
func (o *Outbox) Put(tx *store.Tx, n annuaire.Notice) error {
	if o.opts.Sender == nil || o.opts.Training && o.opts.Sink == "" {
		return nil
	}
	q := queued{ID: o.messageID(n.Key), Person: n.Person, To: n.To, Subject: n.Subject, Text: n.Text, Created: o.opts.Now().UTC().Truncate(time.Second)}
	if o.opts.Training {
		q.To, q.Subject = o.opts.Sink, "[FORMATION] "+n.Subject
		q.Text = "FORMATION : ceci est un exercice. / TRAINING: this is an exercise.\n\n" + n.Text
	}
	seq, err := outbox.Sequence(tx)
	if err != nil {
		return err
	}
	return outbox.Put(tx, dueKey(q.Created, seq), q)
}

// messageID is the same whenever, and however often, a notice is sent, and says nothing about it.
func (o *Outbox) messageID(key string) string {
	sum := sha256.Sum256([]byte("annuaire notice\x00" + key))
	return hex.EncodeToString(sum[:16]) + "@" + cmp.Or(o.opts.Domain, "annuaire.invalid")
}

// Wake has what was put looked at now. It never waits.
func (o *Outbox) Wake() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// Forget drops what waits to be sent to a person, in a transaction that erases them.
func (o *Outbox) Forget(tx *store.Tx, person string) (int, error) {
	return outbox.DeleteEach(tx, "", func(_ string, q queued) bool { return q.Person == person })
}

// Waiting returns the subjects of what waits to be sent to a person.
func (o *Outbox) Waiting(tx *store.Tx, person string) (subjects []string, err error) {
	err = outbox.Each(tx, "", "", func(_ string, q queued) (bool, error) {
		if q.Person == person {
			subjects = append(subjects, q.Subject)
		}
		return true, nil
	})
	return subjects, err
}

// oneLine keeps what a stranger wrote out of headers and logs.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
