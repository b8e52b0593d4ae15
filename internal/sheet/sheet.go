// Package sheet writes tables for spreadsheets: CSV (RFC 4180), no cell of which is taken for a formula.
package sheet

import (
	"encoding/csv"
	"io"
	"strings"

	"github.com/samber/lo"
)

// Writer writes rows. Not safe for concurrent use.
type Writer struct{ csv *csv.Writer }

// NewWriter returns a Writer to w.
func NewWriter(w io.Writer) *Writer {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return &Writer{out}
}

// Row writes a row, which Flush hands over.
func (w *Writer) Row(cells []string) error {
	return w.csv.Write(lo.Map(cells, func(cell string, _ int) string { return plain(cell) }))
}

// Flush hands over what was written.
func (w *Writer) Flush() error {
	w.csv.Flush()
	return w.csv.Error()
}

// plain gives what begins like a formula an apostrophe (OWASP, CSV injection): tables hold what strangers wrote.
func plain(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
