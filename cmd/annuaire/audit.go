package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/audit"
	"annuaire/internal/backup"
	"annuaire/internal/config"
	"annuaire/internal/control"
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
	var asJSON bool
	c := &cobra.Command{
		Use: "verify [--anchor N:HASH]", Short: "compute the chain of the audit anew",
		Long: "verify computes the chain anew, in one state of the data.\n\nEXIT STATUS\n  0 as it was written · 1 not so, or failed (what, and at which line, is printed) · 2 bad usage",
		Args: args0,
		RunE: func(c *cobra.Command, _ []string) error {
			req := auditRequest{Do: "verify"}
			if anchor != "" {
				a, err := annuaire.ParseAuditAnchor(anchor)
				if err != nil {
					return err
				}
				req.Anchor = &a
			}
			out, err := askAudit(c, &s, req)
			if err != nil {
				return err
			}
			return printVerdict(c.OutOrStdout(), *out.Verdict, asJSON)
		},
	}
	s.dataFlags(c)
	c.Flags().StringVar(&anchor, "anchor", "", "a line noted elsewhere, as audit anchor prints it")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

var faults = map[annuaire.AuditFault]string{
	annuaire.AuditChanged:  "ligne modifiée, ou celle d'avant / line changed, or the one before it",
	annuaire.AuditMissing:  "lignes retirées / lines taken out",
	annuaire.AuditInserted: "ligne ajoutée / line put in",
	annuaire.AuditDiverged: "journal réécrit : l'ancre n'y est pas / written anew: the anchor is not in it",
}

func printVerdict(w io.Writer, v annuaire.AuditVerdict, asJSON bool) (err error) {
	switch {
	case asJSON:
		err = json.NewEncoder(w).Encode(v)
	case v.Fault == "":
		_, err = fmt.Fprintf(w, "%d lignes, intactes / %d lines, as they were written\n%s\n", v.Lines, v.Lines, v.Head)
	default:
		_, err = fmt.Fprintf(w, "À LA LIGNE / AT LINE %d : %s\n%d lignes avant elle sont intactes / %d lines before it are as they were written\n", v.At, faults[v.Fault], v.Lines, v.Lines)
	}
	if err == nil && v.Fault != "" {
		err = &outcome{1}
	}
	return err
}

