package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/cli"
)

// boxView is what the commands read of a box.
type boxView struct {
	Address   string
	Kind      string
	State     string
	Published bool
	Source    string
	Holder    *string
	Structure *struct{ Type, ID string }
	RedList   struct {
		InForce bool `json:"in_force"`
	} `json:"red_list"`
}

func mailboxCommand() *cobra.Command {
	c := &cobra.Command{Use: "mailbox", Short: "mailboxes registered here: list, show, put, patch, close, delete, import, export, indicators",
		Long: `mailbox registers mailboxes (BAL MSSanté) and shows those that are, through a running server: by the control socket of the data
directory, as its administrator, or by --server with a token, as the operator that the token names.

Rules and columns: docs/MAILBOXES.md`}
	c.AddCommand(mailboxList(), mailboxShow(), mailboxPut(), mailboxPatch(), mailboxClose(), mailboxDelete(), mailboxImport(), mailboxExport(), mailboxIndicators())
	return c
}

// boxClient is the server that the commands of mailboxes ask. What a rule refuses there is input that is not taken (exit code 4): the command
// line is as it should be.
type boxClient struct{ client }

func (r *boxClient) flags(c *cobra.Command) {
	r.client.flags(c, "server")
	r.Input = true
}

// print asks, and prints the answer as it is.
func (r *boxClient) print(c *cobra.Command, method, path string, body any, headers ...string) error {
	a, err := r.Ask(c.Context(), method, path, body, headers...)
	if err != nil {
		return err
	}
	return cli.Raw(c.OutOrStdout(), a.Body)
}

// boxChoice chooses boxes by domain, state and kind.
type boxChoice struct{ domains, states, kinds []string }

func (b *boxChoice) flags(c *cobra.Command) {
	c.Flags().StringSliceVar(&b.domains, "domain", nil, "mail domain (may be repeated); all of yours otherwise")
	c.Flags().StringSliceVar(&b.states, "state", nil, "active, suspended, closed, orphaned, red_listed (may be repeated)")
	c.Flags().StringSliceVar(&b.kinds, "kind", nil, "PER, ORG, CAB, APP (may be repeated)")
}

// each calls fn with every box that is chosen.
func (r *boxClient) each(c *cobra.Command, b boxChoice, fn func(json.RawMessage) error) error {
	q := url.Values{"limit": {strconv.Itoa(annuaire.MaxLimit)}}
	for name, values := range map[string][]string{"domain": b.domains, "state": b.states, "kind": b.kinds} {
		if len(values) > 0 {
			q[name] = values
		}
	}
	return r.Each(c.Context(), "/v1/me/mailboxes?"+q.Encode(), fn)
}

func mailboxList() *cobra.Command {
	var r boxClient
	var which boxChoice
	var out cli.Output
	c := &cobra.Command{
		Use: "list", Short: "list the mailboxes of domains", Args: cobra.NoArgs,
		Example: "  annuaire mailbox list --domain chu-x.mssante.fr --state orphaned",
		RunE: func(c *cobra.Command, _ []string) error {
			if out.JSON {
				return r.each(c, which, func(box json.RawMessage) error { return cli.Raw(c.OutOrStdout(), box) })
			}
			var asked error
			err := cli.Table(c.OutOrStdout(), "ADDRESS\tKIND\tSTATE\tRED LIST\tHOLDER OR STRUCTURE", func(t io.Writer) {
				asked = r.each(c, which, func(box json.RawMessage) error {
					var b boxView
					if err := json.Unmarshal(box, &b); err != nil {
						return err
					}
					red := map[bool]string{true: "yes", false: "no"}[b.RedList.InForce]
					_, err := fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", b.Address, b.Kind, b.State, red, b.whose())
					return err
				})
			})
			return errors.Join(asked, err)
		},
	}
	r.flags(c)
	which.flags(c)
	out.Flag(c, "print one JSON object a line")
	return c
}

func (b *boxView) whose() string {
	switch {
	case b.Holder != nil:
		return *b.Holder
	case b.Structure != nil:
		return b.Structure.Type + " " + b.Structure.ID
	}
	return ""
}

func mailboxShow() *cobra.Command {
	var r boxClient
	var history bool
	c := &cobra.Command{
		Use: "show ADDRESS", Short: "show a mailbox as it is registered, as JSON", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			path := mailboxPath(args[0])
			if history {
				path += "/history"
			}
			return r.print(c, http.MethodGet, path, nil)
		},
	}
	r.flags(c)
	c.Flags().BoolVar(&history, "history", false, "what became of it, instead")
	return c
}

func mailboxPath(address string) string { return "/v1/mailboxes/" + url.PathEscape(address) }

func mailboxIndicators() *cobra.Command {
	var r boxClient
	var domains []string
	var month string
	var asCSV bool
	c := &cobra.Command{
		Use: "indicators", Short: "what became of the mailboxes of domains in a month", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			q := url.Values{}
			if len(domains) > 0 {
				q["domain"] = domains
			}
			if month != "" {
				q.Set("month", month)
			}
			if asCSV {
				q.Set("format", "csv")
			}
			return r.Copy(c.Context(), "/v1/me/indicators?"+q.Encode(), c.OutOrStdout())
		},
	}
	r.flags(c)
	c.Flags().StringSliceVar(&domains, "domain", nil, "mail domain (may be repeated); all of yours otherwise")
	c.Flags().StringVar(&month, "month", "", "as 2026-11; the month under way otherwise")
	c.Flags().BoolVar(&asCSV, "csv", false, "print a table, not JSON")
	return c
}
