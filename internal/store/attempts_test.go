package store

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"annuaire"
)

func ledgerAt(t interface {
	Helper()
	Fatal(...any)
}, dir string) *Ledger {
	t.Helper()
	l, err := OpenLedger(filepath.Join(dir, "annuaire.db"))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func attempt(id string, s annuaire.RunState) annuaire.SyncRun {
	at := time.Date(2026, 11, 21, 4, 15, 0, 0, time.UTC)
	return annuaire.SyncRun{ID: id, State: s, Trigger: annuaire.TriggerSchedule, Started: at, Steps: []annuaire.SyncStep{{Stage: "acquire", Started: at, Seconds: 0.25}},
		Files: []annuaire.SyncFile{{Name: "a", Path: "/b", Identity: "c"}}, Warnings: []string{}, Versions: []string{"v"}, Known: []string{"k"}, From: []string{"ans"},
		Decision: &annuaire.Decision{By: "x", At: at}, Gate: &annuaire.Gate{Closed: true, Findings: []annuaire.GateFinding{{Group: "10", Share: 7.5, Examples: []annuaire.GateExample{}}}}}
}

func TestAttempts(t *testing.T) {
	ok := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	states := func(t *testing.T, l *Ledger) (out []string) {
		t.Helper()
		runs, err := l.SyncRuns("", 99)
		ok(t, err)
		for _, r := range runs {
			out = append(out, r.ID+" "+string(r.State))
		}
		return out
	}
	t.Run("what is recorded comes back, from another process too", func(t *testing.T) {
		dir, want := t.TempDir(), attempt("000007", annuaire.RunPublished)
		l := ledgerAt(t, dir)
		ok(t, l.PutSyncRun(want))
		ok(t, l.Close())
		l = ledgerAt(t, dir)
		defer l.Close()
		got, found, err := l.SyncRun("000007")
		if err != nil || !found || cmp.Diff(want, got) != "" {
			t.Error(err, cmp.Diff(want, got))
		}
		if id, err := l.NextRun(); id != "000008" || err != nil {
			t.Error("the number is given again:", id, err)
		}
		for _, id := range []string{"7", "x", "", "000008", "00000007"} {
			if _, found, err := l.SyncRun(id); found || err != nil {
				t.Error(id, err)
			}
		}
	})
	t.Run("only one awaits approval: the one before it is superseded", func(t *testing.T) {
		l := ledgerAt(t, t.TempDir())
		defer l.Close()
		ok(t, l.PutSyncRun(attempt("000001", annuaire.RunAwaiting)))
		ok(t, l.PutSyncRun(attempt("000002", annuaire.RunAwaiting)))
		if got := states(t, l); !slices.Equal(got, []string{"000002 awaiting_approval", "000001 superseded"}) {
			t.Error(got)
		}
		r, found, err := l.Awaiting()
		if err != nil || !found || r.ID != "000002" {
			t.Error(r, found, err)
		}
		ok(t, l.PutSyncRun(attempt("000002", annuaire.RunAborted)))
		if _, found, _ := l.Awaiting(); found {
			t.Error("it still awaits")
		}
	})
	t.Run("a commit publishes its run and supersedes the one that awaits, in one transaction", func(t *testing.T) {
		l := ledgerAt(t, t.TempDir())
		defer l.Close()
		ok(t, l.PutSyncRun(attempt("000001", annuaire.RunAwaiting)))
		ok(t, l.PutSyncRun(attempt("000002", annuaire.RunRunning)))
		_, err := l.Commit(Run{ID: "000002", Outcome: OutcomeApplied}, "000001", nil)
		ok(t, err)
		ok(t, l.EndInterrupted(time.Now()))
		if got := states(t, l); !slices.Equal(got, []string{"000002 published", "000001 superseded"}) {
			t.Error(got)
		}
	})
	t.Run("a run whose process ended is interrupted, any other stays", func(t *testing.T) {
		l := ledgerAt(t, t.TempDir())
		defer l.Close()
		ok(t, l.PutSyncRun(attempt("000001", annuaire.RunAwaiting)))
		ok(t, l.PutSyncRun(attempt("000002", annuaire.RunRunning)))
		for range 2 {
			ok(t, l.EndInterrupted(time.Now()))
			if got := states(t, l); !slices.Equal(got, []string{"000002 interrupted", "000001 awaiting_approval"}) {
				t.Error(got)
			}
		}
	})
	t.Run("old runs are forgotten, not their numbers", func(t *testing.T) {
		l := ledgerAt(t, t.TempDir())
		defer l.Close()
		ok(t, l.PutSyncRun(attempt(RunID(1), annuaire.RunPublished)))
		ok(t, l.PutSyncRun(attempt(RunID(maxAttempts+1), annuaire.RunPublished)))
		if got := states(t, l); !slices.Equal(got, []string{"001501 published"}) {
			t.Error(got)
		}
	})
	t.Run("when the sources were looked at is remembered", func(t *testing.T) {
		l := ledgerAt(t, t.TempDir())
		defer l.Close()
		if at, err := l.Looked(); !at.IsZero() || err != nil {
			t.Error(at, err)
		}
		now := time.Now().UTC().Truncate(time.Second)
		ok(t, l.SetLooked(now))
		if at, err := l.Looked(); !at.Equal(now) || err != nil {
			t.Error(at, err)
		}
	})
	t.Run("a number that is none is refused", func(t *testing.T) {
		l := ledgerAt(t, t.TempDir())
		defer l.Close()
		if _, err := l.SyncRuns("x", 1); annuaire.CodeOf(err) != annuaire.CodeInvalid {
			t.Error(err)
		}
		if err := l.PutSyncRun(attempt("x", annuaire.RunFailed)); err == nil {
			t.Error("recorded")
		}
	})
}

// Pages of any size, begun anywhere, are those of a list.
func TestPagesOfRuns(t *testing.T) {
	l := ledgerAt(t, t.TempDir())
	defer l.Close()
	var all []string
	for _, n := range []uint64{2, 3, 4, 7, 11, 12, 30} {
		all = append([]string{RunID(n)}, all...)
		if err := l.PutSyncRun(attempt(RunID(n), annuaire.RunPublished)); err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		before, n := RunID(uint64(rapid.IntRange(0, 35).Draw(t, "before"))), rapid.IntRange(1, 9).Draw(t, "n")
		var want, got []string
		for _, id := range all {
			if id < before && len(want) < n {
				want = append(want, id)
			}
		}
		runs, err := l.SyncRuns(before, n)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range runs {
			got = append(got, r.ID)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("before %s: %v, want %v", before, got, want)
		}
	})
}
