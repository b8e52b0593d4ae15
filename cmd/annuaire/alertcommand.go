package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"annuaire"
)

func alertCommand() *cobra.Command {
	c := &cobra.Command{Use: "alert", Short: "health alerts: write, test, approve, send, prove",
		Long: `alert takes a health alert from its draft to the mailboxes of its audience, through a running server (docs/ALERTS.md):

  new, edit, preview, test, submit     by an author   (token of role alert:author)
  approve, reject                      by another person (alert:approver)
  pause, resume, cancel, report        while it is sent
  recipients                           addresses, audited (alert:addresses)

Who acts is whoever the token in --token-file is of.`}
	c.AddCommand(alertNew(), alertEdit(), alertShow(), alertList(), alertPreview(), alertReport(), alertRecipients(), alertEvidence(), audienceCommand(),
		alertStep("test", "send it to the seeds, marked ESSAI"), alertStep("submit", "hand it to the approvers"), alertApprove(),
		alertStep("reject", "give it back to its authors (--reason)"), alertStep("pause", "hold the sending"), alertStep("resume", "go on with the sending"),
		alertStep("cancel", "stop it for good (--reason)"))
	return c
}

// alertStep is a step that takes an order at most.
func alertStep(name, short string) *cobra.Command {
	var a alertClient
	var o annuaire.AlertOrder
	var yes bool
	c := &cobra.Command{Use: name + " ID", Short: short, Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		if name == "cancel" && !yes && !confirmed(c, "cancel alert "+args[0]+" for good? [y/N] ") {
			return fmt.Errorf("not cancelled")
		}
		return a.step(c, args[0], name, o, 0)
	}}
	a.flags(c)
	switch name {
	case "reject", "pause", "cancel":
		c.Flags().StringVar(&o.Reason, "reason", "", "why")
	case "submit":
		c.Flags().BoolVar(&o.Everyone, "everyone", false, "yes, to everybody")
	}
	if name == "cancel" {
		c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	}
	return c
}

func (a *alertClient) step(c *cobra.Command, id, name string, o annuaire.AlertOrder, version uint64) error {
	b, err := a.ask(c, http.MethodPost, alertPath(id, "/"+name), o, version)
	if err != nil {
		return err
	}
	var x annuaire.Alert
	return a.say(c, b, &x, func(w io.Writer) {
		fmt.Fprintf(w, "%s: %s", x.ID, x.State)
		if x.Frozen != nil && name == "approve" {
			fmt.Fprintf(w, ", %d recipients, list %s", x.Frozen.Count, x.Frozen.Hash)
		}
		fmt.Fprintln(w)
	})
}

// alertApprove shows what is about to be sent to how many, and asks. What is approved is what was shown.
func alertApprove() *cobra.Command {
	var a alertClient
	var o annuaire.AlertOrder
	var yes bool
	c := &cobra.Command{Use: "approve ID", Short: "approve it: freezes the recipients and starts the sending", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if yes {
				return a.step(c, args[0], "approve", o, 0)
			}
			x, err := a.alert(c, args[0])
			if err != nil {
				return err
			}
			p, err := a.preview(c, args[0])
			if err != nil {
				return err
			}
			showPreview(c.ErrOrStderr(), p)
			if !confirmed(c, fmt.Sprintf("send this to %d mailboxes? [y/N] ", p.Messages)) {
				return fmt.Errorf("not approved")
			}
			return a.step(c, args[0], "approve", o, x.Version)
		}}
	a.flags(c)
	c.Flags().BoolVar(&o.Everyone, "everyone", false, "yes, to everybody")
	c.Flags().BoolVar(&yes, "yes", false, "do not show it and ask")
	return c
}

func (a *alertClient) alert(c *cobra.Command, id string) (x annuaire.Alert, err error) {
	b, err := a.ask(c, http.MethodGet, alertPath(id, ""), nil, 0)
	if err != nil {
		return x, err
	}
	return x, unmarshal(b, &x)
}

func (a *alertClient) preview(c *cobra.Command, id string) (p annuaire.AlertPreview, err error) {
	b, err := a.ask(c, http.MethodGet, alertPath(id, "/preview"), nil, 0)
	if err != nil {
		return p, err
	}
	return p, unmarshal(b, &p)
}

func showPreview(w io.Writer, p annuaire.AlertPreview) {
	fmt.Fprintf(w, "%d people selected, %d can be reached, %d mailboxes (%d red-listed)\naudience: %s\n", p.Selected, p.Reachable, p.Messages, p.RedListed, p.Audience)
	if p.Everyone {
		fmt.Fprintln(w, "this is everybody, or as good as everybody: submit and approve take --everyone")
	}
	for _, s := range p.Warnings {
		fmt.Fprintln(w, "warning:", s)
	}
	fmt.Fprintf(w, "\n%s\n\n%s\n", p.Subject, indented(p.Body))
}

func indented(s string) string {
	return "  " + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n  ")
}
