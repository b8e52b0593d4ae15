package show

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"annuaire"
	"annuaire/internal/cli"
)

// Alert writes an alert, and who is answerable for it.
func Alert(w io.Writer, x annuaire.Alert) error {
	fmt.Fprintf(w, "%s  %s  %s %s, %s\n%s\n\n%s\n\n%s\n\n", x.ID, x.State, x.Severity, x.Status, x.Kind, x.Title.FR, x.Summary.FR, inset(x.Text.FR))
	_, err := fmt.Fprintf(w, "audience  %s\nexpires   %s\nlegal     %s\n", x.Audience, x.Expires.Format(time.RFC3339), x.Legal)
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
	return err
}

// Alerts writes a list of them.
func Alerts(w io.Writer, all []annuaire.Alert) error {
	return cli.Table(w, "ID\tSTATE\tSEVERITY\tSTATUS\tCHANGED\tTITLE", func(t io.Writer) {
		for _, x := range all {
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", x.ID, x.State, x.Severity, x.Status, x.Changed.Format(time.RFC3339), x.Title.FR)
		}
	})
}

// AlertStep writes what a step has made of an alert; with the list that was frozen, where it was approved.
func AlertStep(w io.Writer, x annuaire.Alert, step string) error {
	fmt.Fprintf(w, "%s: %s", x.ID, x.State)
	if x.Frozen != nil && step == "approve" {
		fmt.Fprintf(w, ", %d recipients, list %s", x.Frozen.Count, x.Frozen.Hash)
	}
	_, err := fmt.Fprintln(w)
	return err
}

// AlertPreview writes who would receive an alert, and what.
func AlertPreview(w io.Writer, p annuaire.AlertPreview) error {
	fmt.Fprintf(w, "%d people selected, %d can be reached, %d mailboxes (%d red-listed)\naudience: %s\n", p.Selected, p.Reachable, p.Messages, p.RedListed, p.Audience)
	if p.Everyone {
		fmt.Fprintln(w, "this is everybody, or as good as everybody: submit and approve take --everyone")
	}
	for _, s := range p.Warnings {
		fmt.Fprintln(w, "warning:", s)
	}
	_, err := fmt.Fprintf(w, "\n%s\n\n%s\n", p.Subject, inset(p.Body))
	return err
}

func inset(s string) string {
	return "  " + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n  ")
}

// AlertReport writes how the sending of an alert goes.
func AlertReport(w io.Writer, r annuaire.AlertReport) error {
	n := r.Counts
	fmt.Fprintf(w, "%s: %s at %s\n", r.ID, r.State, r.At.Format(time.RFC3339))
	fmt.Fprintf(w, "%d recipients: %d accepted, %d queued, %d deferred, %d failed, %d skipped, %d expired, %d cancelled\n", n.Recipients, n.Accepted, n.Queued, n.Deferred, n.Failed, n.Skipped, n.Expired, n.Cancelled)
	_, err := fmt.Fprintf(w, "%d delivered, %d bounced, %d acknowledged; %d may have it twice\n", n.Delivered, n.Bounced, n.Acknowledged, n.Repeated)
	if r.Problem != "" {
		fmt.Fprintf(w, "problem: %s\n", r.Problem)
	}
	for _, code := range slices.SortedFunc(maps.Keys(r.Codes), func(a, b string) int { return cmp.Or(r.Codes[b]-r.Codes[a], strings.Compare(a, b)) }) {
		fmt.Fprintf(w, "  %s: %d\n", code, r.Codes[code])
	}
	return errors.Join(err, alertGroups(w, "DEPARTMENT", r.Departments), alertGroups(w, "PROFESSION", r.Professions))
}

func alertGroups(w io.Writer, name string, groups []annuaire.AlertGroup) error {
	return cli.Figures(w, name+"\tRECIPIENTS\tACCEPTED\tWAITING\tFAILED\tACKNOWLEDGED\t", func(t io.Writer) {
		for _, g := range groups {
			n := g.Counts
			fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t\n", g.Code, n.Recipients, n.Accepted, n.Queued+n.Deferred, n.Failed, n.Acknowledged)
		}
	})
}
