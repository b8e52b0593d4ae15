package extract

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"annuaire"
	"annuaire/internal/names"
)

// layout is how the columns of one file lie.
type layout struct {
	columns []string       // as the file names them, trimmed; a trailing empty one left out
	pos     [numCols]int16 // place of each Col, -1 if the file has no such column
	extra   []string       // names that are not known
	missing []string       // known names, not required, that the file lacks

	fallback bool // the header was Windows-1252
}

// maxColumns is far above any era (56) and keeps a hostile header from filling memory.
const maxColumns = 1000

var utf8BOM = []byte{0xEF, 0xBB, 0xBF}

// readHeader matches the header line of an extract of kind k. Names are compared folded: case, accents (composed or not),
// apostrophes and signs do not count. A known column that comes twice, or a required one that is absent, refuses the file.
func readHeader(k Kind, file string, line []byte) (*layout, error) {
	line = bytes.TrimPrefix(line, utf8BOM)
	l := &layout{fallback: !utf8.Valid(line)}
	if dirty(line) {
		line = appendClean(nil, line, l.fallback)
	}
	fields := bytes.Split(line, []byte{'|'})
	if n := len(fields); n > 1 && len(bytes.TrimSpace(fields[n-1])) == 0 {
		fields = fields[:n-1]
	}
	if len(fields) > maxColumns {
		return nil, annuaire.Invalid("from", "%s : plus de %d colonnes", "%s: more than %d columns", file, maxColumns)
	}
	l.columns = make([]string, len(fields))
	for i := range l.pos {
		l.pos[i] = -1
	}
	known := foldedNames(k)
	for i, f := range fields {
		l.columns[i] = string(bytes.TrimSpace(f))
		c, ok := known[names.Fold(l.columns[i])]
		switch {
		case !ok:
			l.extra = append(l.extra, l.columns[i])
		case l.pos[c] >= 0:
			return nil, annuaire.Invalid("from", "%s : la colonne « %s » est deux fois dans l'en-tête",
				"%s: column %q comes twice in the header", file, l.columns[i])
		default:
			l.pos[c] = int16(i)
		}
	}
	return l, l.requireAll(k, file)
}

// foldedNames maps each accepted name, folded, to its Col.
func foldedNames(k Kind) map[string]Col {
	m := make(map[string]Col, 64)
	for _, c := range schema(k) {
		m[names.Fold(c.name)] = c.col
		for _, v := range c.variants {
			m[names.Fold(v)] = c.col
		}
	}
	return m
}

func (l *layout) requireAll(k Kind, file string) error {
	if len(l.extra) == len(l.columns) {
		return annuaire.Invalid("from", "%s : la première ligne n'est pas l'en-tête de %s (noms séparés par « | »)",
			"%s: the first line is not the header of %s (names separated by \"|\")", file, k)
	}
	for _, c := range schema(k) {
		if l.pos[c.col] >= 0 {
			continue
		}
		if !c.required {
			l.missing = append(l.missing, c.name)
			continue
		}
		french, english := "", ""
		if near := names.Nearest(c.name, l.extra, len(c.name)/2, 1); len(near) > 0 {
			french, english = fmt.Sprintf(" (la plus proche : « %s »)", near[0]), fmt.Sprintf(" (nearest found: %q)", near[0])
		}
		return annuaire.Errorf(annuaire.CodeInvalid, "from",
			fmt.Sprintf("%s : colonne obligatoire absente : « %s »%s", file, c.name, french),
			fmt.Sprintf("%s: required column missing: %q%s", file, c.name, english), nil)
	}
	return nil
}
