package dispatch

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"iter"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"annuaire"
	"annuaire/internal/alert/spool"
	"annuaire/internal/names"
	"annuaire/internal/store"
)

// Audiences is what a Desk asks of the directory.
type Audiences interface {
	// Read returns an audience in its one written form: of an expression, or of the saved audience that "@name" names. CodeInvalid says
	// what is wrong with it, CodeNotFound that there is none of that name.
	Read(ctx context.Context, form string) (string, error)
	// Look says what an audience selects.
	Look(context.Context, Selection) (Look, error)
	// Freeze is Look with the list: one message per person, each address once, in byte order.
	Freeze(context.Context, Selection) (Frozen, error)
}

// Selection is an audience and which mailboxes of it are written to.
type Selection struct {
	Audience string // in its one written form
	RedList  bool   // red-listed mailboxes too
	Exact    bool   // to count those on the red list exactly; rounded otherwise, so that nobody learns of one person that they have one
}

// Look is what an audience selects.
type Look struct {
	Audience  string // spelled out
	Everyone  bool   // it is as good as everybody: to be confirmed once more
	Selected  int    // people
	Reachable int    // of them, with a mailbox to write to
	Messages  int    // with those to services
	RedListed int
	Warnings  []annuaire.Bilingual
	Detail    any // breakdown and sample, for a preview
}

