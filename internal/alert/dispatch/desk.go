package dispatch

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"annuaire"
	"annuaire/internal/alert/spool"
	"annuaire/internal/store"
)

// Audiences is what a Desk asks of the directory.
type Audiences interface {
	// Read returns an audience in its one written form: of an expression, or of the saved audience that "@name" names. CodeInvalid says
	// what is wrong with it, CodeNotFound that there is none of that name.
	Read(ctx context.Context, form string) (string, error)
	// Look says what an audience selects.
	Look(context.Context, Selection) (annuaire.AudiencePreview, error)
	// Freeze is Look with the list: one message per person, each address once, in byte order.
	Freeze(context.Context, Selection) (Frozen, error)
}

// Selection is an audience and which mailboxes of it are written to.
type Selection struct {
	Audience string // in its one written form
	RedList  bool   // red-listed mailboxes too
	Exact    bool   // to count those on the red list exactly; rounded otherwise, so that nobody learns of one person that they have one
}

// messages is how many are written: to people, and to services.
func messages(p annuaire.AudiencePreview) int { return p.Reachable + p.Organisations }

// Frozen is the list of recipients of one moment of the directory.
type Frozen struct {
	annuaire.AudiencePreview
	List iter.Seq2[spool.Recipient, error]
}

// Options are the settings of a Desk.
type Options struct {
	Letterhead
	PublicURL string                   // https address under which the links to acknowledge are answered; "": no links
	Listed    func(domain string) bool // whether mail may be sent from a domain (the white list); nil: from none
	Seeds     []string                 // who receives test sends
	Retention time.Duration            // from the end of an alert until its recipients are erased; 0: never
	Sending   SenderOptions
	Log       *slog.Logger     // nil: no log
	Now       func() time.Time // nil: time.Now
}

// Desk takes alerts from draft to evidence. It is safe for concurrent use.
type Desk struct {
	ledger    *store.Ledger
	dir       string // of the lists of recipients
	audiences Audiences
	o         Options
	sign      signer
	sender    *Sender

	freezing sync.Mutex // one list is frozen at a time
	mu       sync.Mutex
	files    map[string]*spool.File
}

// NewDesk opens the desk of a ledger; lists of recipients are in dir.
func NewDesk(l *store.Ledger, dir string, a Audiences, o Options) (*Desk, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Links = o.PublicURL != ""
	o.From = strings.ToLower(o.From)
	sign, err := openSigner(l, annuaire.DomainOf(o.From))
	if err != nil {
		return nil, err
	}
	d := &Desk{ledger: l, dir: dir, audiences: a, o: o, sign: sign, files: map[string]*spool.File{}}
	d.sender = newSender(o.Sending, o.Now)
	return d, nil
}

func (d *Desk) now() time.Time { return d.o.Now().UTC().Truncate(time.Second) }

func (d *Desk) path(id string) string { return filepath.Join(d.dir, id+".db") }

// file returns the list of recipients of an alert, open.
func (d *Desk) file(id string) (*spool.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f, ok := d.files[id]; ok {
		return f, nil
	}
	f, err := spool.Open(d.path(id))
	if err == nil {
		d.files[id] = f
	}
	return f, err
}

// Close closes the lists. The Desk must not be used any more.
func (d *Desk) Close() (err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, f := range d.files {
		err = errors.Join(err, f.Close())
		delete(d.files, id)
	}
	return err
}
