package run

import (
	"fmt"
	"os"
	"slices"
	"time"

	"annuaire"
	"annuaire/internal/store"
	"annuaire/sync/extract"
	"annuaire/sync/model"
)

// choose finds the files in paths, refuses older ones, and stops when they are those already loaded, or await approval.
func (s *session) choose(paths []string) (err error) {
	if s.sources, err = extract.Discover(paths...); err != nil {
		return s.input(err)
	}
	s.report.Warnings = append(s.report.Warnings, s.sources.Older...)
	s.report.Extract = s.sources.PeopleStamp
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
	s.report.Info = store.Info{Run: s.report.ID, Extract: s.sources.PeopleStamp, Mailboxes: s.prev.Mailboxes, Files: files, Model: model.Version, Versions: s.versions}
	switch {
	case s.sources.Mailboxes != nil:
		s.report.Info.Mailboxes = s.sources.Mailboxes.Stamp
	case !s.prev.Mailboxes.IsZero():
		s.report.Info.Model = s.prev.Model // mailboxes made under older rules wait for the next file
	}
	s.report.MailboxesAt = s.report.Info.Mailboxes
	return s.pending(func(r annuaire.SyncRun) bool { return r.Source == "path" && slices.Equal(r.Known, files) })
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

// newest returns what was published last, were the generation that showed it lost.
func (s *session) newest() (store.Info, error) {
	if s.d.Current() != nil {
		return s.prev, nil
	}
	last, _, err := s.d.Ledger.LastRun()
	return last.Info, err
}

func (s *session) refuseOlder() error {
	if s.AllowOlder {
		return nil
	}
	loaded, err := s.newest()
	if err != nil {
		return err
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
