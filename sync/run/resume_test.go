package run

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/directory"
)

// killed is a run whose process ended: its state is that of the moment.
func killed(t *testing.T, d *directory.Directory, r annuaire.SyncRun) {
	t.Helper()
	id, err := d.Ledger.NextRun()
	ok(t, err)
	r.ID, r.State = id, annuaire.RunRunning
	ok(t, d.Ledger.PutSyncRun(r))
	ok(t, d.Ledger.EndInterrupted(time.Now()))
	stateIs(t, d, id, annuaire.RunInterrupted)
}

func TestResumeAfterACrash(t *testing.T) {
	from := func(t *testing.T) []string { return []string{renamedSmall().folder(t, t.TempDir(), day2)} }
	last := func(t *testing.T, d *directory.Directory) annuaire.SyncRun {
		runs, err := d.Ledger.SyncRuns("", 1)
		ok(t, err)
		return runs[0]
	}
	t.Run("a run of the server is taken up again", func(t *testing.T) {
		d := loaded(t)
		killed(t, d, annuaire.SyncRun{Trigger: annuaire.TriggerSchedule, From: from(t)})
		ok(t, serviceOf(t, d, Settings{}).Resume(context.Background()))
		if r := last(t, d); r.State != annuaire.RunPublished || r.Trigger != annuaire.TriggerResume || r.ID != "000003" {
			t.Errorf("%+v", r)
		}
		if got := audited(t, d); !slices.Equal(got, []string{"schedule sync.resume 000002"}) {
			t.Error(got)
		}
	})
	t.Run("a run of the command is the person's to repeat", func(t *testing.T) {
		d := loaded(t)
		killed(t, d, annuaire.SyncRun{Trigger: annuaire.TriggerCommand, From: from(t)})
		ok(t, serviceOf(t, d, Settings{}).Resume(context.Background()))
		if r := last(t, d); r.State != annuaire.RunInterrupted {
			t.Errorf("%+v", r)
		}
	})
	t.Run("nor one whose caller left while the server went on", func(t *testing.T) {
		d := loaded(t)
		svc := serviceOf(t, d, Settings{})
		ctx, leave := context.WithCancel(context.Background())
		_, err := svc.Do(ctx, Options{From: from(t), Trigger: annuaire.TriggerServer, Left: func() bool { return true }, Progress: func(p Progress) {
			if p.Stage == StageScan {
				leave()
			}
		}})
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		ok(t, svc.Resume(context.Background()))
		if r := last(t, d); r.State != annuaire.RunFailed {
			t.Errorf("%+v", r)
		}
	})
	t.Run("one that was aborted after is not", func(t *testing.T) {
		d := loaded(t)
		svc := serviceOf(t, d, Settings{})
		killed(t, d, annuaire.SyncRun{Trigger: annuaire.TriggerSchedule, From: from(t)})
		_, err := svc.Abort(context.Background(), "000002", lead)
		ok(t, err)
		ok(t, svc.Resume(context.Background()))
		if r := last(t, d); r.State != annuaire.RunAborted {
			t.Errorf("%+v", r)
		}
	})
	t.Run("an approved one goes on as approved", func(t *testing.T) {
		d, svc, rep, _ := awaiting(t, Options{Trigger: annuaire.TriggerServer})
		r := stateIs(t, d, rep.ID, annuaire.RunAwaiting)
		r.State, r.Decision = annuaire.RunRunning, &annuaire.Decision{Approved: true, By: "lead", Reason: "x"}
		ok(t, d.Ledger.PutSyncRun(r))
		ok(t, d.Ledger.EndInterrupted(time.Now()))
		ok(t, svc.Resume(context.Background()))
		stateIs(t, d, rep.ID, annuaire.RunPublished)
	})
	t.Run("what kills the process each time is left to a person", func(t *testing.T) {
		d := loaded(t)
		for range maxResumes {
			killed(t, d, annuaire.SyncRun{Trigger: annuaire.TriggerResume, From: from(t)})
		}
		ok(t, serviceOf(t, d, Settings{}).Resume(context.Background()))
		if r := last(t, d); r.State != annuaire.RunInterrupted {
			t.Errorf("%+v", r)
		}
	})
}
