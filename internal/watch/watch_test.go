package watch

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"annuaire"
	"annuaire/internal/store"
)

func status(t *testing.T, w *Watch) Status {
	t.Helper()
	s, err := w.Status()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStatus(t *testing.T) {
	src := loaded()
	w := watching(t, src)
	t.Run("before any run of this process it tells of the last one recorded", func(t *testing.T) {
		s := status(t, w)
		if s.Running || s.Last == nil || s.Last.ID != "000001" || s.Age != 3600 || s.Stale || !s.Good.Equal(src.last.Started) {
			t.Errorf("%+v", s)
		}
	})
	r := w.Begin("000002")
	t.Run("a run under way has a stage, how far it is, and the time left", func(t *testing.T) {
		r.Progress("acquire", 0, 0, "")
		src.pass(2 * time.Second)
		r.Progress("scan", 0, 400, "bytes")
		src.pass(3 * time.Second)
		r.Progress("scan", 100, 400, "bytes")
		s := status(t, w)
		if !s.Running || s.Run != "000002" || s.Stage != "scan" || s.Elapsed != 5 || s.Left != 9 || s.Unit != "bytes" {
			t.Errorf("%+v", s)
		}
	})
	t.Run("a second one, refused, changes nothing of the first", func(t *testing.T) {
		w.Begin("000003").End(store.Run{}, annuaire.Errorf(annuaire.CodeConflict, "", "", "running", nil))
		if s := status(t, w); !s.Running || s.Run != "000002" || s.Failure != "" {
			t.Errorf("%+v", s)
		}
	})
	t.Run("when it ends well its stages and its report stay", func(t *testing.T) {
		src.pass(time.Second)
		r.End(store.Run{ID: "000002", Outcome: store.OutcomeApplied}, nil)
		s := status(t, w)
		if s.Running || s.Last.ID != "000002" || s.Stages["acquire"] != 2 || s.Stages["scan"] != 4 || !s.Good.Equal(src.clock()) {
			t.Errorf("%+v", s)
		}
	})
	t.Run("one that fails says why, and the last good one stays", func(t *testing.T) {
		good := status(t, w).Good
		src.pass(time.Hour)
		w.Begin("000003").End(store.Run{}, errors.New("no room"))
		s := status(t, w)
		if s.Failure != "no room" || !s.FailedAt.Equal(src.clock()) || s.Last.ID != "000002" || !s.Good.Equal(good) {
			t.Errorf("%+v", s)
		}
	})
	t.Run("nothing new is good news, and ends the failure", func(t *testing.T) {
		w.Begin("000003").End(store.Run{Outcome: store.OutcomeUnchanged}, nil)
		s := status(t, w)
		if s.Failure != "" || s.Last.ID != "000002" || !s.Good.Equal(src.clock()) {
			t.Errorf("%+v", s)
		}
	})
	t.Run("a dry run is none", func(t *testing.T) {
		good := status(t, w).Good
		src.pass(time.Hour)
		w.Begin("000003").End(store.Run{Outcome: store.OutcomeDryRun}, nil)
		if s := status(t, w); !s.Good.Equal(good) {
			t.Errorf("%+v", s)
		}
	})
}

func TestCollector(t *testing.T) {
	src := loaded()
	w := watching(t, src)
	w.Begin("000002").End(store.Run{}, &annuaire.InputError{Err: errors.New("bad")})
	if err := w.Count(); err != nil {
		t.Fatal(err)
	}
	r := w.Begin("000002")
	r.Progress("scan", 1, 4, "bytes")
	want := `
# HELP annuaire_data_age_seconds Age of the people extract that is shown.
# TYPE annuaire_data_age_seconds gauge
annuaire_data_age_seconds 3600
# HELP annuaire_records Records shown.
# TYPE annuaire_records gauge
annuaire_records{kind="mailbox"} 3
annuaire_records{kind="person"} 20
# HELP annuaire_sync_failing 1 when the last run failed or was rejected.
# TYPE annuaire_sync_failing gauge
annuaire_sync_failing 1
# HELP annuaire_sync_runs_total Runs since the start of this process.
# TYPE annuaire_sync_runs_total counter
annuaire_sync_runs_total{outcome="rejected"} 1
# HELP annuaire_sync_stage 1 for the stage of the run under way.
# TYPE annuaire_sync_stage gauge
annuaire_sync_stage{stage="scan"} 1
# HELP annuaire_sync_stage_progress_ratio Share of the stage that is done.
# TYPE annuaire_sync_stage_progress_ratio gauge
annuaire_sync_stage_progress_ratio 0.25
# HELP annuaire_log_oldest First sequence of the change log that is kept.
# TYPE annuaire_log_oldest gauge
annuaire_log_oldest 4
`
	if err := testutil.CollectAndCompare(w, strings.NewReader(want), "annuaire_data_age_seconds", "annuaire_records", "annuaire_sync_failing",
		"annuaire_sync_runs_total", "annuaire_sync_stage", "annuaire_sync_stage_progress_ratio", "annuaire_log_oldest"); err != nil {
		t.Error(err)
	}
	if problems, err := testutil.CollectAndLint(w); err != nil || len(problems) > 0 {
		t.Error(problems, err)
	}
}

func TestDisk(t *testing.T) {
	w := watching(t, loaded())
	dir := w.opts.Dir
	t.Run("a data directory that cannot be written to is a problem", func(t *testing.T) {
		w.opts.Dir = filepath.Join(dir, "away")
		if d := w.LookAtDisk(); d.Problem == "" {
			t.Errorf("%+v", d)
		}
		w.opts.Dir = dir
	})
	if err := os.WriteFile(filepath.Join(dir, "x"), make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Run("one that can be is none, and its size is that of its files", func(t *testing.T) {
		d := w.LookAtDisk()
		if d.Problem != "" || d.Used < 1<<20 || d.Used > 2<<20 || status(t, w).Disk != d {
			t.Errorf("%+v", d)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
			t.Error("the probe stays:", left, err)
		}
	})
}

func TestLogOfRuns(t *testing.T) {
	var out bytes.Buffer
	w := New(Options{Source: loaded(), Log: slog.New(slog.NewJSONHandler(&out, nil))})
	r := w.Begin("000042")
	r.Progress("scan", 1, 2, "bytes")
	r.Progress("scan", 2, 2, "bytes")
	r.End(store.Run{ID: "000042", Outcome: store.OutcomeApplied, People: annuaire.Counts{Changed: 7}}, nil)
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	t.Run("every line of a run has its id, a stage is said once", func(t *testing.T) {
		if len(lines) != 3 {
			t.Error(out.String())
		}
		for _, l := range lines {
			if !strings.Contains(l, `"run":"000042"`) {
				t.Error(l)
			}
		}
	})
}
