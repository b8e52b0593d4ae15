package run

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/robfig/cron/v3"

	"annuaire"
)

// Schedule is when a server looks at the sources by itself.
type Schedule struct {
	when   cron.Schedule
	jitter time.Duration
}

// ParseSchedule reads a cron line of five fields (or @daily, @every 4h), in a time zone. Each time is put off by a random part of
// jitter: a thousand instances must not ask the national service in the same second.
func ParseSchedule(line, zone string, jitter time.Duration) (Schedule, error) {
	if _, err := time.LoadLocation(zone); err != nil || zone == "" {
		return Schedule{}, annuaire.Invalid("sync.timezone", "fuseau horaire inconnu : %q", "unknown time zone: %q", zone)
	}
	when, err := cron.ParseStandard("CRON_TZ=" + zone + " " + line)
	if err != nil {
		return Schedule{}, annuaire.Invalid("sync.schedule", "cinq champs cron attendus (« 15 4,8,12 * * * »), reçu %q", "five cron fields expected (\"15 4,8,12 * * *\"), got %q", line)
	}
	return Schedule{when, jitter}, nil
}

// Clock is the time; tests have their own.
type Clock interface {
	Now() time.Time
	After(time.Duration) <-chan time.Time
}

// SystemClock is that of the machine.
type SystemClock struct{}

// Now is time.Now.
func (SystemClock) Now() time.Time { return time.Now() }

// After is time.After.
func (SystemClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// tick is how long the clock is left alone at most: a machine that slept, or whose clock was set, is noticed within it.
const tick = time.Minute

// Keep looks at the sources whenever the schedule says so, until ctx ends. What was due while nobody ran is caught up at once, as one
// run; so is a directory that holds nothing yet.
func (s *Service) Keep(ctx context.Context, when Schedule, from []string, clock Clock) error {
	last, err := s.d.Ledger.Looked()
	if err != nil {
		return err
	}
	if info, err := s.d.Info(); last.IsZero() && err == nil && !info.Extract.IsZero() {
		last = clock.Now() // loaded by hand so far
	}
	for {
		due := when.next(last)
		for wait := due.Sub(clock.Now()); wait > 0 && ctx.Err() == nil; wait = due.Sub(clock.Now()) {
			select {
			case <-ctx.Done():
				return nil
			case <-clock.After(min(wait, tick)):
			}
		}
		if ctx.Err() != nil {
			return nil
		}
		last = clock.Now()
		_, err := s.Do(ctx, Options{From: from, Trigger: annuaire.TriggerSchedule, By: "schedule"})
		if ctx.Err() != nil {
			return nil
		}
		if annuaire.CodeOf(err) == annuaire.CodeConflict {
			s.log.Info("a sync is running already: the scheduled one is left out")
		}
		if err := s.d.Ledger.SetLooked(last); err != nil {
			s.log.Error("the time of the scheduled sync cannot be recorded", "error", err.Error())
		}
	}
}

// next is the first time after last, zero (long ago) when there was none, put off.
func (w Schedule) next(last time.Time) time.Time {
	if last.IsZero() {
		return last
	}
	at := w.when.Next(last)
	if w.jitter > 0 {
		at = at.Add(rand.N(w.jitter))
	}
	return at
}

// maxResumes is how many runs in a row may be interrupted before a person has to look: taking up again what kills the process helps nobody.
const maxResumes = 3

// Resume takes up again the run that the end of the process interrupted, if a server had started it, and one that was approved without
// asking again.
func (s *Service) Resume(ctx context.Context) error {
	runs, err := s.d.Ledger.SyncRuns("", maxResumes)
	if err != nil || len(runs) == 0 || runs[0].State != annuaire.RunInterrupted {
		return err
	}
	r := runs[0]
	if r.Trigger == annuaire.TriggerCommand && (r.Decision == nil || !r.Decision.Approved) {
		return nil
	}
	n := 0
	for _, r := range runs {
		if r.State == annuaire.RunInterrupted {
			n++
		}
	}
	if n == maxResumes {
		s.log.Error("the last runs were all interrupted: not taken up again by itself", "run", r.ID)
		return nil
	}
	s.log.Info("interrupted run taken up again", "run", r.ID)
	if err := s.d.Ledger.AuditNow(bySchedule.Event("sync.resume", r.ID)); err != nil {
		return err
	}
	if r.Gate != nil && r.Decision != nil && r.Decision.Approved && r.Decision.Reason != "--yes" {
		_, err = s.apply(ctx, r, nil, nil)
		return err
	}
	_, err = s.Do(ctx, Options{From: r.From, AllowOlder: r.AllowOlder, Trigger: annuaire.TriggerResume, By: "run " + r.ID})
	return err
}
