package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"strconv"

	"github.com/spf13/cobra"
)

// importLine is the report of one row of a table.
type importLine struct {
	Line      int    `json:"line"` // of the file
	Address   string `json:"address,omitempty"`
	Outcome   string `json:"outcome"`
	Rule      string `json:"rule,omitempty"`
	Parameter string `json:"parameter,omitempty"`
	Detail    string `json:"detail,omitempty"`
}

// importSummary is the end of the report of a server.
type importSummary struct {
	Created, Changed, Unchanged, Refused int
	Complete                             bool
}

func mailboxImport() *cobra.Command {
	var r remoteServer
	var asJSON, all bool
	c := &cobra.Command{
		Use: "import FILE.csv", Short: "register the mailboxes of a table, with a report for each line",
		Long: `import registers the mailboxes of a table: CSV with a heading, separated by ; or , in UTF-8 or Windows-1252. The columns are in
docs/MAILBOXES.md; an export has all of them.

What is registered as the table says is left as it is: an import that broke off is done again from the start.

EXIT STATUS
  0 every line was taken · 1 failed · 2 bad usage · 4 lines were refused: the report says which and why, the others are registered`,
		Example: "  annuaire mailbox import boxes.csv > report.csv",
		Args:    args1,
		RunE: func(c *cobra.Command, args []string) error {
			f, err := os.Open(args[0])
			if err != nil {
				return &usageError{err}
			}
			defer f.Close()
			sum, err := r.importTable(c, f, newImportReport(c.OutOrStdout(), asJSON, all))
			if err != nil {
				return err
			}
			fmt.Fprintf(c.ErrOrStderr(), "%d created, %d changed, %d as they were, %d refused\n", sum.Created, sum.Changed, sum.Unchanged, sum.Refused)
			switch {
			case !sum.Complete:
				return errors.New("the server stopped before the end: import the file again")
			case sum.Refused > 0:
				return &outcome{exitInput}
			}
			return nil
		},
	}
	r.flags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "report as one JSON object a line, not CSV")
	c.Flags().BoolVar(&all, "all", false, "report every line, not only those refused")
	return c
}

// importTable sends a table row by row, and reports as the server does. Rows that no box can be made of are not sent.
func (r *remoteServer) importTable(c *cobra.Command, in io.Reader, out *importReport) (sum importSummary, err error) {
	t, err := openTable(in)
	if err != nil {
		return sum, err
	}
	body, w := io.Pipe()
	sent := make(chan importSent, 1)
	go func() {
		s := sendRows(t, w)
		sent <- s
		_ = w.CloseWithError(s.err) // nil ends the body
	}()
	res, err := r.open(c, http.MethodPost, "/v1/mailboxes/batch", body, "Content-Type", "application/x-ndjson")
	_ = body.Close() // whatever became of the request, the sender ends
	s := <-sent
	if err != nil {
		return sum, errors.Join(err, s.err)
	}
	defer res.Body.Close()
	if s.err != nil {
		return sum, s.err
	}
	return out.merge(res.Body, s)
}

// importSent is what was sent: the lines of the file by the lines of the batch, and what was not sent.
type importSent struct {
	lines []int
	bad   []importLine
	err   error
}

func sendRows(t *boxTable, w io.Writer) (s importSent) {
	buf := bufio.NewWriterSize(w, 64<<10)
	for {
		err := t.next()
		var bad *rowError
		switch {
		case errors.Is(err, io.EOF):
			s.err = buf.Flush()
			return s
		case errors.As(err, &bad):
			s.bad = append(s.bad, importLine{Line: t.line, Outcome: "refused", Rule: "line_invalid", Detail: bad.Error()})
			continue
		case err != nil:
			s.err = err
			return s
		}
		b, err := json.Marshal(t.row)
		if err == nil {
			_, err = buf.Write(append(b, '\n'))
		}
		if err != nil {
			s.err = err
			return s
		}
		s.lines = append(s.lines, t.line)
	}
}

// importReport writes lines as they come, in the order of the file.
type importReport struct {
	json *json.Encoder
	csv  *csv.Writer
	all  bool
	err  error
}

func newImportReport(w io.Writer, asJSON, all bool) *importReport {
	r := &importReport{all: all}
	if asJSON {
		r.json = json.NewEncoder(w)
		return r
	}
	r.csv = csv.NewWriter(w)
	r.err = r.csv.Write([]string{"line", "address", "outcome", "rule", "parameter", "detail"})
	return r
}

func (r *importReport) line(l importLine) {
	switch {
	case r.err != nil, !r.all && l.Outcome != "refused" && l.Outcome != "failed":
	case r.json != nil:
		r.err = r.json.Encode(l)
	default:
		r.err = r.csv.Write([]string{strconv.Itoa(l.Line), l.Address, l.Outcome, l.Rule, l.Parameter, l.Detail})
	}
}

// merge writes the report of the server and that of what was not sent.
func (r *importReport) merge(in io.Reader, s importSent) (sum importSummary, err error) {
	notSent := len(s.bad)
	for dec := json.NewDecoder(in); ; {
		var l struct {
			importLine
			Summary *importSummary
		}
		switch err := dec.Decode(&l); {
		case errors.Is(err, io.EOF):
			return sum, errors.New("the report of the server has no end")
		case err != nil:
			return sum, err
		case l.Summary != nil:
			r.notSent(&s, math.MaxInt)
			sum = *l.Summary
			sum.Refused += notSent
			if r.csv != nil {
				r.csv.Flush()
				r.err = errors.Join(r.err, r.csv.Error())
			}
			return sum, r.err
		case l.Line < 1 || l.Line > len(s.lines):
			return sum, fmt.Errorf("the server reports of a line %d that was not sent", l.Line)
		}
		l.importLine.Line = s.lines[l.importLine.Line-1]
		r.notSent(&s, l.importLine.Line)
		r.line(l.importLine)
	}
}

// notSent reports the rows before a line that were not sent.
func (r *importReport) notSent(s *importSent, before int) {
	for len(s.bad) > 0 && s.bad[0].Line < before {
		r.line(s.bad[0])
		s.bad = s.bad[1:]
	}
}
