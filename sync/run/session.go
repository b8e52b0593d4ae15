package run

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
	"annuaire/sync/extract"
)

// Options is what one run is asked to do.
type Options struct {
	From       []string // folders, files or ZIPs
	DryRun     bool     // report what would change, write nothing
	AllowOlder bool     // take an extract older than the loaded one
	Progress   func(Progress)
}

// session is one run under way.
type session struct {
	Options
	d       *directory.Directory
	workers int
	aside   func(changed, records int) bool // which deltas are built aside
	tmp     string                          // for what is taken out of archives
	tables  map[extract.Kind]*extract.Table
	sources extract.Sources
	rejects *extract.RejectFile
	prev    store.Info
	report  store.Run
}

// Sync brings d from what it shows to what the files of o.From say, and reports it. The report's outcome says whether anything
// was done. An annuaire.InputError leaves the data untouched: it says what is wrong with the files. CodeConflict when a run is
// under way already.
func Sync(ctx context.Context, d *directory.Directory, o Options) (store.Run, error) {
	return newSession(d, o).sync(ctx)
}

func newSession(d *directory.Directory, o Options) *session {
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	s := &session{Options: o, d: d, workers: max(2, runtime.GOMAXPROCS(0)), aside: large, tables: map[extract.Kind]*extract.Table{}}
	s.report = store.Run{Started: time.Now().UTC().Truncate(time.Second), Rows: map[string]int64{}, Orphans: map[string]int64{}, Warnings: []string{}}
	return s
}

func (s *session) sync(ctx context.Context) (store.Run, error) {
	unlock, err := s.d.Lock()
	if err != nil {
		return store.Run{}, err
	}
	defer unlock()
	start := time.Now()
	err = errors.Join(s.run(ctx), s.close())
	s.report.Seconds = time.Since(start).Seconds()
	return s.report, err
}

func (s *session) run(ctx context.Context) error {
	if g := s.d.Current(); g != nil { // a run that committed may have failed on the views: compare with what was committed
		if err := g.CatchUp(s.d.Ledger, nil); err != nil {
			return err
		}
	}
	if err := s.acquire(ctx); err != nil {
		return err
	}
	if s.report.Outcome == store.OutcomeUnchanged {
		return nil
	}
	rows, err := s.scan(ctx)
	if err != nil {
		return s.input(err)
	}
	if err := s.judge(rows); err != nil {
		return err
	}
	if g := s.d.Current(); g != nil {
		return s.update(ctx, g, rows)
	}
	return s.load(ctx, rows)
}

func (s *session) close() error {
	var errs []error
	for _, t := range s.tables {
		errs = append(errs, t.Close())
	}
	if s.rejects != nil {
		errs = append(errs, s.rejects.Close())
	}
	if s.tmp != "" {
		errs = append(errs, os.RemoveAll(s.tmp))
	}
	return errors.Join(errs...)
}

// input marks what the extracts did wrong as such.
func (s *session) input(err error) error {
	if annuaire.CodeOf(err) == annuaire.CodeInvalid {
		return &annuaire.InputError{Err: err}
	}
	return err
}

// rejectedShare is the share of rows of a file above which the file as a whole is not believed.
const rejectedShare = 0.01

// judge counts what the scan saw and refuses files with too many wrong rows.
func (s *session) judge(rows *scanned) error {
	for _, f := range s.files() {
		kind, st := f.Kind, rows.stats[f.Kind]
		s.report.Rows[kind.String()] = st.Rows
		s.report.Rejected += st.Rejected
		s.report.Fallback += st.Fallback
		if all := st.Rows + st.Rejected; float64(st.Rejected) > rejectedShare*float64(all) {
			return &annuaire.InputError{Err: annuaire.Invalid(kind.String(),
				"%d lignes refusées sur %d, plus de 1 %% : le fichier n'est pas pris en compte (annuaire sync rejects, ou le dossier rejects)",
				"%d rows rejected of %d, more than 1 %%: the file is not used (see the rejects folder)", st.Rejected, all)}
		}
	}
	if s.report.Fallback > 0 {
		s.warn("%d rows were not UTF-8 and were read as Windows-1252", s.report.Fallback)
	}
	return nil
}

func (s *session) warn(format string, args ...any) {
	s.report.Warnings = append(s.report.Warnings, fmt.Sprintf(format, args...))
}
