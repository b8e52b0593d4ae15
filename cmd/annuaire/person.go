package main

import (
	"errors"
	"io"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"annuaire/internal/cli"
)

func personCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "person", Short: "what is held on somebody beyond the national data: export, erase (GDPR)",
		Long: `person answers the requests of people about their data (GDPR, articles 15 and 17), through the running server. Both are recorded in the audit,
with the reason. What an erasure leaves, and why, is in its answer and in docs/DELEGATIONS.md.`,
	}
	c.AddCommand(personExport(), personErase())
	return c
}

func heldPath(id, reason string) string {
	return "/v1/persons/" + url.PathEscape(id) + "/held?reason=" + url.QueryEscape(reason)
}

var errReason = cli.Usage(errors.New("--reason is needed: it is recorded with who asks, and when"))

func personExport() *cobra.Command {
	var s settings
	var reason, out string
	c := &cobra.Command{
		Use: "export ID --reason TEXT", Short: "print everything held on somebody, as JSON", Example: "  annuaire person export 899012345679 --reason 'demande du 12/11' --out zelie.json", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if reason == "" {
				return errReason
			}
			a, err := s.local(c).Ask(c.Context(), http.MethodGet, heldPath(args[0], reason), nil)
			if err != nil {
				return err
			}
			_, err = cli.Write(c, out, func(w io.Writer) error { return cli.Indented(w, a.Body) })
			return err
		},
	}
	s.dataFlags(c)
	c.Flags().StringVar(&reason, "reason", "", "why (recorded)")
	c.Flags().StringVar(&out, "out", "", "a new file to write to, for its owner alone")
	return c
}

func personErase() *cobra.Command {
	var s settings
	var reason string
	var sure cli.Confirmation
	c := &cobra.Command{
		Use: "erase ID --reason TEXT", Short: "erase everything held on somebody, for good", Example: "  annuaire person erase 899012345679 --reason 'demande du 12/11'", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if reason == "" {
				return errReason
			}
			if err := sure.Ask(c, "effacer tout ce qui est détenu sur / erase everything held on "+args[0]+" ? [o/N] ", "not erased"); err != nil {
				return err
			}
			a, err := s.local(c).Ask(c.Context(), http.MethodDelete, heldPath(args[0], reason), nil)
			if err != nil {
				return err
			}
			return cli.Indented(c.OutOrStdout(), a.Body)
		},
	}
	s.dataFlags(c)
	c.Flags().StringVar(&reason, "reason", "", "why (recorded)")
	sure.Flag(c, "do not ask")
	return c
}
