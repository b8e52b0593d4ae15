package main

import (
	"io"

	"github.com/spf13/cobra"

	"annuaire/internal/cli"
	"annuaire/internal/cli/show"
	"annuaire/internal/config"
	"annuaire/internal/directory"
)

func checkCommand() *cobra.Command {
	var s settings
	var out cli.Output
	c := &cobra.Command{
		Use:   "check",
		Short: "verify, record by record, that store and indexes agree",
		Long:  "check reads every record and compares it with its print and with what is indexed.\n\nEXIT STATUS\n  0 all agree · 1 they do not, or the check failed",
		Args:  cobra.NoArgs,
		RunE: s.with(func(c *cobra.Command, cfg config.Config, _ []string) error {
			rep, err := onData(c.Context(), cfg, "check", nil, nil, directory.Open, func(d *directory.Directory) (directory.CheckReport, error) { return d.Check(c.Context()) })
			if err != nil {
				return err
			}
			if err := out.Value(c.OutOrStdout(), rep, func(w io.Writer) error { return show.Check(w, rep) }); err != nil || rep.Problems == 0 {
				return err
			}
			return cli.Exit(cli.ExitFailed)
		}),
	}
	s.dataFlags(c)
	out.Flag(c, "print one JSON object")
	return c
}
