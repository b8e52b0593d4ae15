package run

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
)

// fewer is town without 70 of its 1200 pharmacists: the gate closes.
func fewer() world {
	w := town()
	w.activities = without(w.activities, 1500, 1570)
	return w
}

var lead = annuaire.Decision{By: "lead", Reason: "confirmed by the Order"}

// awaiting is town on day1, with a run to fewer on day2 that awaits approval.
func awaiting(t *testing.T, o Options) (*directory.Directory, *Service, store.Run, string) {
	t.Helper()
	d := settled(t)
	svc := serviceOf(t, d, Settings{})
	dir := fewer().folder(t, t.TempDir(), day2)
	o.From = []string{dir}
	seq := headOf(t, d)
	rep, err := svc.Do(context.Background(), o)
	ok(t, err)
	if rep.Outcome != store.OutcomeAwaiting || !rep.Gate.Closed || headOf(t, d) != seq || total(t, d, annuaire.Expr{}) != 3000 {
		t.Fatalf("%+v", rep)
	}
	return d, svc, rep, dir
}

func stateIs(t *testing.T, d *directory.Directory, id string, want annuaire.RunState) annuaire.SyncRun {
	t.Helper()
	r, found, err := d.Ledger.SyncRun(id)
	if err != nil || !found || r.State != want {
		t.Fatalf("run %s is %q, want %q (%v)", id, r.State, want, err)
	}
	return r
}