// Frozen is the list of recipients of one moment of the directory.
type Frozen struct {
	Look
	Seq     uint64
	Extract time.Time
	List    iter.Seq2[spool.Recipient, error]
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
	sign, err := openSigner(l)
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

func handOf(c annuaire.Caller) annuaire.AlertHand { return annuaire.AlertHand{ID: c.ID, Name: c.Name} }

// same reports whether two hands may be one person's: two tokens of one name are.
func same(a, b annuaire.AlertHand) bool {
	return a.ID == b.ID || a.Name != "" && names.Fold(a.Name) == names.Fold(b.Name)
}

// service is who takes the steps that nobody takes.
var service = annuaire.Caller{ID: "service", From: "local"}

// record stores an alert after a step, with its audit line and its line of evidence.
func (d *Desk) record(tx *store.Tx, who annuaire.Caller, s step, before *annuaire.Alert, a *annuaire.Alert, why string) error {
	a.Version++
	a.Changed = d.now()
	if why != "" || s == stepSubmit || s == stepApprove || s == stepResume {
		a.Reason = why
	}
	e := who.Event("alert."+string(s), a.ID)
	e.Why = why
	if before != nil {
		e.Before = outline(*before)
	}
	e.After = outline(*a)
	k := tableKey(a.ID)
	n, err := steps.Sequence(tx)
	if err != nil {
		return err
	}
	err = steps.Put(tx, k+"\x00"+number(0, n+100_000), annuaire.AlertStep{At: a.Changed, Who: handOf(who), What: string(s), Why: why})
	return errors.Join(err, alerts.Put(tx, k, *a), tx.Audit(e))
}

// outline is what the audit log holds of an alert: not its text, of which it has the print.
func outline(a annuaire.Alert) any {
	out := map[string]any{"state": a.State, "version": a.Version, "message": hex.EncodeToString(messagePrint(a)), "audience": a.Audience}
	if a.Frozen != nil {
		out["recipients"], out["hash"], out["seq"] = a.Frozen.Count, a.Frozen.Hash, a.Frozen.Seq
	}
	return out
}

// messagePrint is the print of everything that a recipient reads.
func messagePrint(a annuaire.Alert) []byte {
	m := a.AlertDraft
	m.Audience, m.RedList, m.Public = "", false, false
	return printOf(m)
}

// Create makes a draft. What is missing may come later; what is wrong is refused.
func (d *Desk) Create(ctx context.Context, who annuaire.Caller, draft annuaire.AlertDraft) (a annuaire.Alert, err error) {
	if err := allowed(who, stepEdit); err != nil {
		return a, err
	}
	if draft, err = d.accept(ctx, draft); err != nil {
		return a, err
	}
	a = annuaire.Alert{AlertDraft: draft, State: annuaire.AlertDrafted, Authors: []annuaire.AlertHand{handOf(who)}, Created: d.now()}
	err = d.ledger.Update(func(tx *store.Tx) (err error) {
		if err := refers(tx, a); err != nil {
			return err
		}
		if a.ID, err = newNumber(tx, a.Created.In(paris).Year()); err != nil {
			return err
		}
		return d.record(tx, who, stepCreate, nil, &a, "")
	})
	return a, err
}

// accept brings a draft to its one form, or says what is wrong with it.
func (d *Desk) accept(ctx context.Context, draft annuaire.AlertDraft) (annuaire.AlertDraft, error) {
	draft = tidy(draft)
	err := wellFormed(draft)
	if err == nil && draft.Audience != "" {
		draft.Audience, err = d.audiences.Read(ctx, draft.Audience)
	}
	return draft, err
}

// refers refuses a reference to an alert that was never sent.
func refers(tx *store.Tx, a annuaire.Alert) error {
	if a.Refers == "" {
		return nil
	}
	earlier, err := read(tx, a.Refers)
	if annuaire.CodeOf(err) == annuaire.CodeNotFound || err == nil && (earlier.Started.IsZero() || earlier.ID == a.ID) {
		return refuse("reference_unknown", "refers", "l'alerte d'origine n'existe pas ou n'a pas été envoyée.", "the original alert does not exist or was not sent.")
	}
	return err
}

// Edit replaces what is written. version is the one that was read, 0 for whichever is there: CodePrecondition when it is another one.
// Whoever edits is an author from then on; what was tested has to be tested again if the message changed, what was submitted is a draft.
func (d *Desk) Edit(ctx context.Context, who annuaire.Caller, id string, draft annuaire.AlertDraft, version uint64) (a annuaire.Alert, err error) {
	if err := allowed(who, stepEdit); err != nil {
		return a, err
	}
	if draft, err = d.accept(ctx, draft); err != nil {
		return a, err
	}
	return d.take(who, stepEdit, id, version, "", func(tx *store.Tx, a *annuaire.Alert) error {
		a.AlertDraft = draft
		a.Submitted = time.Time{}
		if !slices.ContainsFunc(a.Authors, func(h annuaire.AlertHand) bool { return h == handOf(who) }) {
			a.Authors = append(a.Authors, handOf(who))
		}
		if !bytes.Equal(a.Tested, messagePrint(*a)) {
			a.Tested, a.TestedAt = nil, time.Time{}
		}
		return refers(tx, *a)
	})
}

// take takes one step: state, role and version are checked, change is made, all of it is recorded, or none.
func (d *Desk) take(who annuaire.Caller, s step, id string, version uint64, why string, change func(*store.Tx, *annuaire.Alert) error) (a annuaire.Alert, err error) {
	if moves[s].by != nil {
		if err := allowed(who, s); err != nil {
			return a, err
		}
	}
	err = d.ledger.Update(func(tx *store.Tx) (err error) {
		if a, err = read(tx, id); err != nil {
			return err
		}
		if err := unchanged(a, version); err != nil {
			return err
		}
		before := a
		if a.State, err = next(s, a.State); err != nil {
			return err
		}
		if change != nil {
			if err := change(tx, &a); err != nil {
				return err
			}
		}
		if a.State.Ended() && a.Ended.IsZero() {
			a.Ended = d.now()
		}
		return d.record(tx, who, s, &before, &a, why)
	})
	if err != nil {
		return annuaire.Alert{}, err
	}
	return a, nil
}

// unchanged refuses a step on another version than the one that was read; version 0 is whichever is there.
func unchanged(a annuaire.Alert, version uint64) error {
	if version == 0 || version == a.Version {
		return nil
	}
	return annuaire.Errorf(annuaire.CodePrecondition, "If-Match", "l'alerte a changé depuis que vous l'avez lue : relisez-la.",
		"the alert has changed since you read it: read it again.", nil).Because("version_stale")
}

// Alert returns an alert; CodeNotFound.
func (d *Desk) Alert(_ context.Context, who annuaire.Caller, id string) (a annuaire.Alert, err error) {
	if err := reads(who); err != nil {
		return a, err
	}
	err = d.ledger.View(func(tx *store.Tx) error { a, err = read(tx, id); return err })
	return a, err
}

// List returns up to n alerts that came before one ("": from the newest), the newest first.
func (d *Desk) List(_ context.Context, who annuaire.Caller, before string, n int) (out []annuaire.Alert, err error) {
	if err := reads(who); err != nil {
		return nil, err
	}
	return d.newest(before, n, func(annuaire.Alert) bool { return true })
}

// newest reads all: alerts are few, some hundreds in ten years.
func (d *Desk) newest(before string, n int, want func(annuaire.Alert) bool) (out []annuaire.Alert, err error) {
	limit := tableKey(before)
	if before != "" && limit == "" {
		return nil, missing()
	}
	err = d.ledger.View(func(tx *store.Tx) error {
		return alerts.Each(tx, "", "", func(k string, a annuaire.Alert) (bool, error) {
			if (limit == "" || k < limit) && want(a) {
				out = append(out, inUTC(a))
			}
			return true, nil
		})
	})
	slices.SortFunc(out, func(a, b annuaire.Alert) int { return cmp.Compare(tableKey(b.ID), tableKey(a.ID)) })
	return out[:min(n, len(out))], err
}

// reasonOf checks the reason of a step.
func reasonOf(o annuaire.AlertOrder) (string, error) {
	s := strings.TrimSpace(o.Reason)
	return s, line("reason", s, maxReason, false)
}
