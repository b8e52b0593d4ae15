package run

import (
	"context"
	"slices"
	"strings"

	"annuaire"
	"annuaire/internal/store"
	"annuaire/sync/fetch"
	"annuaire/sync/model"
)

// obtain returns the paths of the files of a source. A remote one is first asked for its versions: those already loaded end the run
// without a download, older ones make it stale.
func (s *session) obtain(ctx context.Context, o origin) ([]string, error) {
	s.versions = nil
	if o.remote == nil {
		if s.resumed != nil {
			s.versions = s.resumed.Versions
		}
		s.looked = o.paths
		return o.paths, nil
	}
	opt := s.Fetch
	opt.Dir = s.d.Path("incoming")
	opt.Progress = func(done, total int64) {
		s.Progress(Progress{Stage: StageAcquire, Done: done, Total: max(total, 0), Unit: "bytes"})
	}
	if s.DryRun { // the data directory is not touched: elsewhere, and again by the real run
		if err := s.workspace(); err != nil {
			return nil, err
		}
		opt.Dir = s.tmp
	}
	c, err := fetch.New(opt)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	versions, err := c.Probe(ctx, *o.remote)
	if err != nil {
		return nil, s.input(err)
	}
	if done, err := s.met(versions); done || err != nil {
		return nil, err
	}
	if err := s.begin(); err != nil {
		return nil, err
	}
	set, err := c.Fetch(ctx, *o.remote, versions)
	if err != nil {
		return nil, s.input(err)
	}
	s.fetched, s.versions = &set, set.Keys()
	return s.wanted(set)
}

// met tells whether the versions are nothing to download for: loaded already, awaiting approval, refused before, or older.
func (s *session) met(versions []fetch.Version) (bool, error) {
	keys := fetch.Keys(versions)
	if slices.Equal(keys, s.prev.Versions) && s.prev.Model == model.Version {
		s.report.Outcome, s.report.Extract = store.OutcomeUnchanged, s.prev.Extract
		return true, nil
	}
	if err := s.pending(func(r annuaire.SyncRun) bool { return slices.Equal(r.Versions, keys) }); err != nil || s.report.Outcome != "" {
		return true, err
	}
	if s.AllowOlder {
		return false, nil
	}
	loaded, err := s.newest()
	if err != nil {
		return false, err
	}
	for _, v := range versions {
		if isPeople(v.Name) && !v.Stamp.IsZero() && v.Stamp.Before(loaded.Extract) {
			s.stale = true
			s.warn("source %s has an extract of %s, older than the one loaded, of %s: not taken", s.attempt.Source, v.Stamp.Format("2006-01-02 15:04"), loaded.Extract.Format("2006-01-02 15:04"))
			return true, nil
		}
	}
	return false, nil
}

// wanted leaves out a mailbox file that is older than the one loaded: the mailboxes stay as they are.
func (s *session) wanted(set fetch.Set) ([]string, error) {
	loaded, err := s.newest()
	var out []string
	for _, f := range set.Files {
		s.looked = append(s.looked, f.Path)
		if isCards(f.Name) {
			continue
		}
		if !s.AllowOlder && isMailboxes(f.Name) && !f.Stamp.IsZero() && f.Stamp.Before(loaded.Mailboxes) {
			s.warn("%s of %s is older than the one loaded: the mailboxes stay as they are", f.Name, f.Stamp.Format("2006-01-02 15:04"))
			continue
		}
		out = append(out, f.Path)
	}
	return out, err
}

func isPeople(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "ps_libreacces") || strings.HasPrefix(name, "ps-libreacces")
}

func isMailboxes(name string) bool { return strings.HasPrefix(strings.ToLower(name), "extraction") }

// lookBack is how many runs are searched for one that met the same files.
const lookBack = 20

// pending ends the run when one about the same files awaits approval, or, when nobody watches, was refused or aborted.
func (s *session) pending(same func(annuaire.SyncRun) bool) error {
	if s.DryRun || s.Yes || s.resumed != nil {
		return nil
	}
	runs, err := s.d.Ledger.SyncRuns("", lookBack)
	if err != nil {
		return err
	}
	for _, r := range runs {
		if r.ID == s.attempt.ID || !same(r) {
			continue
		}
		switch {
		case r.State == annuaire.RunAwaiting:
			s.warn("run %s, about the same files, awaits approval", r.ID)
			s.report.Outcome, s.report.Gate, s.report.Extract = store.OutcomeAwaiting, r.Gate, r.Extract
			s.report.ID, s.report.People, s.report.Structures, s.report.Mailboxes = r.ID, r.People, r.Structures, r.Mailboxes
		case s.automatic() && (r.State == annuaire.RunRejected || r.State == annuaire.RunAborted):
			s.report.Outcome = store.OutcomeUnchanged
			s.warn("this version was met by run %s, which is %s: it is not tried again unless a person asks", r.ID, r.State)
		default:
			continue
		}
		return nil
	}
	return nil
}
