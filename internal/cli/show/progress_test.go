package show

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"annuaire/sync/run"
)

func TestProgressLine(t *testing.T) {
	for _, tt := range []struct {
		rule    string
		state   run.Progress
		elapsed time.Duration
		want    string
	}{
		{"a stage without amount is its name", run.Progress{Stage: run.StageVerify}, time.Second, "verify"},
		{"speed and time left", run.Progress{Stage: run.StageScan, Done: 200e6, Total: 1000e6, Unit: "bytes"}, 2 * time.Second,
			"parse 200 MB of 1000 MB (20 %), 100 MB/s, 8s left"},
		{"rows per second where they are counted", run.Progress{Stage: run.StageScan, Done: 200e6, Total: 1000e6, Unit: "bytes", Rows: 500_000}, 2 * time.Second,
			"parse 200 MB of 1000 MB (20 %), 250000 rows/s, 8s left"},
		{"the speed of what has ended, however short it was", run.Progress{Stage: run.StageScan, Done: 1e6, Total: 1e6, Unit: "bytes", Rows: 500}, time.Millisecond,
			"parse 1 MB of 1 MB (100 %), 500000 rows/s, 0s left"},
		{"no time left where the total is not known", run.Progress{Stage: run.StageBuild, Done: 5000, Unit: "person"}, time.Second, "build 5000 person, 5000 person/s"},
		{"no speed in the first moment", run.Progress{Stage: run.StageScan, Done: 1, Total: 10, Unit: "person"}, time.Millisecond, "parse 1 person of 10 person (10 %)"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if d := cmp.Diff(tt.want, line(tt.state, tt.elapsed)); d != "" {
				t.Error(d)
			}
		})
	}
	t.Run("nothing is shown where there is no terminal", func(t *testing.T) {
		var b bytes.Buffer
		p := NewProgress(&b)
		p.Update(run.Progress{Stage: run.StageScan, Done: 1})
		p.End()
		if b.Len() > 0 {
			t.Error(b.String())
		}
	})
}
