package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"annuaire/internal/control"
	"annuaire/internal/directory"
)

func checkCommand() *cobra.Command {
	var s settings
	var asJSON bool
	c := &cobra.Command{
		Use:   "check",
		Short: "verify, record by record, that store and indexes agree",
		Long:  "check reads every record and compares it with its print and with what is indexed.\n\nEXIT STATUS\n  0 all agree · 1 they do not, or the check failed",
		Args:  args0,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := s.load(c)
			if err != nil {
				return err
			}
			var rep directory.CheckReport
			err = control.Call(c.Context(), socket(cfg), "check", nil, nil, &rep)
			if errors.Is(err, control.ErrNoServer) {
				var d *directory.Directory
				if d, err = directory.Open(cfg.Data); err != nil {
					return err
				}
				rep, err = d.Check(c.Context())
				err = errors.Join(err, d.Close())
			}
			if err != nil {
				return err
			}
			return printCheck(c, rep, asJSON)
		},
	}
	s.dataFlags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

func printCheck(c *cobra.Command, rep directory.CheckReport, asJSON bool) error {
	if asJSON {
		if err := json.NewEncoder(c.OutOrStdout()).Encode(rep); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(c.OutOrStdout(), "%d people, %d structures, %d mailboxes: %d problems\n", rep.People, rep.Structures, rep.Mailboxes, rep.Problems)
		for _, e := range rep.Examples {
			fmt.Fprintln(c.OutOrStdout(), " -", e)
		}
	}
	if rep.Problems > 0 {
		return &outcome{1}
	}
	return nil
}

// checkCommandOf is check as the control socket offers it.
func checkCommandOf(d *directory.Directory) control.Command {
	return func(ctx context.Context, _ json.RawMessage, _ func(any)) (any, error) { return d.Check(ctx) }
}
