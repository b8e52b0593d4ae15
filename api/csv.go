package api

import (
	"encoding/csv"
	"strings"

	"github.com/samber/lo"
)

// row writes a line of CSV (RFC 4180), whole; no cell of it is a formula.
func (s *stream) row(cells []string) error {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.Write(lo.Map(cells, func(cell string, _ int) string { return safe(cell) })); err != nil {
		return err
	}
	w.Flush()
	return s.text(b.String())
}

// table writes rows, the first of them the headings, and ends the stream.
func (s *stream) table(rows [][]string) error {
	for _, r := range rows {
		if err := s.row(r); err != nil {
			return s.failed(err)
		}
	}
	return s.end()
}

// safe keeps a spreadsheet from taking a cell for a formula: what begins like one gets an apostrophe (OWASP, CSV injection).
func safe(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
