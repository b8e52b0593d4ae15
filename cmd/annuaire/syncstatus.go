package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"annuaire/internal/control"
	"annuaire/internal/directory"
	"annuaire/internal/watch"
	"annuaire/sync/run"
)

func syncStatusCommand() *cobra.Command {
	var s settings
	var asJSON bool
	c := &cobra.Command{
		Use:   "status",
		Short: "say what the sync is doing, how the last one ended, how old the data is",
		Long: `status asks the running server: the stage of the run under way, how far it is and the time left; the last run that was recorded; why
the last one failed, if it did; the age of the data. Without a server it reads what the data directory recorded.

EXIT STATUS
  0 said, and all is well · 1 the data is stale, or the last run failed · 2 bad usage · 5 a run awaits approval`,
		Args: args0,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := s.load(c)
			if err != nil {
				return err
			}
			var st watch.Status
			err = control.Call(c.Context(), socket(cfg), "sync-status", nil, nil, &st)
			if errors.Is(err, control.ErrNoServer) {
				st, err = recordedStatus(cfg.Data, cfg.Alarm.Limit())
			}
			if err != nil {
				return err
			}
			if err := printStatus(c.OutOrStdout(), st, asJSON); err != nil {
				return err
			}
			if st.Stale || st.Failure != "" {
				return &outcome{1}
			}
			if st.Awaiting != "" {
				return &outcome{exitGate}
			}
			return nil
		},
	}
	s.dataFlags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

// recordedStatus is what a data directory that no server runs on says.
func recordedStatus(data string, limit time.Duration) (st watch.Status, err error) {
	d, err := directory.Peek(data)
	if err != nil {
		return st, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	w := watch.New(watch.Options{Source: watched{d}, Dir: data})
	w.Guard(nil).Set(watch.Alarm{Limit: limit})
	return w.Status()
}

func printStatus(w io.Writer, st watch.Status, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(st)
	}
	switch {
	case st.Running:
		p := run.Progress{Stage: run.Stage(st.Stage), Done: st.Done, Total: st.Total, Unit: st.Unit}
		fmt.Fprintf(w, "run %s under way for %s: %s", st.Run, seconds(st.Elapsed), line(p, 0))
		if st.Left > 0 {
			fmt.Fprintf(w, ", %s left in this stage", seconds(st.Left))
		}
		fmt.Fprintln(w)
	default:
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
	fmt.Fprintf(w, "data of %s, %s old%s\n", st.Extract.Format(time.RFC3339), age(time.Duration(st.Age*float64(time.Second))), stale)
	if !st.Good.IsZero() {
		fmt.Fprintf(w, "last good run: %s\n", st.Good.Format(time.RFC3339))
	}
	if st.Disk.Problem != "" {
		fmt.Fprintln(w, "disk:", st.Disk.Problem)
	}
	if st.Last != nil {
		fmt.Fprintln(w)
		return printReport(w, *st.Last, false)
	}
	return nil
}

func seconds(s float64) time.Duration {
	return time.Duration(s * float64(time.Second)).Round(time.Second)
}
