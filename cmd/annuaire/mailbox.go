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

	"github.com/spf13/cobra"
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

func mailboxList() *cobra.Command {
	var r remoteServer
	var domains, states, kinds []string
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "list the mailboxes of domains", Args: args0,
		Example: "  annuaire mailbox list --domain chu-x.mssante.fr --state orphaned",
		RunE: func(c *cobra.Command, _ []string) error {
			t := tabwriter.NewWriter(c.OutOrStdout(), 0, 8, 2, ' ', 0)
			if !asJSON {
				fmt.Fprintln(t, "ADDRESS\tKIND\tSTATE\tRED LIST\tHOLDER OR STRUCTURE")
			}
			err := r.eachBox(c, boxQuery(domains, states, kinds), func(raw json.RawMessage) error {
				if asJSON {
					_, err := fmt.Fprintln(c.OutOrStdout(), string(raw))
					return err
				}
				var b boxView
				if err := json.Unmarshal(raw, &b); err != nil {
					return err
				}
				_, err := fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", b.Address, b.Kind, b.State, yesOrNo(b.RedList.InForce), b.whose())
				return err
			})
			return errors.Join(err, t.Flush())
		},
	}
	r.flags(c)
	c.Flags().StringSliceVar(&domains, "domain", nil, "mail domain (may be repeated); all of yours otherwise")
	c.Flags().StringSliceVar(&states, "state", nil, "active, suspended, closed, orphaned, red_listed (may be repeated)")
	c.Flags().StringSliceVar(&kinds, "kind", nil, "PER, ORG, CAB, APP (may be repeated)")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line")
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

func yesOrNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func boxQuery(domains, states, kinds []string) url.Values {
	q := url.Values{"limit": {"200"}}
	for name, values := range map[string][]string{"domain": domains, "state": states, "kind": kinds} {
		if len(values) > 0 {
			q[name] = values
		}
	}
	return q
}

// eachBox calls fn with every box that a question finds, page by page.
func (r *remoteServer) eachBox(c *cobra.Command, q url.Values, fn func(json.RawMessage) error) error {
	for path := "/v1/me/mailboxes?" + q.Encode(); path != ""; {
		res, err := r.ask(c, http.MethodGet, path, nil)
		if err != nil {
			return err
		}
		var page struct {
			Items []json.RawMessage
			Next  *string
		}
		if err := json.Unmarshal(res.body, &page); err != nil {
			return err
		}
		for _, it := range page.Items {
			if err := fn(it); err != nil {
				return err
			}
		}
		if path = ""; page.Next != nil {
			path = *page.Next
		}
	}
	return nil
}

func mailboxShow() *cobra.Command {
	var r remoteServer
	var history bool
	c := &cobra.Command{
		Use: "show ADDRESS", Short: "show a mailbox as it is registered, as JSON", Args: args1,
		RunE: func(c *cobra.Command, args []string) error {
			path := boxPathOf(args[0])
			if history {
				path += "/history"
			}
			res, err := r.ask(c, http.MethodGet, path, nil)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), strings.TrimSpace(string(res.body)))
			return err
		},
	}
	r.flags(c)
	c.Flags().BoolVar(&history, "history", false, "what became of it, instead")
	return c
}

func boxPathOf(address string) string { return "/v1/mailboxes/" + url.PathEscape(address) }

// registeredHere reads a box for a command that changes it.
func (r *remoteServer) registeredHere(c *cobra.Command, address string) (b boxView, tag string, err error) {
	res, err := r.ask(c, http.MethodGet, boxPathOf(address), nil)
	if err != nil {
		return b, "", err
	}
	if err := json.Unmarshal(res.body, &b); err != nil {
		return b, "", err
	}
	if b.State == "" { // the public record
		return b, "", fmt.Errorf("%s comes from the national extract: it is not registered here", address)
	}
	return b, res.header.Get("ETag"), nil
}

