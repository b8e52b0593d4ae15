package run

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
)

// hands is a clock that a test moves.
type hands struct {
	mu      sync.Mutex
	now     time.Time
	waiting chan time.Duration
	go_     chan struct{}
}

func clockAt(at string) *hands {
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		panic(err)
	}
	return &hands{now: t, waiting: make(chan time.Duration), go_: make(chan struct{})}
}

func (h *hands) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

// After moves the clock by what was asked for, when the test lets it.
func (h *hands) After(d time.Duration) <-chan time.Time {
	out := make(chan time.Time, 1)
	h.waiting <- d
	<-h.go_
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
	out <- h.now
	return out
}

// looks runs a schedule from one time to another and lists when it looked at the sources.
func looks(t *testing.T, d *directory.Directory, s Settings, line, from, to string) (out []string) {
	t.Helper()
	when, err := ParseSchedule(line, "Europe/Paris", 0)
	ok(t, err)
	clock, end := clockAt(from), clockAt(to).now
	svc := serviceOf(t, d, s)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- svc.Keep(ctx, when, []string{"ans"}, clock) }()
	last := time.Time{}
	note := func() {
		if at, err := d.Ledger.Looked(); err == nil && !at.Equal(last) {
			last = at
			out = append(out, at.Format("02 15:04"))
		}
	}
	for {
		<-clock.waiting
		note()
		if !clock.Now().Before(end) {
			break
		}
		clock.go_ <- struct{}{}
	}
	cancel()
	clock.go_ <- struct{}{}
	ok(t, <-done)
	return out
}

func TestSchedule(t *testing.T) {
	fresh := func(t *testing.T) (publisher, *directory.Directory, Settings) {
		p := newPublisher(t)
		p.publish(t, small(), day1)
		return p, openDirectory(t), settings(p)
	}
	t.Run("a directory that holds nothing is filled at once", func(t *testing.T) {
		_, d, s := fresh(t)
		got := looks(t, d, s, "15 4,8 * * *", "2026-11-21T06:00:00Z", "2026-11-21T06:30:00Z")
		if !slices.Equal(got, []string{"21 06:00"}) || total(t, d, annuaire.Expr{}) != 3 {
			t.Error(got)
		}
	})
	t.Run("the sources are looked at in the time zone that was set", func(t *testing.T) {
		_, d, s := fresh(t)
		ok(t, d.Ledger.SetLooked(clockAt("2026-11-21T02:00:00Z").now))
		got := looks(t, d, s, "15 4,8 * * *", "2026-11-21T02:00:00Z", "2026-11-22T04:00:00Z")
		if !slices.Equal(got, []string{"21 02:00", "21 03:15", "21 07:15", "22 03:15"}) { // the first is what was recorded before
			t.Error(got)
		}
	})
	t.Run("it follows summer time", func(t *testing.T) {
		_, d, s := fresh(t)
		ok(t, d.Ledger.SetLooked(clockAt("2026-03-28T04:00:00Z").now))
		got := looks(t, d, s, "15 4 * * *", "2026-03-28T04:00:00Z", "2026-03-29T05:00:00Z")
		if !slices.Equal(got[1:], []string{"29 02:15"}) {
			t.Error(got)
		}
	})
	t.Run("what was missed is caught up, once", func(t *testing.T) {
		_, d, s := fresh(t)
		ok(t, d.Ledger.SetLooked(clockAt("2026-11-11T03:15:00Z").now))
		got := looks(t, d, s, "15 4,8 * * *", "2026-11-21T05:00:00Z", "2026-11-21T06:00:00Z")
		if !slices.Equal(got, []string{"21 05:00"}) {
			t.Error(got)
		}
	})
	t.Run("a source that is away is asked again at the next time", func(t *testing.T) {
		p, d, s := fresh(t)
		p.Close()
		ok(t, d.Ledger.SetLooked(clockAt("2026-11-21T02:00:00Z").now))
		got := looks(t, d, s, "0 4,5 * * *", "2026-11-21T02:00:00Z", "2026-11-21T04:30:00Z")
		if !slices.Equal(got[1:], []string{"21 03:00", "21 04:00"}) {
			t.Error(got)
		}
	})
	t.Run("jitter puts each time off, by no more than was set", func(t *testing.T) {
		when, err := ParseSchedule("0 4 * * *", "UTC", 10*time.Minute)
		ok(t, err)
		base, seen := clockAt("2026-11-21T00:00:00Z").now, map[time.Duration]bool{}
		for range 50 {
			by := when.next(base).Sub(clockAt("2026-11-21T04:00:00Z").now)
			if by < 0 || by >= 10*time.Minute {
				t.Error(by)
			}
			seen[by] = true
		}
		if len(seen) < 10 {
			t.Error("always the same")
		}
	})
	for _, bad := range [][2]string{{"x", "UTC"}, {"61 * * * *", "UTC"}, {"", "UTC"}, {"0 4 * * *", "Europe/Lutece"}, {"0 4 * * *", ""}} {
		if _, err := ParseSchedule(bad[0], bad[1], 0); annuaire.CodeOf(err) != annuaire.CodeInvalid {
			t.Error(bad, err)
		}
	}
}

