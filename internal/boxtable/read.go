package boxtable

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"annuaire"
)

// Table reads a table of boxes: CSV with a heading, separated by ; or , (the heading tells), in UTF-8 or Windows-1252.
type Table struct {
	in      *csv.Reader
	columns []column
	row     map[string]any // of the row read last
	line    int            // where it begins, from 1
}

// rowError is what is wrong with one row: the others are read all the same.
type rowError struct{ err error }

func (e *rowError) Error() string { return e.err.Error() }

// Open reads the heading of a table. One that no boxes can come of is an annuaire.InputError.
func Open(r io.Reader) (*Table, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	if bom, err := in.Peek(3); err == nil && bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		_, _ = in.Discard(3)
	}
	head, _ := in.Peek(4 << 10)
	if i := bytes.IndexByte(head, '\n'); i >= 0 {
		head = head[:i]
	}
	t := &Table{in: csv.NewReader(in)}
	t.in.FieldsPerRecord, t.in.ReuseRecord, t.in.TrimLeadingSpace = -1, true, true
	if bytes.Count(head, []byte(";")) > bytes.Count(head, []byte(",")) {
		t.in.Comma = ';'
	}
	headings, err := t.in.Read()
	if err != nil {
		return nil, input("le tableau n'a pas de ligne de titres", "the table has no heading")
	}
	seen := map[string]bool{}
	for _, h := range headings {
		c, ok := columnOf(latin(h))
		switch {
		case !ok:
			return nil, input(fmt.Sprintf("colonne inconnue : « %s » (docs/MAILBOXES.md)", latin(h)), fmt.Sprintf("unknown column %q (docs/MAILBOXES.md)", latin(h)))
		case seen[c.name]:
			return nil, input("deux colonnes « "+c.name+" »", "two columns "+c.name)
		}
		seen[c.name] = true
		t.columns = append(t.columns, c)
	}
	if !seen["address"] || !seen["kind"] {
		return nil, input("les colonnes address et kind sont nécessaires", "the columns address and kind are needed")
	}
	return t, nil
}

func input(french, english string) error {
	return &annuaire.InputError{Err: annuaire.Errorf(annuaire.CodeInvalid, "import", french, english, nil)}
}

// latin reads a cell that is no UTF-8 as Windows-1252, as spreadsheets in France write it.
func latin(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	out, err := charmap.Windows1252.NewDecoder().String(s)
	if err != nil {
		return strings.ToValidUTF8(s, "\ufffd")
	}
	return out
}

// next reads a row; io.EOF at the end, a rowError for one that cannot be read.
func (t *Table) next() error {
	t.row = map[string]any{}
	cells, err := t.in.Read()
	var parse *csv.ParseError
	switch {
	case errors.As(err, &parse):
		t.line = parse.StartLine
		return &rowError{errors.New("the quotes of this row do not match")}
	case err != nil:
		return err
	}
	t.line, _ = t.in.FieldPos(0)
	if len(cells) != len(t.columns) {
		return &rowError{fmt.Errorf("%d cells, %d are expected", len(cells), len(t.columns))}
	}
	structure := map[string]any{}
	for i, cell := range cells {
		v, err := t.columns[i].value(latin(cell))
		switch name := t.columns[i].name; {
		case err != nil:
			return &rowError{err}
		case v == nil || v == "":
		case strings.HasPrefix(name, "structure_"):
			structure[strings.TrimPrefix(name, "structure_")] = v
		default:
			t.row[name] = v
		}
	}
	if len(structure) > 0 {
		t.row["structure"] = structure
	}
	return nil
}
