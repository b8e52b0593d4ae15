package cards

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"annuaire"
	"annuaire/internal/names"
)

// card is who holds a card (the number inside IdNatPP) and until when: the last day, counted from 1970. For one person, the latest end counts.
type card struct {
	id  uint64
	day uint16
}

// never is the day of a card whose end is not stated.
const never = 1<<16 - 1

// Report is what was found in an extract.
type Report struct {
	File     string    `json:"file"`
	Stamp    time.Time `json:"stamp"`
	Rows     int       `json:"rows"`
	Holders  int       `json:"holders"`  // of a CPS that nobody opposed
	Rejected int       `json:"rejected"` // rows that cannot be understood
	Other    int       `json:"other"`    // cards of training (CPF), opposed ones, and those of people without an RPPS
	Same     bool      `json:"same"`     // the file is the one loaded
}

// columns are where the fields stand in a row; -1 where the file lacks one.
type columns struct{ national, id, kind, kindLabel, from, until, opposed, n int }

// columnNames are those seen in extracts, folded. Their order changes: they are found by name.
var columnNames = map[string]func(*columns) *int{
	"identification nationale pp":                func(c *columns) *int { return &c.national },
	"identifiant national contenu dans la carte": func(c *columns) *int { return &c.national },
	"identifiant pp":                             func(c *columns) *int { return &c.id },
	"code type de carte":                         func(c *columns) *int { return &c.kind },
	"libelle type de carte":                      func(c *columns) *int { return &c.kindLabel },
	"date debut validite":                        func(c *columns) *int { return &c.from },
	"date fin validite":                          func(c *columns) *int { return &c.until },
	"date opposition":                            func(c *columns) *int { return &c.opposed },
}

func header(line string) (columns, error) {
	c := columns{national: -1, id: -1, kind: -1, kindLabel: -1, from: -1, until: -1, opposed: -1}
	cells := strings.Split(strings.TrimSuffix(line, "|"), "|")
	for i, name := range cells {
		if at, ok := columnNames[names.Fold(name)]; ok && *at(&c) < 0 {
			*at(&c) = i
		}
	}
	c.n = len(cells)
	if c.id < 0 && c.national < 0 || c.kind < 0 && c.kindLabel < 0 || c.until < 0 {
		return c, annuaire.Invalid("cards", "colonnes attendues absentes du fichier des cartes : Identifiant PP, Code type de carte, Date fin validité",
			"the file of cards lacks expected columns: Identifiant PP, Code type de carte, Date fin validité")
	}
	return c, nil
}

// read returns the holders, by id, once each. A file of which more than one row in a hundred cannot be understood is refused as a whole.
func read(ctx context.Context, in io.Reader) (out []card, rep Report, err error) {
	r := bufio.NewReaderSize(in, maxLine)
	first, err := line(r)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, rep, err
	}
	cols, err := header(text(bytes.TrimPrefix(first, []byte("\xef\xbb\xbf"))))
	if err != nil {
		return nil, rep, err
	}
	for {
		row, err := line(r)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, rep, err
		}
		if rep.Rows%65536 == 0 && ctx.Err() != nil {
			return nil, rep, ctx.Err()
		}
		if len(bytes.TrimSpace(row)) == 0 {
			continue
		}
		rep.Rows++
		switch c, what := cols.card(row); what {
		case held:
			out = append(out, c)
		case other:
			rep.Other++
		default:
			rep.Rejected++
		}
	}
	if rep.Rows == 0 || rep.Rejected*100 > rep.Rows {
		return nil, rep, annuaire.Invalid("cards", "fichier des cartes refusé : %d lignes incomprises sur %d", "the file of cards is refused: %d rows of %d cannot be understood", rep.Rejected, rep.Rows)
	}
	slices.SortFunc(out, func(a, b card) int { return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(b.day, a.day)) })
	out = slices.CompactFunc(out, func(a, b card) bool { return a.id == b.id })
	rep.Holders = len(out)
	return out, rep, nil
}

// line returns the next line without its end, cut where it is too long, which makes it a row that cannot be understood.
func line(r *bufio.Reader) ([]byte, error) {
	b, err := r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = r.ReadSlice('\n')
		}
		b = []byte("too long")
	}
	if errors.Is(err, io.EOF) && len(b) > 0 {
		err = nil
	}
	if err != nil && !errors.Is(err, io.EOF) && annuaire.CodeOf(err) != annuaire.CodeInvalid {
		err = annuaire.Errorf(annuaire.CodeInvalid, "cards", "fichier des cartes illisible", "the file of cards cannot be read", err)
	}
	return bytes.TrimRight(b, "\r\n"), err
}

// text reads the header: Latin-1, as far as is known, or UTF-8.
func text(b []byte) string {
	if out, err := charmap.Windows1252.NewDecoder().Bytes(b); err == nil && !utf8.Valid(b) {
		b = out
	}
	return string(b)
}
