package run

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"annuaire"
	"annuaire/internal/store"
	"annuaire/sync/diff"
	"annuaire/sync/extract"
	"annuaire/sync/model"
)

// acquire finds the files, refuses older ones, stops at once when they are those already loaded, and opens them.
func (s *session) acquire(ctx context.Context) (err error) {
	s.Progress(Progress{Stage: StageAcquire})
	if s.sources, err = extract.Discover(s.From...); err != nil {
		return s.input(err)
	}
	s.report.Warnings = append(s.report.Warnings, s.sources.Older...)
	s.report.Extract = s.sources.PeopleStamp
	if s.prev, err = s.d.Info(); err != nil {
		return err
	}
	if err := s.refuseOlder(); err != nil {
		return err
	}
	files, err := s.identities()
	if err != nil {
		return err
	}
	if slices.Equal(files, s.prev.Files) && s.prev.Model == model.Version {
		s.report.Outcome = store.OutcomeUnchanged
		return nil
	}
	s.report.Info = store.Info{Extract: s.sources.PeopleStamp, Mailboxes: s.prev.Mailboxes, Files: files, Model: model.Version}
	switch {
	case s.sources.Mailboxes != nil:
		s.report.Info.Mailboxes = s.sources.Mailboxes.Stamp
	case !s.prev.Mailboxes.IsZero():
		s.report.Info.Model = s.prev.Model // mailboxes made under older rules wait for the next file
	}
	s.report.MailboxesAt = s.report.Info.Mailboxes
	return s.open(ctx)
}

// files returns what a run reads, in a fixed order.
func (s *session) files() []extract.File {
	var out []extract.File
	for _, k := range extract.PeopleKinds() {
		out = append(out, s.sources.People[k])
	}
	if s.sources.Mailboxes != nil {
		out = append(out, *s.sources.Mailboxes)
	}
	return out
}

// identities tells the files apart without reading them: kind, timestamp, name, size and date.
func (s *session) identities() ([]string, error) {
	var out []string
	for _, f := range s.files() {
		st, err := os.Stat(f.Path)
		if err != nil {
			return nil, err
		}
		out = append(out, fmt.Sprintf("%s %d %s %d %d", f.Kind, f.Stamp.Unix(), f.Name(), st.Size(), st.ModTime().UnixNano()))
	}
	return out, nil
}

func (s *session) refuseOlder() error {
	if s.AllowOlder {
		return nil
	}
	loaded := s.prev
	if s.d.Current() == nil { // nothing yet, or a generation that was lost: what was published does not become older for that
		last, _, err := s.d.Ledger.LastRun()
		if err != nil {
			return err
		}
		loaded = last.Info
	}
	check := func(what string, stamp, loaded time.Time) error {
		if !stamp.Before(loaded) {
			return nil
		}
		return &annuaire.InputError{Err: annuaire.Invalid(what,
			"extraction du %s plus ancienne que celle déjà chargée (%s) ; --allow-older pour la prendre quand même",
			"extract of %s is older than the one loaded (%s); --allow-older takes it all the same",
			stamp.Format(time.RFC3339), loaded.Format(time.RFC3339))}
	}
	if err := check("PS_LibreAcces", s.sources.PeopleStamp, loaded.Extract); err != nil {
		return err
	}
	if m := s.sources.Mailboxes; m != nil {
		return check("MSSante", m.Stamp, loaded.Mailboxes)
	}
	return nil
}

func (s *session) open(ctx context.Context) (err error) {
	lim := extract.Limits{MaxLine: diff.MaxRow}
	if s.DryRun {
		s.tmp, err = os.MkdirTemp("", "annuaire-")
	} else {
		s.tmp, err = os.MkdirTemp(s.d.Path("incoming"), "run-")
	}
	if err != nil {
		return err
	}
	if !s.DryRun {
		if s.report.ID, err = s.d.Ledger.NextRun(); err != nil {
			return err
		}
		s.report.Info.Run = s.report.ID
		path := s.d.Path("rejects", s.report.ID+".ndjson")
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) { // of a refused run, whose number this one takes
			return err
		}
		s.rejects = extract.NewRejectFile(path)
		lim.Rejects = s.rejects
	}
	for _, f := range s.files() {
		kind := f.Kind
		lim.Progress = func(done, total int64) {
			s.Progress(Progress{Stage: StageScan, Done: done, Total: total, Unit: "bytes"})
		}
		t, err := extract.Open(ctx, f, s.tmp, lim)
		if err != nil {
			return s.input(err)
		}
		s.tables[kind] = t
		for _, c := range t.Extra {
			s.warn("%s: unknown column %q ignored", kind, c)
		}
	}
	return nil
}