func mailboxPut() *cobra.Command {
	var r remoteServer
	var fresh bool
	c := &cobra.Command{
		Use: "put ADDRESS FIELD=VALUE...", Short: "register a mailbox, or write it anew: what is not given is empty",
		Example: "  annuaire mailbox put zoe@x.mssante.fr kind=PER holder=10001234567 family=EXEMPLE given=Zoé terms=1.0\n" +
			"  annuaire mailbox put urgences@x.mssante.fr kind=ORG structure=FINESS:480000017 service=Urgences terms=1.0",
		Args: argsMin1,
		RunE: func(c *cobra.Command, args []string) error {
			body, err := boxFields(args[1:])
			if err != nil {
				return &usageError{err}
			}
			var headers []string
			if fresh {
				headers = []string{"If-None-Match", "*"}
			}
			return r.say(c, http.MethodPut, args[0], body, headers...)
		},
	}
	r.flags(c)
	c.Flags().BoolVar(&fresh, "new", false, "fail if it is registered already")
	return c
}

func mailboxPatch() *cobra.Command {
	var r remoteServer
	c := &cobra.Command{
		Use: "patch ADDRESS FIELD=VALUE...", Short: "change the fields given, and nothing else",
		Example: "  annuaire mailbox patch zoe@x.mssante.fr red_list=true rank=1",
		Args:    argsMin1,
		RunE: func(c *cobra.Command, args []string) error {
			body, err := boxFields(args[1:])
			if err == nil && len(body) == 0 {
				err = errors.New("at least one field is expected: red_list=true")
			}
			if err != nil {
				return &usageError{err}
			}
			return r.say(c, http.MethodPatch, args[0], body)
		},
	}
	r.flags(c)
	return c
}

// say sends a write and prints the box that comes of it.
func (r *remoteServer) say(c *cobra.Command, method, address string, body map[string]any, headers ...string) error {
	doc, err := json.Marshal(body)
	if err != nil {
		return err
	}
	res, err := r.ask(c, method, boxPathOf(address), strings.NewReader(string(doc)), headers...)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.OutOrStdout(), strings.TrimSpace(string(res.body)))
	return err
}

func mailboxClose() *cobra.Command {
	var r remoteServer
	var yes bool
	c := &cobra.Command{
		Use: "close ADDRESS", Short: "close a mailbox: it is no longer published, and stays registered", Args: args1,
		RunE: func(c *cobra.Command, args []string) error {
			b, tag, err := r.registeredHere(c, args[0])
			if err != nil {
				return err
			}
			if !yes && !confirmed(c, fmt.Sprintf("close %s (%s, %s, %s)? [y/N] ", b.Address, b.Kind, b.State, b.whose())) {
				return errors.New("not closed")
			}
			return r.say(c, http.MethodPatch, args[0], map[string]any{"closed": true}, "If-Match", tag)
		},
	}
	r.flags(c)
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}

func mailboxDelete() *cobra.Command {
	var r remoteServer
	var yes bool
	c := &cobra.Command{
		Use: "delete ADDRESS", Short: "delete a mailbox with its delegations, for good", Args: args1,
		RunE: func(c *cobra.Command, args []string) error {
			b, tag, err := r.registeredHere(c, args[0])
			if err != nil {
				return err
			}
			if !yes && !confirmed(c, fmt.Sprintf("delete %s (%s, %s, %s)? [y/N] ", b.Address, b.Kind, b.State, b.whose())) {
				return errors.New("not deleted")
			}
			if _, err := r.ask(c, http.MethodDelete, boxPathOf(args[0]), nil, "If-Match", tag); err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%s is deleted\n", b.Address)
			return err
		},
	}
	r.flags(c)
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}

func mailboxIndicators() *cobra.Command {
	var r remoteServer
	var domains []string
	var month string
	var asCSV bool
	c := &cobra.Command{
		Use: "indicators", Short: "what became of the mailboxes of domains in a month", Args: args0,
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
			res, err := r.ask(c, http.MethodGet, "/v1/me/indicators?"+q.Encode(), nil)
			if err != nil {
				return err
			}
			_, err = io.WriteString(c.OutOrStdout(), string(res.body))
			return err
		},
	}
	r.flags(c)
	c.Flags().StringSliceVar(&domains, "domain", nil, "mail domain (may be repeated); all of yours otherwise")
	c.Flags().StringVar(&month, "month", "", "as 2026-11; the month under way otherwise")
	c.Flags().BoolVar(&asCSV, "csv", false, "print a table, not JSON")
	return c
}

func args1(c *cobra.Command, args []string) error {
	if err := cobra.ExactArgs(1)(c, args); err != nil {
		return &usageError{err}
	}
	return nil
}

func argsMin1(c *cobra.Command, args []string) error {
	if err := cobra.MinimumNArgs(1)(c, args); err != nil {
		return &usageError{err}
	}
	return nil
}
