package run

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/directory"
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

// audited returns the lines of the audit: who, what, target, why.
func audited(t *testing.T, d *directory.Directory) (out []string) {
	t.Helper()
	ok(t, d.Ledger.EachAudit(annuaire.AuditFilter{}, func(r annuaire.AuditRecord) error {
		out = append(out, strings.TrimSpace(strings.Join([]string{r.Who, r.What, r.Target, r.Why}, " ")))
		return nil
	}))
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
	t.Run("a run that nobody asked for is in the audit, a look that finds nothing new is not", func(t *testing.T) {
		_, d, s := fresh(t)
		looks(t, d, s, "15 4,8 * * *", "2026-11-21T02:00:00Z", "2026-11-21T08:00:00Z")
		if got := audited(t, d); !slices.Equal(got, []string{"schedule sync.start ans run 000001"}) {
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