func TestApproval(t *testing.T) {
	t.Run("nobody is told that a run is published before everybody sees it", func(t *testing.T) {
		d, svc, rep, _ := awaiting(t, Options{})
		told := func() []annuaire.RunState {
			one, err := svc.Run(context.Background(), rep.ID)
			all, lerr := svc.Runs(context.Background(), "", 1)
			ok(t, errors.Join(err, lerr))
			return []annuaire.RunState{one.State, all[0].State}
		}
		svc.Watch(func(string) (func(Progress), func(store.Run, error)) {
			return func(Progress) {}, func(store.Run, error) { // the log has it, and the run is not over
				stateIs(t, d, rep.ID, annuaire.RunPublished)
				if got := told(); got[0] != annuaire.RunRunning || got[1] != annuaire.RunRunning {
					t.Error("told before the end:", got)
				}
			}
		})
		_, err := svc.Approve(context.Background(), "", lead, nil)
		ok(t, err)
		if got := told(); got[0] != annuaire.RunPublished || got[1] != annuaire.RunPublished {
			t.Error("told after:", got)
		}
	})
	t.Run("an approved run is applied, exactly, and by whom and why is recorded", func(t *testing.T) {
		d, svc, rep, _ := awaiting(t, Options{})
		if r := stateIs(t, d, rep.ID, annuaire.RunAwaiting); r.Gate == nil || len(r.Gate.Examples) == 0 || r.People.Gone != 70 {
			t.Errorf("%+v", r)
		}
		done, err := svc.Approve(context.Background(), "", lead, nil)
		if err != nil || done.Outcome != store.OutcomeApplied || done.ID != rep.ID || done.People != rep.People || total(t, d, annuaire.Expr{}) != 2930 {
			t.Fatal(done, err)
		}
		r := stateIs(t, d, rep.ID, annuaire.RunPublished)
		if info, err := d.Info(); err != nil || info.Run != rep.ID {
			t.Error("the views are of run", info.Run, err)
		}
		if r.Decision == nil || !r.Decision.Approved || r.Decision.By != "lead" || r.Decision.Reason != lead.Reason || r.Decision.At.IsZero() {
			t.Errorf("%+v", r.Decision)
		}
		for _, f := range r.Files {
			if f.SHA256 == "" {
				t.Error("the hash was lost:", f)
			}
		}
		sound(t, d)
		if _, err := svc.Approve(context.Background(), rep.ID, lead, nil); annuaire.CodeOf(err) != annuaire.CodeConflict {
			t.Error("approved twice:", err)
		}
	})
	t.Run("it survives a restart", func(t *testing.T) {
		dir := t.TempDir()
		d, err := directory.Open(dir)
		ok(t, err)
		take(t, d, town(), day1)
		rep, err := Sync(context.Background(), d, Options{From: []string{fewer().folder(t, t.TempDir(), day2)}})
		ok(t, err)
		ok(t, d.Close())
		d, err = directory.Open(dir)
		ok(t, err)
		defer d.Close()
		stateIs(t, d, rep.ID, annuaire.RunAwaiting)
		done, err := serviceOf(t, d, Settings{}).Approve(context.Background(), rep.ID, lead, nil)
		if err != nil || done.People.Gone != 70 {
			t.Error(done, err)
		}
	})
	t.Run("downloads wait for it, and are not downloaded again", func(t *testing.T) {
		p, dir := newPublisher(t), t.TempDir()
		d, err := directory.Open(dir)
		ok(t, err)
		p.publish(t, town(), day1)
		o := Options{From: []string{"ans"}, Settings: settings(p), Trigger: annuaire.TriggerSchedule}
		_, err = Sync(context.Background(), d, o)
		ok(t, err)
		p.publish(t, fewer(), day2)
		rep, err := Sync(context.Background(), d, o)
		ok(t, err)
		sent := p.Sent.Load()
		again, err := Sync(context.Background(), d, o)
		if err != nil || again.Outcome != store.OutcomeAwaiting || again.ID != rep.ID || again.Gate == nil {
			t.Error("the clock does not say that a person is awaited:", again, err)
		}
		ok(t, d.Close())
		d, err = directory.Open(dir)
		ok(t, err)
		defer d.Close()
		p.Close()
		done, err := serviceOf(t, d, settings(p)).Approve(context.Background(), rep.ID, lead, nil)
		if err != nil || done.Outcome != store.OutcomeApplied || p.Sent.Load() != sent {
			t.Error(done, err)
		}
		if info, err := d.Info(); err != nil || len(info.Versions) != 2 {
			t.Error("the versions are not remembered:", info, err)
		}
	})
	t.Run("files that have changed meanwhile are not what was approved", func(t *testing.T) {
		d, svc, rep, dir := awaiting(t, Options{})
		files, err := filepath.Glob(filepath.Join(dir, "PS_LibreAcces_Personne*"))
		ok(t, err)
		ok(t, os.WriteFile(files[0], []byte("x"), 0o600))
		if _, err := svc.Approve(context.Background(), rep.ID, lead, nil); annuaire.CodeOf(err) != annuaire.CodePrecondition {
			t.Error(err)
		}
		stateIs(t, d, rep.ID, annuaire.RunAwaiting)
	})
	t.Run("changes that are no longer those of the report await approval again", func(t *testing.T) {
		d, svc, rep, _ := awaiting(t, Options{})
		r := stateIs(t, d, rep.ID, annuaire.RunAwaiting)
		r.Gate.Digest = "of other changes"
		ok(t, d.Ledger.PutSyncRun(r))
		if _, err := svc.Approve(context.Background(), rep.ID, lead, nil); annuaire.CodeOf(err) != annuaire.CodeConflict {
			t.Error(err)
		}
		if r := stateIs(t, d, rep.ID, annuaire.RunAwaiting); r.Decision != nil || total(t, d, annuaire.Expr{}) != 3000 {
			t.Errorf("%+v", r.Decision)
		}
	})
	t.Run("--yes is the approval of the person at the keyboard", func(t *testing.T) {
		d := settled(t)
		rep, err := Sync(context.Background(), d, Options{From: []string{fewer().folder(t, t.TempDir(), day2)}, Yes: true, By: "somebody"})
		if err != nil || rep.Outcome != store.OutcomeApplied || rep.Gate == nil || !rep.Gate.Closed {
			t.Fatal(rep, err)
		}
		if r := stateIs(t, d, rep.ID, annuaire.RunPublished); r.Decision == nil || r.Decision.By != "somebody" {
			t.Errorf("%+v", r.Decision)
		}
	})
	t.Run("an approved run that is interrupted goes on as approved, by the server or by the person", func(t *testing.T) {
		for name, again := range map[string]func(*Service) error{
			"the server": func(svc *Service) error { return svc.Resume(context.Background()) },
			"the person": func(svc *Service) error { _, err := svc.Approve(context.Background(), "", lead, nil); return err },
		} {
			for _, stage := range []Stage{StageAcquire, StageScan, StageCompare} {
				d, svc, rep, _ := awaiting(t, Options{})
				ctx, end := context.WithCancel(context.Background())
				_, err := svc.Approve(ctx, rep.ID, lead, func(p Progress) {
					if p.Stage == stage {
						end()
					}
				})
				if !errors.Is(err, context.Canceled) {
					t.Fatal(err)
				}
				if r := stateIs(t, d, rep.ID, annuaire.RunInterrupted); r.Gate == nil || len(r.Files) == 0 || r.Decision == nil {
					t.Fatalf("%s, at %s: %+v", name, stage, r)
				}
				if err := again(svc); err != nil || total(t, d, annuaire.Expr{}) != 2930 {
					t.Errorf("%s, at %s: %v", name, stage, err)
				}
				stateIs(t, d, rep.ID, annuaire.RunPublished)
			}
		}
	})
	t.Run("a later run that is published ends the wait", func(t *testing.T) {
		d, svc, rep, _ := awaiting(t, Options{})
		take(t, d, town(), day3)
		stateIs(t, d, rep.ID, annuaire.RunSuperseded)
		if _, err := svc.Approve(context.Background(), rep.ID, lead, nil); annuaire.CodeOf(err) != annuaire.CodeConflict {
			t.Error(err)
		}
	})
	t.Run("so does a later one that awaits approval too: there is one question at a time", func(t *testing.T) {
		d, svc, rep, _ := awaiting(t, Options{})
		w := fewer()
		w.activities = w.activities[10:]
		later, err := svc.Do(context.Background(), Options{From: []string{w.folder(t, t.TempDir(), day3)}})
		if err != nil || later.Outcome != store.OutcomeAwaiting {
			t.Fatal(later, err)
		}
		stateIs(t, d, rep.ID, annuaire.RunSuperseded)
		stateIs(t, d, later.ID, annuaire.RunAwaiting)
	})
	t.Run("the same files again are the same question, not another one", func(t *testing.T) {
		d, svc, rep, dir := awaiting(t, Options{})
		again, err := svc.Do(context.Background(), Options{From: []string{dir}})
		if err != nil || again.Outcome != store.OutcomeAwaiting || again.ID != rep.ID {
			t.Error(again, err)
		}
		r, err := svc.Start(context.Background(), Options{From: []string{dir}}) // one that is recorded whatever it finds
		ok(t, err)
		svc.Wait()
		if r = stateIs(t, d, r.ID, annuaire.RunUnchanged); r.ID == rep.ID || r.Gate != nil || len(r.Warnings) == 0 {
			t.Errorf("%+v", r)
		}
		stateIs(t, d, rep.ID, annuaire.RunAwaiting)
	})
}