func TestOneRunAtATime(t *testing.T) {
	d := loaded(t)
	svc := serviceOf(t, d, Settings{})
	in, out := make(chan struct{}), make(chan struct{})
	dir := renamedSmall().folder(t, t.TempDir(), day2)
	var once sync.Once
	go func() {
		_, _ = svc.Do(context.Background(), Options{From: []string{dir}, By: "the first", Trigger: annuaire.TriggerServer, Progress: func(p Progress) {
			if p.Stage == StageScan {
				once.Do(func() { close(in); <-out })
			}
		}})
	}()
	<-in
	_, err := svc.Do(context.Background(), Options{From: []string{dir}})
	if annuaire.CodeOf(err) != annuaire.CodeConflict || !contains(err.Error(), "by the first", "server", "s") {
		t.Error("the conflict does not say whose run it is:", err)
	}
	if _, err := svc.Start(context.Background(), Options{From: []string{dir}}); annuaire.CodeOf(err) != annuaire.CodeConflict {
		t.Error(err)
	}
	if id, _, running := svc.Progress(); id != "000002" || !running {
		t.Error("the second one hides the first:", id, running)
	}
	close(out)
	svc.Wait()
	stateIs(t, d, "000002", annuaire.RunPublished)
}

func TestStartedRunsGoOnByThemselves(t *testing.T) {
	d := loaded(t)
	svc := serviceOf(t, d, Settings{})
	r, err := svc.Start(context.Background(), Options{From: []string{renamedSmall().folder(t, t.TempDir(), day2)}, Trigger: annuaire.TriggerServer, By: "token abc"})
	if err != nil || r.ID != "000002" || r.State != annuaire.RunRunning || r.By != "token abc" {
		t.Fatal(r, err)
	}
	svc.Wait()
	stateIs(t, d, "000002", annuaire.RunPublished)
	t.Run("one that finds nothing new is recorded too: somebody asked for it", func(t *testing.T) {
		dir := renamedSmall().folder(t, t.TempDir(), day2)
		for range 2 {
			r, err = svc.Start(context.Background(), Options{From: []string{dir}})
			ok(t, err)
			svc.Wait()
			stateIs(t, d, r.ID, annuaire.RunUnchanged)
		}
	})
}

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

func TestCanaries(t *testing.T) {
	d := settled(t)
	pharmacists := Canary{Name: "pharmaciens", Where: annuaire.OneActivity(annuaire.Equals(annuaire.FieldProfession, "21")), Least: 1150}
	one := Canary{Name: "quelqu'un", Where: annuaire.Equals(annuaire.FieldID, someone(7)), Least: 1}
	try := func(w world, yes bool, c ...Canary) (store.Run, error) {
		return Sync(context.Background(), d, Options{From: []string{w.folder(t, t.TempDir(), day2)}, Yes: yes, Settings: Settings{Canaries: c}})
	}
	refuses := func(t *testing.T, w world, c Canary) {
		t.Helper()
		seq, gen := headOf(t, d), d.Current().Name
		_, err := try(w, true, c)
		if exit := asInput(err); exit == nil || !contains(err.Error(), "canary", c.Name) {
			t.Error(err)
		}
		if headOf(t, d) != seq || d.Current().Name != gen || total(t, d, annuaire.Expr{}) != 3000 {
			t.Error("something was published")
		}
		sound(t, d)
	}
	t.Run("people who must be there and leave: nothing is published, whoever says yes", func(t *testing.T) {
		w := town()
		w.activities = without(w.activities, 7, 8)
		refuses(t, w, one)
	})
	t.Run("too few of a profession: nothing is published", func(t *testing.T) { refuses(t, fewer(), pharmacists) })
	t.Run("a first load without them is not published", func(t *testing.T) {
		empty := openDirectory(t)
		_, err := Sync(context.Background(), empty, Options{From: []string{small().folder(t, t.TempDir(), day1)}, Settings: Settings{Canaries: []Canary{one}}})
		if asInput(err) == nil || empty.Current() != nil {
			t.Error(err)
		}
	})
	t.Run("a canary that is sure to live lets the change be made in place", func(t *testing.T) {
		w := town()
		w.activities = renamed(w.activities, 1500, 1530)
		rep, err := try(w, false, pharmacists, one)
		if err != nil || rep.Outcome != store.OutcomeApplied {
			t.Error(rep, err)
		}
	})
	t.Run("one that is not sure is asked in a generation aside", func(t *testing.T) {
		w := town()
		w.activities = renamed(w.activities, 7, 8)
		rep, err := try(w, false, one)
		if err != nil || rep.Outcome != store.OutcomeLoaded || rep.People.Total() != 31 { // those of before, back, and this one
			t.Error(rep, err)
		}
		sound(t, d)
	})
}
