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

// alertAnswer shows an answer about one alert.
func alertAnswer[T any](a *alertClient, c *cobra.Command, id, rest string, write func(io.Writer, T) error) error {
	var v T
	return a.send(c, http.MethodGet, alertPath(id, rest), nil, 0, &v, func(w io.Writer) error { return write(w, v) })
}

func alertShow() *cobra.Command {
	var a alertClient
	c := &cobra.Command{Use: "show ID", Short: "show an alert", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		return alertAnswer(&a, c, args[0], "", show.Alert)
	}}
	a.flags(c)
	return c
}

func alertPreview() *cobra.Command {
	var a alertClient
	c := &cobra.Command{Use: "preview ID", Short: "who would receive it, and what", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		return alertAnswer(&a, c, args[0], "/preview", show.AlertPreview)
	}}
	a.flags(c)
	return c
}

func alertReport() *cobra.Command {
	var a alertClient
	var csv bool
	c := &cobra.Command{Use: "report ID", Short: "how the sending goes", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		if csv {
			return a.Copy(c.Context(), alertPath(args[0], "/report?format=csv"), c.OutOrStdout())
		}
		return alertAnswer(&a, c, args[0], "/report", show.AlertReport)
	}}
	a.flags(c)
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