func TestAbort(t *testing.T) {
	t.Run("an aborted run leaves everything as it was, and is not tried again by the clock", func(t *testing.T) {
		d, svc, rep, dir := awaiting(t, Options{})
		r, err := svc.Abort(context.Background(), "", annuaire.Decision{By: "lead", Reason: "truncated at the source"})
		if err != nil || r.State != annuaire.RunAborted || r.Decision.Approved || r.Decision.By != "lead" {
			t.Fatal(r, err)
		}
		stateIs(t, d, rep.ID, annuaire.RunAborted)
		auto, err := svc.Do(context.Background(), Options{From: []string{dir}, Trigger: annuaire.TriggerSchedule})
		if err != nil || auto.Outcome != store.OutcomeUnchanged || total(t, d, annuaire.Expr{}) != 3000 {
			t.Error(auto, err)
		}
		hand, err := svc.Do(context.Background(), Options{From: []string{dir}})
		if err != nil || hand.Outcome != store.OutcomeAwaiting || hand.ID == rep.ID {
			t.Error("a person is not heard:", hand, err)
		}
	})
	t.Run("a reason is needed, for both", func(t *testing.T) {
		_, svc, rep, _ := awaiting(t, Options{})
		for _, reason := range []string{"", strings.Repeat("é", maxReason+1)} {
			_, err1 := svc.Abort(context.Background(), rep.ID, annuaire.Decision{By: "lead", Reason: reason})
			_, err2 := svc.Approve(context.Background(), rep.ID, annuaire.Decision{By: "lead", Reason: reason}, nil)
			if annuaire.CodeOf(err1) != annuaire.CodeInvalid || annuaire.CodeOf(err2) != annuaire.CodeInvalid {
				t.Error(err1, err2)
			}
		}
	})
	t.Run("what does not await cannot be decided", func(t *testing.T) {
		d := loaded(t)
		svc := serviceOf(t, d, Settings{})
		_, err1 := svc.Abort(context.Background(), "000001", lead)
		_, err2 := svc.Abort(context.Background(), "", lead)
		_, err3 := svc.Approve(context.Background(), "000009", lead, nil)
		_, err4 := svc.Run(context.Background(), "x")
		if annuaire.CodeOf(err1) != annuaire.CodeConflict || annuaire.CodeOf(err2) != annuaire.CodeNotFound || annuaire.CodeOf(err3) != annuaire.CodeNotFound ||
			annuaire.CodeOf(err4) != annuaire.CodeNotFound {
			t.Error(err1, err2, err3, err4)
		}
	})
	t.Run("a running one is cancelled, and leaves nothing", func(t *testing.T) {
		d := loaded(t)
		svc := serviceOf(t, d, Settings{})
		reached, asked, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		dir := renamedSmall().folder(t, t.TempDir(), day2)
		go func() {
			var once sync.Once
			_, err := svc.Do(context.Background(), Options{From: []string{dir}, Progress: func(p Progress) {
				if p.Stage == StageCompare {
					once.Do(func() { close(reached); <-asked })
				}
			}})
			done <- err
		}()
		<-reached
		id, p, running := svc.Progress()
		if id != "000002" || p.Stage != StageCompare || !running {
			t.Error(id, p, running)
		}
		ended := make(chan error, 1)
		go func() {
			r, err := svc.Abort(context.Background(), id, lead)
			if err == nil && (r.State != annuaire.RunAborted || r.Decision == nil || r.Decision.By != "lead") {
				err = fmt.Errorf("%+v", r)
			}
			ended <- err
		}()
		for svc.cancelled() == nil {
			runtime.Gosched()
		}
		close(asked)
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		stateIs(t, d, "000002", annuaire.RunAborted)
		if glance(d) != "3 [ANNA BEA CARL]" {
			t.Error(glance(d))
		}
		sound(t, d)
	})
}

// cancelled is why the run under way is being cancelled, nil while it is not.
func (s *Service) cancelled() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now == nil {
		return nil
	}
	return context.Cause(s.now.ctx)
}
