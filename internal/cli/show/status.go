package show

import (
	"fmt"
	"io"
	"time"

	"annuaire/internal/cli"
	"annuaire/internal/watch"
	"annuaire/sync/run"
)

// Status writes the run under way, how the last one ended and how old the data is.
func Status(w io.Writer, st watch.Status) error {
	if st.Running {
		p := run.Progress{Stage: run.Stage(st.Stage), Done: st.Done, Total: st.Total, Unit: st.Unit}
		fmt.Fprintf(w, "run %s under way for %s: %s", st.Run, seconds(st.Elapsed), line(p, 0))
		if st.Left > 0 {
			fmt.Fprintf(w, ", %s left in this stage", seconds(st.Left))
		}
		fmt.Fprintln(w)
	} else {
		fmt.Fprintln(w, "aucune synchronisation en cours / no run under way")
	}
	if st.Awaiting != "" {
		fmt.Fprintf(w, "run %s awaits approval since %s: annuaire sync approve | abort\n", st.Awaiting, st.AwaitingSince.Format(time.RFC3339))
	}
	if st.Failure != "" {
		fmt.Fprintf(w, "FAILED at %s: %s\n", st.FailedAt.Format(time.RFC3339), st.Failure)
	}
	if st.Extract.IsZero() {
		_, err := fmt.Fprintln(w, "aucune donnée / no data yet")
		return err
	}
	stale := ""
	if st.Stale {
		stale = " — PÉRIMÉES / STALE"
	}
	fmt.Fprintf(w, "data of %s, %s old%s\n", st.Extract.Format(time.RFC3339), cli.Age(time.Duration(st.Age*float64(time.Second))), stale)
	if !st.Good.IsZero() {
		fmt.Fprintf(w, "last good run: %s\n", st.Good.Format(time.RFC3339))
	}
	if st.Disk.Problem != "" {
		fmt.Fprintln(w, "disk:", st.Disk.Problem)
	}
	if st.Last == nil {
		return nil
	}
	fmt.Fprintln(w)
	return Report(w, *st.Last)
}
