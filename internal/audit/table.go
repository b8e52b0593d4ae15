// Package audit writes the lines of the audit for people and programs outside: NDJSON with everything, CSV for a spreadsheet. The chain itself
// is kept, and verified, by the store.
package audit

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/samber/lo"

	"annuaire"
	"annuaire/internal/sheet"
)

// Format is how lines are written.
type Format string

// The formats.
const (
	NDJSON Format = "ndjson" // one JSON object for each line
	CSV    Format = "csv"    // RFC 4180, with a header
)

// Writer writes lines in a format. Not safe for concurrent use.
type Writer struct {
	json *json.Encoder
	csv  *sheet.Writer
}

var header = []string{"seq", "time", "who", "roles", "proof", "from", "what", "target", "why", "before", "after", "hash"}

// NewWriter returns a Writer; CodeInvalid for a format there is none of.
func NewWriter(w io.Writer, f Format) (*Writer, error) {
	switch f {
	case NDJSON:
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return &Writer{json: enc}, nil
	case CSV:
		out := &Writer{csv: sheet.NewWriter(w)}
		return out, out.csv.Row(header)
	}
	return nil, annuaire.Invalid("format", "ndjson ou csv (reçu : « %s »)", "ndjson or csv (got %q)", string(f))
}

// Write writes a line.
func (w *Writer) Write(r annuaire.AuditRecord) error {
	if w.json != nil {
		return w.json.Encode(r)
	}
	roles := lo.Map(r.Roles, func(role annuaire.Role, _ int) string { return string(role) })
	row := []string{strconv.FormatUint(r.Seq, 10), r.Time.UTC().Format(time.RFC3339), r.Who, strings.Join(roles, " "), r.Proof, r.From, r.What, r.Target, r.Why}
	for _, side := range []any{r.Before, r.After} {
		cell := ""
		if side != nil {
			b, err := json.Marshal(side)
			if err != nil {
				return fmt.Errorf("audit line %d: %w", r.Seq, err)
			}
			cell = string(b)
		}
		row = append(row, cell)
	}
	return w.csv.Row(append(row, r.Hash))
}

// Close writes what is left.
func (w *Writer) Close() error {
	if w.csv == nil {
		return nil
	}
	return w.csv.Flush()
}
