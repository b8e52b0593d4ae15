package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/cli"
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
func aboutDelegation[T any](use, short, example string, args int, method, rest string, show func(io.Writer, T) error) *cobra.Command {
	var s settings
	var out cli.Output
	c := &cobra.Command{
		Use: use, Short: short, Example: example, Args: cobra.ExactArgs(args),
		RunE: func(c *cobra.Command, args []string) error {
			a, err := s.local(c).Ask(c.Context(), method, delegationPath(args...)+rest, nil)
			if err != nil {
				return err
			}
			var v T
			if err := json.Unmarshal(a.Body, &v); err != nil {
				return err
			}
			if !out.JSON {
				return show(c.OutOrStdout(), v)
			}
			return errors.Join(cli.Raw(c.OutOrStdout(), a.Body), show(io.Discard, v)) // the exit code is the same
		},
	}
	s.dataFlags(c)
	out.Flag(c, "print one JSON object")
	return c
}

func delegationList() *cobra.Command {
	return aboutDelegation("list ADDRESS", "list the delegations of a mailbox", "  annuaire delegation list zelie.exemple@chu-x.mssante.fr", 1, http.MethodGet, "",
		func(w io.Writer, all struct {
			Items []shownDelegation
			Max   int
		}) error {
			err := cli.Table(w, "ID\tDELEGATE\tSTATE\tSINCE", func(t io.Writer) {
				for _, d := range all.Items {
					fmt.Fprintln(t, d.line())
				}
			})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(w, "%d / %d\n", len(all.Items), all.Max)
			return err
		})
}

func delegationAdd() *cobra.Command {
	return aboutDelegation("add ADDRESS RPPS", "delegate a mailbox, in place of its holder", "  annuaire delegation add zelie.exemple@chu-x.mssante.fr 809171209251", 2, http.MethodPut, "",
		func(w io.Writer, d shownDelegation) error {
			_, err := fmt.Fprintf(w, "déléguée / delegated: %s\n", strings.ReplaceAll(d.line(), "\t", "  "))
			return err
		})
}

func delegationCheck() *cobra.Command {
	c := aboutDelegation("check ADDRESS RPPS", "say whether somebody may act on a mailbox", "  annuaire delegation check zelie.exemple@chu-x.mssante.fr 809171209251 --json", 2, http.MethodGet, "/rights",
		func(w io.Writer, r annuaire.Rights) error {
			if r.Scope == "none" {
				if _, err := fmt.Fprintf(w, "non / no: %s\n", r.Reason); err != nil {
					return err
				}
				return cli.Exit(cli.ExitFailed)
			}
			_, err := fmt.Fprintf(w, "oui / yes: %s (%s); never %s\n", strings.Join(r.Allow, ", "), strings.Join(r.Channel, ", "), strings.Join(r.Deny, ", "))
			return err
		})
	c.Long = "check answers as the operator of the mailbox is answered at each login. Exit code 0: they may; 1: they may not, or it is not known."
	return c
}

func delegationRemove() *cobra.Command {
	var s settings
	var sure cli.Confirmation
	c := &cobra.Command{
		Use: "remove ADDRESS RPPS", Short: "end a delegation, in place of the holder", Example: "  annuaire delegation remove zelie.exemple@chu-x.mssante.fr 809171209251", Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			var d shownDelegation
			server := s.local(c)
			if err := server.Get(c.Context(), delegationPath(args...), &d); err != nil {
				return err
			}
			if err := sure.Ask(c, "retirer / remove: "+strings.ReplaceAll(d.line(), "\t", "  ")+" ? [o/N] ", "not removed"); err != nil {
				return err
			}
			// The tag of what was shown: what has changed since is not removed.
			if _, err := server.Ask(c.Context(), http.MethodDelete, delegationPath(args...), nil, "If-Match", d.ETag); err != nil {
				return err
			}
			_, err := fmt.Fprintln(c.OutOrStdout(), "retirée / removed")
			return err
		},
	}
	s.dataFlags(c)
	sure.Flag(c, "do not ask")
	return c
}
