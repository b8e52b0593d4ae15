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
	"time"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/audit"
	"annuaire/internal/cli"
	"annuaire/internal/control"
	"annuaire/internal/directory"
)

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
	if f.Since, err = cli.Moment(a.since); err != nil {
		return f, cli.Usage(fmt.Errorf("--since: %w", err))
	}
	if f.Until, err = cli.Moment(a.until); err != nil {
		return f, cli.Usage(fmt.Errorf("--until: %w", err))
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
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := cli.Write(c, out, func(w io.Writer) error { return writeAudit(c, &s, a, w) })
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
		Use: "tail", Short: "the last lines of the audit", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if a.last < 1 || a.last > 100_000 {
				return cli.Usage(fmt.Errorf("--lines: from 1 to 100000 (got %d)", a.last))
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
	err = linesThere(c.Context(), s.local(c), f, w.Write)
	if errors.Is(err, control.ErrNoServer) {
		_, err = opened(cfg.Data, openExisting, func(d *directory.Directory) (struct{}, error) {
			if err := auditLocal(d, cli.User(), "audit.read", "", "", map[string]string{"question": question(f).Encode()}); err != nil {
				return struct{}{}, err
			}
			return struct{}{}, d.Ledger.EachAudit(f, w.Write)
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
func linesThere(ctx context.Context, s *cli.Server, f annuaire.AuditFilter, fn func(annuaire.AuditRecord) error) error {
	res, err := s.Open(ctx, http.MethodGet, "/v1/audit?"+question(f).Encode(), nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
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
