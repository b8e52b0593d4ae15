package api

import (
	"errors"
	"strings"

	"annuaire/internal/sheet"
)

// row writes a line of CSV, whole.
func (s *stream) row(cells []string) error {
	var b strings.Builder
	w := sheet.NewWriter(&b)
	if err := errors.Join(w.Row(cells), w.Flush()); err != nil {
		return err
	}
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
