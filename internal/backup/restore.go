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
	"annuaire/internal/durable"
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
		if err := durable.Rename(filepath.Join(stage, "generations", name), filepath.Join(dir, "generations", name)); err != nil {
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
	return durable.Rename(filepath.Join(stage, ledgerName), ledger)
}
