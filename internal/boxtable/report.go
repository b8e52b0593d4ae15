package boxtable

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"annuaire"
)

// Report writes what became of rows as it comes, in the order of the file: as CSV, or as one JSON object a line.
type Report struct {
	json *json.Encoder
	csv  *csv.Writer
	all  bool
	err  error
}

// NewReport returns a report of the rows that were refused, or of all.
func NewReport(w io.Writer, asJSON, all bool) *Report {
	r := &Report{all: all}
	if asJSON {
		r.json = json.NewEncoder(w)
		return r
	}
	r.csv = csv.NewWriter(w)
	r.err = r.csv.Write([]string{"line", "address", "outcome", "rule", "parameter", "detail"})
	return r
}

func (r *Report) write(l annuaire.BatchLine) {
	switch {
	case r.err != nil, !r.all && l.Outcome != annuaire.BatchRefused && l.Outcome != annuaire.BatchFailed:
	case r.json != nil:
		r.err = r.json.Encode(l)
	default:
		r.err = r.csv.Write([]string{strconv.Itoa(l.Line), l.Address, l.Outcome, l.Rule, l.Parameter, l.Detail})
	}
}

// merge writes the report of the server and that of what was not sent.
func (r *Report) merge(in io.Reader, s sent) (sum annuaire.BatchSummary, err error) {
	notSent := len(s.bad)
	for dec := json.NewDecoder(in); ; {
		var l struct {
			annuaire.BatchLine
			Summary *annuaire.BatchSummary
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
		l.Line = s.lines[l.Line-1]
		r.notSent(&s, l.Line)
		r.write(l.BatchLine)
	}
}

// notSent reports the rows before a line that were not sent.
func (r *Report) notSent(s *sent, before int) {
	for len(s.bad) > 0 && s.bad[0].Line < before {
		r.write(s.bad[0])
		s.bad = s.bad[1:]
	}
}
