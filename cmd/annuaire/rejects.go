package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"annuaire/internal/cli"
	"annuaire/internal/cli/show"
	"annuaire/internal/config"
	"annuaire/internal/directory"
	"annuaire/sync/run"
)

func rejectsCommand() *cobra.Command {
	var s settings
	var o show.Rejects
	c := &cobra.Command{
		Use:   "rejects [RUN]",
		Short: "say which rows a run put aside, and why",
		Long: `rejects counts the rows that a run put aside, by file and reason; the last run that put any aside when none is named. The rows themselves
are personal data: they are shown with --rows, and as they are with --json, one object per line; who reads them is in the audit.`,
		Example: "  annuaire sync rejects --data data\n  annuaire sync rejects 000042 --rows --limit 20",
		Args:    cobra.MaximumNArgs(1),
		RunE: s.with(func(c *cobra.Command, cfg config.Config, args []string) error {
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
			if o.Rows || o.JSON {
				req := rejectsRequest{Run: args[0], By: cli.User()}
				if _, err := onData(c.Context(), cfg, "rejects", req, nil, openExisting, req.note); err != nil {
					return err
				}
			}
			return o.Write(c.OutOrStdout(), dir, args[0])
		}),
	}
	s.dataFlags(c)
	c.Flags().BoolVar(&o.Rows, "rows", false, "show the rows (personal data)")
	c.Flags().IntVar(&o.Limit, "limit", 100, "with --rows and --json: rows shown at most; 0 is all of them")
	c.Flags().BoolVar(&o.JSON, "json", false, "print one JSON object per row")
	return c
}

// rejectsRequest is that somebody is about to read rejected rows.
type rejectsRequest struct {
	Run string `json:"run"`
	By  string `json:"by"`
}

// note writes it into the audit.
func (r rejectsRequest) note(d *directory.Directory) (struct{}, error) {
	return struct{}{}, auditLocal(d, r.By, "sync.rejects", r.Run, "", nil)
}
