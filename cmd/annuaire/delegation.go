package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"annuaire"
)

func delegationCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "delegation", Short: "delegations of a mailbox: list, add, remove, check",
		Long: `delegation shows and changes who may act on a personal mailbox beside its holder (docs/DELEGATIONS.md), through the running server.
Whoever uses it does so in place of the holder, as an administrator; the audit says so.`,
	}
	c.AddCommand(delegationList(), delegationAdd(), delegationRemove(), delegationCheck())
	return c
}

// delegationPath is the address of the delegations of a mailbox, or of one of them.
func delegationPath(args ...string) string {
	p := "/v1/mailboxes/" + url.PathEscape(args[0]) + "/delegations"
	if len(args) > 1 {
		p += "/" + url.PathEscape(strings.Join(strings.Fields(args[1]), ""))
	}
	return p
}

// shownDelegation is what is printed of one.
type shownDelegation struct {
	ID, State string
	Since     time.Time
	Delegate  struct{ Family, Given string }
	ETag      string
}

func (d shownDelegation) line() string {
	return fmt.Sprintf("%s\t%s %s\t%s\t%s", d.ID, d.Delegate.Given, d.Delegate.Family, d.State, d.Since.Format(time.DateOnly))
}

// aboutDelegation is a command on a mailbox, or on a mailbox and a delegate, that asks the server and prints what do makes of the answer.
func aboutDelegation(use, short, example string, args int, method string, path func(args []string) string, show func(w io.Writer, body []byte) error) *cobra.Command {
	var s settings
	var asJSON bool
	c := &cobra.Command{
		Use: use, Short: short, Example: example, Args: exactly(args),
		RunE: func(c *cobra.Command, args []string) error {
			cfg, err := s.load(c)
			if err != nil {
				return err
			}
			_, body, err := throughServer(c, cfg, method, path(args), nil)
			if err != nil {
				return err
			}
			if asJSON {
				if _, err := c.OutOrStdout().Write(body); err != nil {
					return err
				}
				return show(io.Discard, body) // the exit code is the same
			}
			return show(c.OutOrStdout(), body)
		},
	}
	s.dataFlags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

// exactly asks for so many arguments, as a usage error.
func exactly(n int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := cobra.ExactArgs(n)(c, args); err != nil {
			return &usageError{err}
		}
		return nil
	}
}

func delegationList() *cobra.Command {
	return aboutDelegation("list ADDRESS", "list the delegations of a mailbox", "  annuaire delegation list zelie.exemple@chu-x.mssante.fr", 1, http.MethodGet,
		func(args []string) string { return delegationPath(args...) },
		func(w io.Writer, body []byte) error {
			var all struct {
				Items []shownDelegation
				Max   int
			}
			if err := json.Unmarshal(body, &all); err != nil {
				return err
			}
			t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
			fmt.Fprintln(t, "ID\tDELEGATE\tSTATE\tSINCE")
			for _, d := range all.Items {
				fmt.Fprintln(t, d.line())
			}
			if err := t.Flush(); err != nil {
				return err
			}
			_, err := fmt.Fprintf(w, "%d / %d\n", len(all.Items), all.Max)
			return err
		})
}

func delegationAdd() *cobra.Command {
	return aboutDelegation("add ADDRESS RPPS", "delegate a mailbox, in place of its holder", "  annuaire delegation add zelie.exemple@chu-x.mssante.fr 809171209251", 2, http.MethodPut,
		func(args []string) string { return delegationPath(args...) },
		func(w io.Writer, body []byte) error {
			var d shownDelegation
			if err := json.Unmarshal(body, &d); err != nil {
				return err
			}
			_, err := fmt.Fprintf(w, "déléguée / delegated: %s\n", strings.ReplaceAll(d.line(), "\t", "  "))
			return err
		})
}

func delegationCheck() *cobra.Command {
	c := aboutDelegation("check ADDRESS RPPS", "say whether somebody may act on a mailbox", "  annuaire delegation check zelie.exemple@chu-x.mssante.fr 809171209251 --json", 2, http.MethodGet,
		func(args []string) string { return delegationPath(args...) + "/rights" },
		func(w io.Writer, body []byte) error {
			var r annuaire.Rights
			if err := json.Unmarshal(body, &r); err != nil {
				return err
			}
			if r.Scope == "none" {
				if _, err := fmt.Fprintf(w, "non / no: %s\n", r.Reason); err != nil {
					return err
				}
				return &outcome{1}
			}
			_, err := fmt.Fprintf(w, "oui / yes: %s (%s); never %s\n", strings.Join(r.Allow, ", "), strings.Join(r.Channel, ", "), strings.Join(r.Deny, ", "))
			return err
		})
	c.Long = "check answers as the operator of the mailbox is answered at each login. Exit code 0: they may; 1: they may not, or it is not known."
	return c
}

func delegationRemove() *cobra.Command {
	var s settings
	var yes bool
	c := &cobra.Command{
		Use: "remove ADDRESS RPPS", Short: "end a delegation, in place of the holder", Example: "  annuaire delegation remove zelie.exemple@chu-x.mssante.fr 809171209251", Args: exactly(2),
		RunE: func(c *cobra.Command, args []string) error {
			cfg, err := s.load(c)
			if err != nil {
				return err
			}
			_, body, err := throughServer(c, cfg, http.MethodGet, delegationPath(args...), nil)
			if err != nil {
				return err
			}
			var d shownDelegation
			if err := json.Unmarshal(body, &d); err != nil {
				return err
			}
			if !yes && !confirmed(c, "retirer / remove: "+strings.ReplaceAll(d.line(), "\t", "  ")+" ? [o/N] ") {
				return errors.New("not removed")
			}
			// The tag of what was shown: what has changed since is not removed.
			if _, _, err := throughServer(c, cfg, http.MethodDelete, delegationPath(args...), map[string]string{"If-Match": d.ETag}); err != nil {
				return err
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), "retirée / removed")
			return err
		},
	}
	s.dataFlags(c)
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}
