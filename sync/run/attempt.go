package run

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"annuaire"
	"annuaire/internal/store"
)

// begin gives the run its number and records it, once there is something new to look at.
func (s *session) begin() (err error) {
	if s.DryRun || s.attempt.ID != "" {
		return nil
	}
	if s.report.ID, err = s.d.Ledger.NextRun(); err != nil {
		return err
	}
	s.report.Info.Run = s.report.ID
	s.attempt.ID = s.report.ID
	if err := s.d.Ledger.PutSyncRun(s.attempt); err != nil {
		return err
	}
	if s.begun != nil {
		s.begun(s.attempt)
	}
	return nil
}

// enter ends the stage before and records that another one begins.
func (s *session) enter(stage Stage) error {
	s.stage(stage)
	return s.save()
}

// stage is enter for a stage that is recorded with the next one, or the end of the run.
func (s *session) stage(stage Stage) {
	s.Progress(Progress{Stage: stage})
	s.leave()
	s.since = time.Now()
	s.attempt.Steps = append(s.attempt.Steps, annuaire.SyncStep{Stage: string(stage), Started: s.since.UTC().Truncate(time.Second)})
}

// leave notes how long the stage lasted.
func (s *session) leave() {
	if n := len(s.attempt.Steps); n > 0 && s.attempt.Steps[n-1].Seconds == 0 {
		s.attempt.Steps[n-1].Seconds = max(time.Since(s.since).Seconds(), 1e-6)
	}
}

func (s *session) save() error {
	if s.DryRun || s.attempt.ID == "" {
		return nil
	}
	r := &s.attempt
	r.Rejected, r.Warnings, r.People, r.Structures, r.Mailboxes = s.report.Rejected, s.report.Warnings, s.report.People, s.report.Structures, s.report.Mailboxes
	if !s.report.Extract.IsZero() {
		r.Extract = s.report.Extract
	}
	if len(s.versions) > 0 {
		r.Versions = s.versions
	}
	if len(s.report.Info.Files) > 0 {
		r.Known = s.report.Info.Files
	}
	if s.report.Gate != nil && s.report.ID == r.ID {
		r.Gate = s.report.Gate
	}
	return s.d.Ledger.PutSyncRun(*r)
}

// finish records how the run ended. What was committed stays published, whatever went wrong after.
func (s *session) finish(ctx context.Context, err error) error {
	if s.DryRun || s.attempt.ID == "" {
		return nil
	}
	s.leave()
	r := &s.attempt
	r.Ended = time.Now().UTC().Truncate(time.Second)
	if err != nil {
		r.Error, r.English = wording(err)
	}
	kept, _, rerr := s.d.Ledger.SyncRun(r.ID)
	switch {
	case rerr != nil:
		return rerr
	case kept.State == annuaire.RunPublished || kept.State == annuaire.RunUnchanged:
		r.State = kept.State
	default:
		r.State = s.ended(ctx, err)
	}
	if r.State == annuaire.RunAwaiting { // were it approved: something else is there to decide about
		r.Ended, r.Decision = time.Time{}, nil
	}
	return s.save()
}

func (s *session) ended(ctx context.Context, err error) annuaire.RunState {
	var input *annuaire.InputError
	var aborted *abortion
	switch {
	case err == nil && s.report.Outcome == store.OutcomeAwaiting && s.report.ID == s.attempt.ID: // else it is another run that awaits
		return annuaire.RunAwaiting
	case err == nil:
		return annuaire.RunUnchanged // what differs is marked by the commit
	case errors.As(context.Cause(ctx), &aborted):
		s.attempt.Decision = &aborted.Decision
		return annuaire.RunAborted
	case errors.Is(err, context.Canceled) && s.Left != nil && s.Left():
		return annuaire.RunFailed // whoever asked for it has left
	case errors.Is(err, context.Canceled):
		return annuaire.RunInterrupted
	case errors.As(err, &input):
		return annuaire.RunRejected
	}
	return annuaire.RunFailed
}

// wording is an error in both languages.
func wording(err error) (french, english string) {
	var known *annuaire.Error
	if errors.As(err, &known) && known.Message != "" {
		return known.Message, err.Error()
	}
	return err.Error(), err.Error()
}

// note lists the files of the run. What is not downloaded is hashed meanwhile: digests waits for it.
func (s *session) note(ctx context.Context, paths []string) {
	if s.resumed != nil {
		s.attempt.Files = s.resumed.Files
		return
	}
	s.attempt.Files = []annuaire.SyncFile{}
	if s.fetched != nil {
		for _, f := range s.fetched.Files {
			s.attempt.Files = append(s.attempt.Files, annuaire.SyncFile{Name: filepath.Base(f.Path), Path: f.Path, Size: f.Size, SHA256: f.SHA256, Identity: identity(f.Path)})
		}
		return
	}
	seen := map[string]bool{}
	for _, f := range s.files() {
		if seen[f.Path] {
			continue
		}
		seen[f.Path] = true
		st, err := os.Stat(f.Path)
		if err == nil {
			s.attempt.Files = append(s.attempt.Files, annuaire.SyncFile{Name: filepath.Base(f.Path), Path: f.Path, Size: st.Size(), Identity: identity(f.Path)})
		}
	}
	if s.DryRun {
		return
	}
	list, sums := s.attempt.Files, make(chan []string, 1)
	s.sums = sums
	go func() {
		out := make([]string, len(list))
		for i, f := range list {
			out[i] = sha256Of(ctx, f.Path)
		}
		sums <- out
	}()
}

// digests puts the hashes of the files with them, once they are known.
func (s *session) digests() {
	if s.sums == nil {
		return
	}
	for i, sum := range <-s.sums {
		s.attempt.Files[i].SHA256 = sum
	}
	s.sums = nil
}

// sha256Of is "" for a file that cannot be read to its end: whoever reads it for its rows says so.
func sha256Of(ctx context.Context, path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	for err == nil && ctx.Err() == nil {
		_, err = io.CopyN(h, f, 8<<20)
	}
	if !errors.Is(err, io.EOF) {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}

// identity tells whether a file is still the one that was read.
func identity(path string) string {
	st, err := os.Stat(path)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d %d", st.Size(), st.ModTime().UnixNano())
}

// abortion is why a running sync is cancelled by a person.
type abortion struct{ annuaire.Decision }

func (a *abortion) Error() string { return "aborted by " + a.By + ": " + a.Reason }
