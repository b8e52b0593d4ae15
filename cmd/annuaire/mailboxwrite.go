package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"

	"annuaire/internal/boxtable"
	"annuaire/internal/cli"
)

// registeredHere reads a box for a command that changes it.
func (r *boxClient) registeredHere(c *cobra.Command, address string) (b boxView, tag string, err error) {
	res, err := r.Ask(c.Context(), http.MethodGet, mailboxPath(address), nil)
	if err != nil {
		return b, "", err
	}
	if err := json.Unmarshal(res.Body, &b); err != nil {
		return b, "", err
	}
	if b.State == "" { // the public record
		return b, "", fmt.Errorf("%s comes from the national extract: it is not registered here", address)
	}
	return b, res.Header.Get("ETag"), nil
}

func mailboxPut() *cobra.Command {
	var r boxClient
	var fresh bool
	c := &cobra.Command{
		Use: "put ADDRESS FIELD=VALUE...", Short: "register a mailbox, or write it anew: what is not given is empty",
		Example: "  annuaire mailbox put zoe@x.mssante.fr kind=PER holder=10001234567 family=EXEMPLE given=Zoé terms=1.0\n" +
			"  annuaire mailbox put urgences@x.mssante.fr kind=ORG structure=FINESS:480000017 service=Urgences terms=1.0",
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			body, err := boxtable.Fields(args[1:])
			if err != nil {
				return cli.Usage(err)
			}
			var headers []string
			if fresh {
				headers = []string{"If-None-Match", "*"}
			}
			return r.print(c, http.MethodPut, mailboxPath(args[0]), body, headers...)
		},
	}
	r.flags(c)
	c.Flags().BoolVar(&fresh, "new", false, "fail if it is registered already")
	return c
}

func mailboxPatch() *cobra.Command {
	var r boxClient
	c := &cobra.Command{
		Use: "patch ADDRESS FIELD=VALUE...", Short: "change the fields given, and nothing else",
		Example: "  annuaire mailbox patch zoe@x.mssante.fr red_list=true rank=1",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			body, err := boxtable.Fields(args[1:])
			if err == nil && len(body) == 0 {
				err = errors.New("at least one field is expected: red_list=true")
			}
			if err != nil {
				return cli.Usage(err)
			}
			return r.print(c, http.MethodPatch, mailboxPath(args[0]), body)
		},
	}
	r.flags(c)
	return c
}

// mailboxEnd is a command that shows a mailbox and asks, and then does something to it as it was shown.
func mailboxEnd(r *boxClient, what, short, otherwise string, do func(c *cobra.Command, b boxView, tag string) error) *cobra.Command {
	var sure cli.Confirmation
	c := &cobra.Command{
		Use: what + " ADDRESS", Short: short, Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			b, tag, err := r.registeredHere(c, args[0])
			if err != nil {
				return err
			}
			if err := sure.Ask(c, fmt.Sprintf("%s %s (%s, %s, %s)? [y/N] ", what, b.Address, b.Kind, b.State, b.whose()), otherwise); err != nil {
				return err
			}
			return do(c, b, tag)
		},
	}
	r.flags(c)
	sure.Flag(c, "do not ask")
	return c
}

func mailboxClose() *cobra.Command {
	var r boxClient
	return mailboxEnd(&r, "close", "close a mailbox: it is no longer published, and stays registered", "not closed", func(c *cobra.Command, b boxView, tag string) error {
		return r.print(c, http.MethodPatch, mailboxPath(b.Address), map[string]any{"closed": true}, "If-Match", tag)
	})
}

func mailboxDelete() *cobra.Command {
	var r boxClient
	return mailboxEnd(&r, "delete", "delete a mailbox with its delegations, for good", "not deleted", func(c *cobra.Command, b boxView, tag string) error {
		if _, err := r.Ask(c.Context(), http.MethodDelete, mailboxPath(b.Address), nil, "If-Match", tag); err != nil {
			return err
		}
		_, err := fmt.Fprintf(c.OutOrStdout(), "%s is deleted\n", b.Address)
		return err
	})
}
