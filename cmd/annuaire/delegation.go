package main

import (
	"encoding/json"
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
func aboutDelegation(use, short, example string, args int, method string, path func(args []string) string, show func(w io.Writer, body []byte) error) *cobra.Command {
	var s settings
	var out cli.Output
	c := &cobra.Command{
		Use: use, Short: short, Example: example, Args: cobra.ExactArgs(args),
		RunE: func(c *cobra.Command, args []string) error {
			a, err := s.local(c).Ask(c.Context(), method, path(args), nil)
			if err != nil {
				return err
			}
			w := c.OutOrStdout()
			if out.JSON {
				if err := cli.Raw(w, a.Body); err != nil {
					return err
				}
				w = io.Discard // the exit code is the same
			}
			return show(w, a.Body)
		},
	}
	s.dataFlags(c)
	out.Flag(c, "print one JSON object")
	return c
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
