package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"annuaire/internal/cli"
	"annuaire/internal/cli/show"
	"annuaire/sync/run"
)

func rejectsCommand() *cobra.Command {
	var s settings
	var o show.Rejects
	c := &cobra.Command{
		Use:   "rejects [RUN]",
		Short: "say which rows a run put aside, and why",
		Long: `rejects counts the rows that a run put aside, by file and reason; the last run that put any aside when none is named. The rows themselves
are personal data: they are shown with --rows, and as they are with --json, one object per line.`,
		Example: "  annuaire sync rejects --data data\n  annuaire sync rejects 000042 --rows --limit 20",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			cfg, err := s.load(c)
			if err != nil {
				return err
			}
			if o.Limit < 0 {
				return cli.Usage(fmt.Errorf("--limit %d: 0 (all of them) or more is expected", o.Limit))
			}
			dir := filepath.Join(cfg.Data, "rejects")
			if len(args) == 0 {
				kept, err := run.RejectRuns(dir)
				if err != nil {
					return err
				}
				if len(kept) == 0 {
					_, err := fmt.Fprintln(c.ErrOrStderr(), "aucune ligne refusée / no row was rejected")
					return err
				}
				args = kept[:1]
			}
			return o.Write(c.OutOrStdout(), dir, args[0])
		},
	}
	s.dataFlags(c)
	c.Flags().BoolVar(&o.Rows, "rows", false, "show the rows (personal data)")
	c.Flags().IntVar(&o.Limit, "limit", 100, "with --rows and --json: rows shown at most; 0 is all of them")
	c.Flags().BoolVar(&o.JSON, "json", false, "print one JSON object per row")
	return c
}
