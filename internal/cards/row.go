package cards

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"annuaire"
)

// What a row may be.
type what int

const (
	bad   what = iota
	held       // a CPS
	other      // no card that counts
)

// card reads a row.
func (c columns) card(row []byte) (out card, _ what) {
	cells := bytes.Split(row, []byte("|"))
	if len(cells) < c.n {
		return out, bad
	}
	cell := func(i int) string {
		if i < 0 {
			return ""
		}
		return strings.TrimSpace(string(cells[i]))
	}
	id, ok := annuaire.NationalID(cell(c.national))
	if !ok || annuaire.RPPSOf(id) == "" {
		if id, ok = annuaire.NationalID(cell(c.id)); !ok {
			return out, bad
		}
	}
	n, err := strconv.ParseUint(id, 10, 64)
	if annuaire.RPPSOf(id) == "" || err != nil || training(cell(c.kind), cell(c.kindLabel)) || cell(c.opposed) != "" {
		return out, other
	}
	day, ok := dayOf(cell(c.until))
	if !ok {
		return out, bad
	}
	return card{n, day}, held
}

// training reports whether a card is of somebody in training (CPF): it opens no mailbox.
func training(code, label string) bool {
	return strings.EqualFold(code, "CPF") || code == "1" || strings.Contains(strings.ToUpper(label), "CPF") || strings.Contains(strings.ToLower(label), "formation")
}

// dayOf reads a date in the forms that the ANS writes dates in; an empty one is never.
func dayOf(s string) (uint16, bool) {
	if s == "" {
		return never, true
	}
	for _, layout := range []string{"02/01/2006", "2006-01-02", "20060102"} {
		if len(s) < len(layout) || len(s) > len(layout) && layout == "20060102" {
			continue
		}
		if t, err := time.Parse(layout, s[:len(layout)]); err == nil {
			return dayFrom(t), true
		}
	}
	return 0, false
}

func dayFrom(t time.Time) uint16 {
	return uint16(max(0, min(t.Unix()/(24*3600), never-1)))
}
