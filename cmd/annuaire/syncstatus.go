package main

import (
	"io"

	"github.com/spf13/cobra"

	"annuaire/internal/cli"
	"annuaire/internal/cli/show"
	"annuaire/internal/config"
	"annuaire/internal/directory"
	"annuaire/internal/watch"
)

func syncStatusCommand() *cobra.Command {
	var s settings
	var out cli.Output
	c := &cobra.Command{
		Use:   "status",
		Short: "say what the sync is doing, how the last one ended, how old the data is",
		Long: `status asks the running server: the stage of the run under way, how far it is and the time left; the last run that was recorded; why
the last one failed, if it did; the age of the data. Without a server it reads what the data directory recorded.

EXIT STATUS
  0 said, and all is well · 1 the data is stale, or the last run failed · 2 bad usage · 5 a run awaits approval`,
		Args: cobra.NoArgs,
		RunE: s.with(func(c *cobra.Command, cfg config.Config, _ []string) error {
			st, err := onData(c.Context(), cfg, "sync-status", nil, nil, directory.Peek, func(d *directory.Directory) (watch.Status, error) {
				return recordedStatus(d, cfg)
			})
			if err != nil {
				return err
			}
			if err := out.Value(c.OutOrStdout(), st, func(w io.Writer) error { return show.Status(w, st) }); err != nil {
				return err
			}
			switch {
			case st.Stale || st.Failure != "":
				return cli.Exit(cli.ExitFailed)
			case st.Awaiting != "":
				return cli.Exit(cli.ExitGate)
			}
			return nil
		}),
	}
	s.dataFlags(c)
	out.Flag(c, "print one JSON object")
	return c
}

// recordedStatus is what a data directory that no server runs on says.
func recordedStatus(d *directory.Directory, cfg config.Config) (watch.Status, error) {
	w := watch.New(watch.Options{Source: watched{d}, Dir: cfg.Data})
	w.Guard(nil).Set(watch.Alarm{Limit: cfg.Alarm.Limit()})
	return w.Status()
}