func auditAnchor() *cobra.Command {
	var s settings
	c := &cobra.Command{
		Use: "anchor", Short: "print the last line's number and hash, to keep elsewhere", Args: args0,
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
func askAudit(c *cobra.Command, s *settings, req auditRequest) (out auditAnswer, err error) {
	cfg, err := s.load(c)
	if err != nil {
		return out, err
	}
	if err = control.Call(c.Context(), socket(cfg), "audit", req, nil, &out); !errors.Is(err, control.ErrNoServer) {
		return out, err
	}
	err = withData(cfg, func(d *directory.Directory) error {
		out, err = req.look(d)
		return err
	})
	return out, err
}

// withData opens a data directory that is there.
func withData(cfg config.Config, fn func(*directory.Directory) error) error {
	if !backup.Exists(cfg.Data) {
		return annuaire.Errorf(annuaire.CodeNotFound, "data", "aucune donnée dans "+cfg.Data, "no data in "+cfg.Data, nil)
	}
	d, err := directory.Open(cfg.Data)
	if err != nil {
		return err
	}
	return errors.Join(fn(d), d.Close())
}

func (r auditRequest) look(d *directory.Directory) (out auditAnswer, err error) {
	if r.Do == "anchor" {
		out.Head, err = d.Ledger.AuditHead()
		return out, err
	}
	v, err := d.Ledger.VerifyAudit(r.Anchor)
	return auditAnswer{Verdict: &v, Head: v.Head}, err
}

// auditCommandOf is audit as the control socket offers it.
func auditCommandOf(d *directory.Directory) control.Command {
	return func(_ context.Context, args json.RawMessage, _ func(any)) (any, error) {
		var req auditRequest
		if err := json.Unmarshal(args, &req); err != nil {
			return nil, annuaire.Invalid("audit", "demande illisible", "request cannot be read")
		}
		return req.look(d)
	}
}

// auditChoice is which lines, and how.
type auditChoice struct {
	since, until, who, what, format string
	last                            int
}

func (a *auditChoice) flags(c *cobra.Command) {
	c.Flags().StringVar(&a.since, "since", "", "from then on: 2026-11-01, or 2026-11-01T08:00:00Z")
	c.Flags().StringVar(&a.until, "until", "", "before then")
	c.Flags().StringVar(&a.who, "who", "", "a token's id, \"pro:\" and an IdNatPP, local")
	c.Flags().StringVar(&a.what, "what", "", "an act, mailbox.create, or all of a kind, mailbox")
	c.Flags().StringVar(&a.format, "format", string(audit.NDJSON), "ndjson or csv")
}

func (a auditChoice) filter() (f annuaire.AuditFilter, err error) {
	f = annuaire.AuditFilter{Who: a.who, What: a.what, Last: a.last}
	for _, at := range []struct {
		flag, text string
		to         *time.Time
	}{{"since", a.since, &f.Since}, {"until", a.until, &f.Until}} {
		if at.text == "" {
			continue
		}
		if *at.to, err = time.Parse(time.RFC3339, at.text); err != nil {
			if *at.to, err = time.ParseInLocation(time.DateOnly, at.text, time.Local); err != nil {
				return f, &usageError{fmt.Errorf("--%s: a day such as 2026-11-01, or a time such as 2026-11-01T08:00:00Z (got %q)", at.flag, at.text)}
			}
		}
	}
	return f, nil
}

func auditExport() *cobra.Command {
	var s settings
	var a auditChoice
	var out string
	c := &cobra.Command{
		Use: "export", Short: "write the lines of the audit: NDJSON or CSV",
		Long:    "export writes lines of the audit, oldest first, to standard output or to a new file of mode 0600. They are personal data, and that they were read\nis a line of the audit itself.",
		Example: "  annuaire audit export --data data --since 2026-11-01 --what mailbox --format csv --out novembre.csv",
		Args:    args0,
		RunE: func(c *cobra.Command, _ []string) error {
			if out == "" || out == "-" {
				return writeAudit(c, &s, a, c.OutOrStdout())
			}
			_, err := newFile(out, func(w io.Writer) error { return writeAudit(c, &s, a, w) })
			return err
		},
	}
	s.dataFlags(c)
	a.flags(c)
	c.Flags().StringVar(&out, "out", "", "file to write (default standard output)")
	return c
}

func auditTail() *cobra.Command {
	var s settings
	var a auditChoice
	c := &cobra.Command{
		Use: "tail", Short: "the last lines of the audit", Args: args0,
		RunE: func(c *cobra.Command, _ []string) error {
			if a.last < 1 || a.last > 100_000 {
				return &usageError{fmt.Errorf("--lines: from 1 to 100000 (got %d)", a.last)}
			}
			return writeAudit(c, &s, a, c.OutOrStdout())
		},
	}
	s.dataFlags(c)
	a.flags(c)
	c.Flags().IntVarP(&a.last, "lines", "n", 20, "how many")
	return c
}

// writeAudit writes the lines chosen, which the running server gives, or the data directory.
func writeAudit(c *cobra.Command, s *settings, a auditChoice, to io.Writer) error {
	cfg, err := s.load(c)
	if err != nil {
		return err
	}
	f, err := a.filter()
	if err != nil {
		return err
	}
	buf := bufio.NewWriter(to)
	w, err := audit.NewWriter(buf, audit.Format(a.format))
	if err != nil {
		return err
	}
	err = linesThere(c.Context(), cfg, f, w.Write)
	if errors.Is(err, control.ErrNoServer) {
		err = withData(cfg, func(d *directory.Directory) error {
			if err := auditLocal(d, whoAmI(), "audit.read", "", "", map[string]string{"question": question(f).Encode()}); err != nil {
				return err
			}
			return d.Ledger.EachAudit(f, w.Write)
		})
	}
	return errors.Join(err, w.Close(), buf.Flush())
}

// question is a filter as REST is asked for it.
func question(f annuaire.AuditFilter) url.Values {
	q := url.Values{}
	for name, v := range map[string]string{"who": f.Who, "what": f.What} {
		if v != "" {
			q.Set(name, v)
		}
	}
	for name, t := range map[string]time.Time{"since": f.Since, "until": f.Until} {
		if !t.IsZero() {
			q.Set(name, t.UTC().Format(time.RFC3339))
		}
	}
	if f.Last > 0 {
		q.Set("last", strconv.Itoa(f.Last))
	}
	return q
}

// linesThere has the running server give the lines.
func linesThere(ctx context.Context, cfg config.Config, f annuaire.AuditFilter, fn func(annuaire.AuditRecord) error) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://annuaire/v1/audit?"+question(f).Encode(), nil)
	if err != nil {
		return err
	}
	req.Header.Set(userHeader, whoAmI())
	client := control.Client(socket(cfg))
	defer client.CloseIdleConnections()
	res, err := client.Do(req)
	if errors.Is(err, control.ErrNoServer) {
		return control.ErrNoServer
	}
	if err != nil {
		return fmt.Errorf("control: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 64<<10))
		return fmt.Errorf("the server does not give the audit: %s", strings.TrimSpace(string(text)))
	}
	for dec := json.NewDecoder(res.Body); ; {
		var line struct {
			annuaire.AuditRecord
			Before json.RawMessage `json:"before"` // as they are, to the digit
			After  json.RawMessage `json:"after"`
		}
		if err := dec.Decode(&line); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("the export broke off: %w", err)
		}
		r := line.AuditRecord
		if line.Before != nil {
			r.Before = line.Before
		}
		if line.After != nil {
			r.After = line.After
		}
		if err := fn(r); err != nil {
			return err
		}
	}
}
