package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/cli"
	"annuaire/internal/cli/show"
)

// alertClient is the server that the commands of alerts and audiences ask. Who acts is whoever the token is of: an alert takes two people, and
// the owner of the machine is neither.
type alertClient struct {
	client
	cli.Output
}

func (a *alertClient) flags(c *cobra.Command) {
	a.client.flags(c, "url")
	a.AsHolder = true
	a.Output.Flag(c, "print what the server answers")
}

// send asks, and shows the answer once it is read into out.
func (a *alertClient) send(c *cobra.Command, method, path string, body any, version uint64, out any, fn func(io.Writer) error) error {
	answer, err := a.Ask(c.Context(), method, path, body, ifMatch(version)...)
	if err != nil {
		return err
	}
	return a.Answer(c.OutOrStdout(), answer.Body, out, fn)
}

func alertPath(id, rest string) string { return "/v1/alerts/" + url.PathEscape(id) + rest }

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
	var sure cli.Confirmation
	c := &cobra.Command{Use: name + " ID", Short: short, Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		if name == "cancel" {
			if err := sure.Ask(c, "cancel alert "+args[0]+" for good? [y/N] ", "not cancelled"); err != nil {
				return err
			}
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
		sure.Flag(c, "do not ask")
	}
	return c
}

func (a *alertClient) step(c *cobra.Command, id, name string, o annuaire.AlertOrder, version uint64) error {
	var x annuaire.Alert
	return a.send(c, http.MethodPost, alertPath(id, "/"+name), o, version, &x, func(w io.Writer) error { return show.AlertStep(w, x, name) })
}

// alertApprove shows what is about to be sent to how many, and asks. What is approved is what was shown.
func alertApprove() *cobra.Command {
	var a alertClient
	var o annuaire.AlertOrder
	var sure cli.Confirmation
	c := &cobra.Command{Use: "approve ID", Short: "approve it: freezes the recipients and starts the sending", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if sure.Yes() {
				return a.step(c, args[0], "approve", o, 0)
			}
			var x annuaire.Alert
			if err := a.Get(c.Context(), alertPath(args[0], ""), &x); err != nil {
				return err
			}
			var p annuaire.AlertPreview
			if err := a.Get(c.Context(), alertPath(args[0], "/preview"), &p); err != nil {
				return err
			}
			if err := show.AlertPreview(c.ErrOrStderr(), p); err != nil {
				return err
			}
			if err := sure.Ask(c, fmt.Sprintf("send this to %d mailboxes? [y/N] ", p.Messages), "not approved"); err != nil {
				return err
			}
			return a.step(c, args[0], "approve", o, x.Version)
		}}
	a.flags(c)
	c.Flags().BoolVar(&o.Everyone, "everyone", false, "yes, to everybody")
	sure.Flag(c, "do not show it and ask")
	return c
}
