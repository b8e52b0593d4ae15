package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/cli"
	"annuaire/internal/cli/show"
	"annuaire/internal/directory"
)

func auditCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "audit",
		Short: "what was done, by whom: verify, export, tail, anchor",
		Long: `The audit has one line for each write and each read of something that is not published. Each line holds the hash of the one before it: what
was changed, taken out or put in shows. Lines cut off the end, and an audit written anew as a whole, show against an anchor that was kept
elsewhere: the log of the server has one every day.`,
	}
	c.AddCommand(auditVerify(), auditExport(), auditTail(), auditAnchor())
	return c
}

// auditRequest is what a running server is asked.
type auditRequest struct {
	Do     string                `json:"do"` // "verify", "anchor"
	Anchor *annuaire.AuditAnchor `json:"anchor,omitempty"`
}

type auditAnswer struct {
	Verdict *annuaire.AuditVerdict `json:"verdict,omitempty"`
	Head    annuaire.AuditAnchor   `json:"head"`
}

func auditVerify() *cobra.Command {
	var s settings
	var anchor string
	var out cli.Output
	c := &cobra.Command{
		Use: "verify [--anchor N:HASH]", Short: "compute the chain of the audit anew",
		Long: "verify computes the chain anew, in one state of the data.\n\nEXIT STATUS\n  0 as it was written · 1 not so, or failed (what, and at which line, is printed) · 2 bad usage",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			req := auditRequest{Do: "verify"}
			if anchor != "" {
				a, err := annuaire.ParseAuditAnchor(anchor)
				if err != nil {
					return err
				}
				req.Anchor = &a
			}
			got, err := askAudit(c, &s, req)
			if err != nil {
				return err
			}
			v := *got.Verdict
			if err := out.Value(c.OutOrStdout(), v, func(w io.Writer) error { return show.Verdict(w, v) }); err != nil || v.Fault == "" {
				return err
			}
			return cli.Exit(cli.ExitFailed)
		},
	}
	s.dataFlags(c)
	c.Flags().StringVar(&anchor, "anchor", "", "a line noted elsewhere, as audit anchor prints it")
	out.Flag(c, "print one JSON object")
	return c
}

func auditAnchor() *cobra.Command {
	var s settings
	c := &cobra.Command{
		Use: "anchor", Short: "print the last line's number and hash, to keep elsewhere", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			out, err := askAudit(c, &s, auditRequest{Do: "anchor"})
			if err != nil {
				return err
			}
			if out.Head.Seq == 0 {
				return annuaire.Errorf(annuaire.CodeNotFound, "audit", "le journal d'audit est vide", "the audit is empty", nil)
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), out.Head)
			return err
		},
	}
	s.dataFlags(c)
	return c
}

// askAudit has the running server look, else opens the data directory.
func askAudit(c *cobra.Command, s *settings, req auditRequest) (auditAnswer, error) {
	cfg, err := s.load(c)
	if err != nil {
		return auditAnswer{}, err
	}
	return onData(c.Context(), cfg, "audit", req, nil, openExisting, req.look)
}

func (r auditRequest) look(d *directory.Directory) (out auditAnswer, err error) {
	if r.Do == "anchor" {
		out.Head, err = d.Ledger.AuditHead()
		return out, err
	}
	v, err := d.Ledger.VerifyAudit(r.Anchor)
	return auditAnswer{Verdict: &v, Head: v.Head}, err
}
