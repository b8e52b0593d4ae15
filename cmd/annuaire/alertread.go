package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/cli"
	"annuaire/internal/cli/show"
)

// alertRead is a command that shows an answer about one alert.
func alertRead[T any](a *alertClient, use, short, rest string, write func(io.Writer, T) error) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		var v T
		return a.send(c, http.MethodGet, alertPath(args[0], rest), nil, 0, &v, func(w io.Writer) error { return write(w, v) })
	}}
	a.flags(c)
	return c
}

func alertShow() *cobra.Command {
	return alertRead(new(alertClient), "show ID", "show an alert", "", show.Alert)
}

func alertPreview() *cobra.Command {
	return alertRead(new(alertClient), "preview ID", "who would receive it, and what", "/preview", show.AlertPreview)
}

func alertReport() *cobra.Command {
	var a alertClient
	var csv bool
	c := alertRead(&a, "report ID", "how the sending goes", "/report", show.AlertReport)
	counts := c.RunE
	c.RunE = func(c *cobra.Command, args []string) error {
		if csv {
			return a.Copy(c.Context(), alertPath(args[0], "/report?format=csv"), c.OutOrStdout())
		}
		return counts(c, args)
	}
	c.Flags().BoolVar(&csv, "csv", false, "all of it, as CSV")
	return c
}

func alertList() *cobra.Command {
	var a alertClient
	c := &cobra.Command{Use: "list", Short: "list the alerts, the newest first", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		var page struct{ Items []annuaire.Alert }
		return a.send(c, http.MethodGet, "/v1/alerts?limit="+strconv.Itoa(annuaire.MaxLimit), nil, 0, &page, func(w io.Writer) error { return show.Alerts(w, page.Items) })
	}}
	a.flags(c)
	return c
}

func alertRecipients() *cobra.Command {
	var a alertClient
	var state string
	c := &cobra.Command{Use: "recipients ID", Short: "the frozen recipients one by one, as lines of JSON (role alert:addresses, audited)", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			q := url.Values{"limit": {"1000"}}
			if state != "" {
				q.Set("state", state)
			}
			return a.Each(c.Context(), alertPath(args[0], "/recipients?"+q.Encode()), func(item json.RawMessage) error { return cli.Raw(c.OutOrStdout(), item) })
		}}
	a.flags(c)
	c.Flags().StringVar(&state, "state", "", "only those queued, deferred, accepted, failed, skipped, expired or cancelled")
	return c
}

func alertEvidence() *cobra.Command {
	var a alertClient
	var page bool
	c := &cobra.Command{Use: "evidence ID", Short: "who approved what, for whom, when, with the hashes: JSON, or --html to print", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			format := "json"
			if page {
				format = "html"
			}
			return a.Copy(c.Context(), alertPath(args[0], "/evidence?format="+format), c.OutOrStdout())
		}}
	a.flags(c)
	c.Flags().BoolVar(&page, "html", false, "a page to print")
	return c
}
