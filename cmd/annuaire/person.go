package main

import (
	"errors"
	"net/http"
	"net/url"
	"os"

	"github.com/spf13/cobra"
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

var errReason = &usageError{errors.New("--reason is needed: it is recorded with who asks, and when")}

func personExport() *cobra.Command {
	var s settings
	var reason, out string
	c := &cobra.Command{
		Use: "export ID --reason TEXT", Short: "print everything held on somebody, as JSON", Example: "  annuaire person export 899012345679 --reason 'demande du 12/11' --out zelie.json", Args: exactly(1),
		RunE: func(c *cobra.Command, args []string) error {
			cfg, err := s.load(c)
			if err != nil {
				return err
			}
			if reason == "" {
				return errReason
			}
			_, body, err := throughServer(c, cfg, http.MethodGet, heldPath(args[0], reason), nil)
			if err != nil {
				return err
			}
			if out == "" {
				return printed(c.OutOrStdout(), body)
			}
			f, err := os.OpenFile(out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // it is personal data: nobody else reads it, and nothing is written over
			if err != nil {
				return err
			}
			return errors.Join(printed(f, body), f.Close())
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
	var yes bool
	c := &cobra.Command{
		Use: "erase ID --reason TEXT", Short: "erase everything held on somebody, for good", Example: "  annuaire person erase 899012345679 --reason 'demande du 12/11'", Args: exactly(1),
		RunE: func(c *cobra.Command, args []string) error {
			cfg, err := s.load(c)
			if err != nil {
				return err
			}
			if reason == "" {
				return errReason
			}
			if !yes && !confirmed(c, "effacer tout ce qui est détenu sur / erase everything held on "+args[0]+" ? [o/N] ") {
				return errors.New("not erased")
			}
			_, body, err := throughServer(c, cfg, http.MethodDelete, heldPath(args[0], reason), nil)
			if err != nil {
				return err
			}
			return printed(c.OutOrStdout(), body)
		},
	}
	s.dataFlags(c)
	c.Flags().StringVar(&reason, "reason", "", "why (recorded)")
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}
