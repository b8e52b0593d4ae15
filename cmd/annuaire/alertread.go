package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"annuaire"
)

func unmarshal(b []byte, into any) error {
	if err := json.Unmarshal(b, into); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	return nil
}

func alertShow() *cobra.Command {
	var a alertClient
	c := &cobra.Command{Use: "show ID", Short: "show an alert", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		b, err := a.ask(c, http.MethodGet, alertPath(args[0], ""), nil, 0)
		if err != nil {
			return err
		}
		var x annuaire.Alert
		return a.say(c, b, &x, func(w io.Writer) {
			fmt.Fprintf(w, "%s  %s  %s %s, %s\n%s\n\n%s\n\n%s\n\n", x.ID, x.State, x.Severity, x.Status, x.Kind, x.Title.FR, x.Summary.FR, indented(x.Text.FR))
			fmt.Fprintf(w, "audience  %s\nexpires   %s\nlegal     %s\n", x.Audience, x.Expires.Format(time.RFC3339), x.Legal)
			for _, h := range x.Authors {
				fmt.Fprintf(w, "author    %s (%s)\n", h.Name, h.ID)
			}
			if x.Approver != nil {
				fmt.Fprintf(w, "approver  %s (%s)\n", x.Approver.Name, x.Approver.ID)
			}
			if x.Frozen != nil {
				fmt.Fprintf(w, "frozen    %d recipients, sequence %d, sha256 %s\n", x.Frozen.Count, x.Frozen.Seq, x.Frozen.Hash)
			}
			if x.Problem != "" {
				fmt.Fprintf(w, "problem   %s\n", x.Problem)
			}
		})
	}}
	a.flags(c)
	return c
}

func alertList() *cobra.Command {
	var a alertClient
	c := &cobra.Command{Use: "list", Short: "list the alerts, the newest first", Args: args0, RunE: func(c *cobra.Command, _ []string) error {
		b, err := a.ask(c, http.MethodGet, "/v1/alerts?limit="+strconv.Itoa(annuaire.MaxLimit), nil, 0)
		if err != nil {
			return err
		}
		var page struct{ Items []annuaire.Alert }
		return a.say(c, b, &page, func(w io.Writer) {
			t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
			fmt.Fprintln(t, "ID\tSTATE\tSEVERITY\tSTATUS\tCHANGED\tTITLE")
			for _, x := range page.Items {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", x.ID, x.State, x.Severity, x.Status, x.Changed.Format(time.RFC3339), x.Title.FR)
			}
			_ = t.Flush()
		})
	}}
	a.flags(c)
	return c
}

func alertPreview() *cobra.Command {
	var a alertClient
	c := &cobra.Command{Use: "preview ID", Short: "who would receive it, and what", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		b, err := a.ask(c, http.MethodGet, alertPath(args[0], "/preview"), nil, 0)
		if err != nil {
			return err
		}
		var p annuaire.AlertPreview
		return a.say(c, b, &p, func(w io.Writer) { showPreview(w, p) })
	}}
	a.flags(c)
	return c
}

func alertReport() *cobra.Command {
	var a alertClient
	var csv bool
	c := &cobra.Command{Use: "report ID", Short: "how the sending goes", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		if csv {
			return a.copyOut(c, alertPath(args[0], "/report?format=csv"))
		}
		b, err := a.ask(c, http.MethodGet, alertPath(args[0], "/report"), nil, 0)
		if err != nil {
			return err
		}
		var r annuaire.AlertReport
		return a.say(c, b, &r, func(w io.Writer) { showReport(w, r) })
	}}
	a.flags(c)
	c.Flags().BoolVar(&csv, "csv", false, "all of it, as CSV")
	return c
}

func showReport(w io.Writer, r annuaire.AlertReport) {
	n := r.Counts
	fmt.Fprintf(w, "%s: %s at %s\n", r.ID, r.State, r.At.Format(time.RFC3339))
	fmt.Fprintf(w, "%d recipients: %d accepted, %d queued, %d deferred, %d failed, %d skipped, %d expired, %d cancelled\n", n.Recipients, n.Accepted, n.Queued, n.Deferred, n.Failed, n.Skipped, n.Expired, n.Cancelled)
	fmt.Fprintf(w, "%d delivered, %d bounced, %d acknowledged; %d may have it twice\n", n.Delivered, n.Bounced, n.Acknowledged, n.Repeated)
	if r.Problem != "" {
		fmt.Fprintf(w, "problem: %s\n", r.Problem)
	}
	for code, k := range r.Codes {
		fmt.Fprintf(w, "  %s: %d\n", code, k)
	}
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', tabwriter.AlignRight)
	for _, by := range []struct {
		name   string
		groups []annuaire.AlertGroup
	}{{"DEPARTMENT", r.Departments}, {"PROFESSION", r.Professions}} {
		fmt.Fprintf(t, "%s\tRECIPIENTS\tACCEPTED\tWAITING\tFAILED\tACKNOWLEDGED\t\n", by.name)
		for _, g := range by.groups {
			fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t\n", g.Code, g.Counts.Recipients, g.Counts.Accepted, g.Counts.Queued+g.Counts.Deferred, g.Counts.Failed, g.Counts.Acknowledged)
		}
	}
	_ = t.Flush()
}

func alertRecipients() *cobra.Command {
	var a alertClient
	var state string
	c := &cobra.Command{Use: "recipients ID", Short: "the frozen recipients one by one, as lines of JSON (role alert:addresses, audited)", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			for after := 0; ; {
				q := url.Values{"after": {strconv.Itoa(after)}, "limit": {"1000"}}
				if state != "" {
					q.Set("state", state)
				}
				b, err := a.ask(c, http.MethodGet, alertPath(args[0], "/recipients?"+q.Encode()), nil, 0)
				if err != nil {
					return err
				}
				var page struct {
					Items []annuaire.AlertRecipient
					Next  *string
				}
				if err := unmarshal(b, &page); err != nil {
					return err
				}
				enc := json.NewEncoder(c.OutOrStdout())
				for _, r := range page.Items {
					if err := enc.Encode(r); err != nil {
						return err
					}
				}
				if page.Next == nil || len(page.Items) == 0 {
					return nil
				}
				after = page.Items[len(page.Items)-1].N
			}
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
			return a.copyOut(c, alertPath(args[0], "/evidence?format="+format))
		}}
	a.flags(c)
	c.Flags().BoolVar(&page, "html", false, "a page to print")
	return c
}
