package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
)

// beforeName is where the ledger that a restore replaces is kept, until somebody removes it.
const beforeName = ledgerName + ".before-restore"

// jump is how far the log of a restored directory goes on beyond any sequence given before: cursors of readers of the feed from the
// history that was lost fall into the gap, and are told so.
const jump = 1_000_000

// Report says what was restored.
type Report struct {
	Manifest
	directory.CheckReport
	Replaced bool `json:"replaced"` // there was a ledger; it is kept as annuaire.db.before-restore
}

// Options are of a restore.
type Options struct {
	Replace  bool // there may be data already, which is then replaced
	Progress func(annuaire.Kind, int64)
}

// Exists reports whether there is data in dir that a restore would replace.
func Exists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, ledgerName))
	return !errors.Is(err, fs.ErrNotExist)
}

// Restore puts what r holds in place of the data in dir, made if need be. Everything is written, indexed and checked aside first; one
// rename then makes it the data, so that a restore that fails or is killed leaves what was there. CodeConflict when a process has dir open,
// or there is data and it is not to be replaced; an InputError for a file that is damaged.
func Restore(ctx context.Context, r io.Reader, dir string, o Options) (rep Report, err error) {
	for _, sub := range []string{"", "incoming", "generations"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return rep, err
		}
	}
	old, err := claim(dir, o.Replace)
	if err != nil {
		return rep, err
	}
	defer func() { err = errors.Join(err, old.release()) }()
	stage, err := os.MkdirTemp(filepath.Join(dir, "incoming"), "restore-")
	if err != nil {
		return rep, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(stage)) }()
	if rep.Manifest, err = unpack(ctx, r, stage); err != nil {
		return rep, err
	}
	name, err := prepare(ctx, stage, &rep, old, o.Progress)
	if err != nil {
		return rep, err
	}
	rep.Replaced = Exists(dir)
	return rep, swap(stage, dir, name)
}

// replaced is the data that a restore replaces.
type replaced struct {
	ledger *store.Ledger // nil: there is none, or it cannot be read
	head   uint64
}

func (r replaced) release() error {
	if r.ledger == nil {
		return nil
	}
	return r.ledger.Close()
}

// claim keeps every other process off the data in dir, which is left as it is. A ledger that cannot be read is no obstacle: that may be why
// there is a restore.
func claim(dir string, replace bool) (old replaced, err error) {
	if !Exists(dir) {
		return old, nil
	}
	if !replace {
		return old, annuaire.Errorf(annuaire.CodeConflict, "restore", "ce répertoire contient déjà des données : --yes pour les remplacer",
			"there is data in this directory already: --yes replaces it", nil)
	}
	l, err := store.OpenLedgerReadOnly(filepath.Join(dir, ledgerName))
	if annuaire.CodeOf(err) == annuaire.CodeConflict {
		return old, err
	}
	if err != nil {
		return old, nil
	}
	old.ledger = l
	if old.head, _, err = l.Head(); err != nil {
		old.head = 0
	}
	return old, nil
}

// keepRevoked revokes, in what is restored, the tokens that were revoked since the backup: a restore must not let anybody in again.
func (r replaced) keepRevoked(to *store.Ledger) error {
	if r.ledger == nil {
		return nil
	}
	var revoked []annuaire.Token
	err := r.ledger.EachToken(func(t annuaire.Token) error {
		if !t.Revoked.IsZero() {
			revoked = append(revoked, t)
		}
		return nil
	})
	for _, t := range revoked {
		if _, there, e := to.Token(t.Hash); e != nil || there {
			err = errors.Join(err, e, to.PutToken(t))
		}
	}
	return err
}

// keepAudit takes over the lines of the audit since the backup, where they go on from its own, and adds that this restore was done, and from
// which line on: what a restore undoes stays told.
func (r replaced) keepAudit(to *store.Ledger, rep *Report) error {
	e := annuaire.LocalCaller("").Event("restore", rep.Generation)
	what := map[string]any{"backup_of": rep.Created, "seq": rep.Seq}
	if r.ledger != nil {
		kept, err := to.AdoptAudit(r.ledger)
		if err != nil {
			return err
		}
		lost, err := r.ledger.AuditHead()
		if err != nil {
			return err
		}
		what["audit_lines_kept"] = kept
		if head, err := to.AuditHead(); err != nil {
			return err
		} else if lost.Seq > 0 && head != lost {
			what["audit_replaced"] = lost.String() // the end of an audit that went another way: it stays in annuaire.db.before-restore
		}
	}
	e.After = what
	return to.AuditNow(e)
}

// prepare makes of what was unpacked a whole data directory, with a generation of a name of its own, and checks it.
func prepare(ctx context.Context, stage string, rep *Report, old replaced, progress func(annuaire.Kind, int64)) (name string, err error) {
	d, err := directory.Open(stage)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	seq := max(old.head, rep.Seq) + jump
	if err := old.keepAudit(d.Ledger, rep); err != nil {
		return "", fmt.Errorf("audit: %w", err)
	}
	if err := old.keepRevoked(d.Ledger); err != nil {
		return "", fmt.Errorf("tokens: %w", err)
	}
	if err := old.keepEnded(d.Ledger); err != nil {
		return "", fmt.Errorf("delegations: %w", err)
	}
	if rep.Generation == "" { // nothing was loaded, or could be read: the next sync builds it
		_, named, err := d.Ledger.Head()
		if err != nil {
			return "", err
		}
		return "", errors.Join(old.keepHiddenIn(d.Ledger), d.Ledger.Reseat(named, seq))
	}
	name = directory.NameAfter(rep.Generation, time.Now())
	if err := d.Reindex(ctx, name, seq, progress); err != nil {
		return "", err
	}
	if err := old.keepHidden(ctx, d); err != nil {
		return "", fmt.Errorf("red list: %w", err)
	}
	if rep.CheckReport, err = d.Check(ctx); err != nil {
		return "", err
	}
	if rep.Problems > 0 {
		return "", damaged(fmt.Sprintf("%d problems, %s", rep.Problems, rep.Examples[0]), nil)
	}
	return name, nil
}

// swap moves the generation beside those there are, where nothing names it yet, then the ledger over the old one.
func swap(stage, dir, name string) error {
	if name != "" {
		if err := os.Rename(filepath.Join(stage, "generations", name), filepath.Join(dir, "generations", name)); err != nil {
			return err
		}
		if err := store.SyncDir(filepath.Join(dir, "generations")); err != nil {
			return err
		}
	}
	ledger, before := filepath.Join(dir, ledgerName), filepath.Join(dir, beforeName)
	if err := os.Remove(before); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Link(ledger, before); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("keep the old ledger: %w", err)
	}
	if err := os.Rename(filepath.Join(stage, ledgerName), ledger); err != nil {
		return err
	}
	return store.SyncDir(dir)
}
