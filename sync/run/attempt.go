package run

import (
	"context"
	"errors"
	"strings"
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
	var lines []annuaire.AuditEvent // of a person who asks, whoever lets them in has written one
	if s.attempt.Trigger == annuaire.TriggerSchedule {
		e := bySchedule.Event("sync.start", strings.Join(s.From, " "))
		e.Why = "run " + s.report.ID
		lines = append(lines, e)
	}
	if err := s.d.Ledger.PutSyncRun(s.attempt, lines...); err != nil {
		return err
	}
	if s.begun != nil {
		s.begun(s.attempt)
	}
	return nil
}

// bySchedule is whom the audit names for what a server does by itself.
var bySchedule = annuaire.Caller{ID: "schedule", From: "local"}

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

// abortion is why a running sync is cancelled by a person.
type abortion struct{ annuaire.Decision }

func (a *abortion) Error() string { return "aborted by " + a.By + ": " + a.Reason }
