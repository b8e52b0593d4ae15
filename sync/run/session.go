package run

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/pipeline"
	"annuaire/internal/store"
	"annuaire/sync/extract"
	"annuaire/sync/fetch"
)

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

	attempt  annuaire.SyncRun // what the ledger knows of this run
	since    time.Time        // of the stage
	versions []string         // of remote files
	fetched  *fetch.Set
	stale    bool          // the source has something older only
	sums     chan []string // hashes under way, see note
	looked   []string      // the folders and files of the source
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
	s := &session{Options: o, d: d, workers: max(2, pipeline.Processors()), aside: large, tables: map[extract.Kind]*extract.Table{}}
	s.report = store.Run{Started: time.Now().UTC().Truncate(time.Second), Rows: map[string]int64{}, Orphans: map[string]int64{}, Warnings: []string{}}
	s.attempt = annuaire.SyncRun{State: annuaire.RunRunning, Trigger: cmp.Or(o.Trigger, annuaire.TriggerCommand), By: o.By, Started: s.report.Started,
		From: o.From, AllowOlder: o.AllowOlder, Steps: []annuaire.SyncStep{}, Files: []annuaire.SyncFile{}, Warnings: []string{}}
	if r := o.resumed; r != nil { // the same run goes on: a crash must find what was approved of it
		s.attempt = *r
		s.attempt.State, s.attempt.Ended, s.attempt.Error, s.attempt.English = annuaire.RunRunning, time.Time{}, "", ""
		s.report.ID, s.report.Info.Run = r.ID, r.ID
	}
	return s
}

func (s *session) sync(ctx context.Context) (store.Run, error) {
	unlock, err := s.d.Lock(fmt.Sprintf("%s, by %s", s.attempt.Trigger, cmp.Or(s.By, "somebody")))
	if err != nil {
		return store.Run{}, err
	}
	defer unlock()
	start := time.Now()
	err = errors.Join(s.run(ctx), s.counted())
	s.beside(ctx, err)
	s.report.Seconds = time.Since(start).Seconds()
	if s.sums != nil { // whoever hashes reads files that close does not wait for
		s.digests()
	}
	return s.report, errors.Join(err, s.finish(ctx, err), s.close(), s.forget(err))
}

// counted has the report of a run that was committed count the mailboxes as readers see them: what it found itself are those of the extract,
// hidden ones too, and the report goes to logs and metrics.
func (s *session) counted() error {
	last, ok, err := s.d.Ledger.LastRun()
	if err == nil && ok && last.ID == s.report.ID {
		s.report.Mailboxes = last.Mailboxes
	}
	return err
}

func (s *session) run(ctx context.Context) error {
	if g := s.d.Current(); g != nil { // a run that committed may have failed on the views: compare with what was committed
		if err := g.CatchUp(s.d.Ledger, nil); err != nil {
			return err
		}
	}
	if s.resumed != nil { // it goes on, and is recorded so from its first stage on
		if err := s.d.Ledger.PutSyncRun(s.attempt); err != nil {
			return err
		}
		if s.begun != nil {
			s.begun(s.attempt)
		}
	}
	if s.Record {
		if err := s.begin(); err != nil {
			return err
		}
	}
	rows, err := s.read(ctx)
	if err != nil || rows == nil {
		return err
	}
	if g := s.d.Current(); g != nil {
		return s.update(ctx, g, rows)
	}
	return s.load(ctx, rows)
}

// origins are the sources of the run; of one that was approved, the very files that it read.
func (s *session) origins() ([]origin, error) {
	if r := s.resumed; r != nil {
		var paths []string
		for _, f := range r.Files {
			paths = append(paths, f.Path)
		}
		return []origin{{name: r.Source, paths: paths}}, nil
	}
	return origins(s.From, s.Presets)
}

// reset makes room for another source.
func (s *session) reset() error {
	if s.sums != nil {
		s.digests()
	}
	err := s.close()
	s.tables, s.rejects, s.tmp, s.fetched, s.versions = map[extract.Kind]*extract.Table{}, nil, "", nil, nil
	s.attempt.Versions, s.attempt.Known, s.attempt.Files = nil, nil, []annuaire.SyncFile{}
	clear(s.report.Rows)
	s.report.Rejected, s.report.Fallback = 0, 0
	return err
}

// forget removes a download that is at fault: asking for it again may bring a better one. Any other stays for the next run, which
// asks for the same version no more.
func (s *session) forget(err error) error {
	var input *annuaire.InputError
	if s.fetched == nil || s.DryRun || !errors.As(err, &input) {
		return nil
	}
	return os.RemoveAll(s.fetched.Dir)
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
