package rig

import (
	"strings"
	"unicode/utf8"
)

// Table is a markdown table. All columns but the first are aligned right.
type Table struct {
	Head []string
	Rows [][]string
}

func (t *Table) Add(cells ...string) { t.Rows = append(t.Rows, cells) }

// Markdown renders the table with its columns padded, so that it reads as well on a terminal. A bar inside a cell is escaped, and a
// row with fewer cells than the head ends in empty ones.
func (t Table) Markdown() string {
	width := make([]int, len(t.Head))
	clean := func(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, "|", "\\|"), "\n", " ") }
	all := append([][]string{t.Head}, t.Rows...)
	for _, r := range all {
		for i := range min(len(r), len(width)) {
			width[i] = max(width[i], utf8.RuneCountInString(clean(r[i])), 3)
		}
	}
	var b strings.Builder
	line := func(r []string) {
		for i, w := range width {
			cell := ""
			if i < len(r) {
				cell = clean(r[i])
			}
			pad := strings.Repeat(" ", w-utf8.RuneCountInString(cell))
			if i > 0 {
				cell, pad = pad+cell, ""
			}
			b.WriteString("| " + cell + pad + " ")
		}
		b.WriteString("|\n")
	}
	line(t.Head)
	for i, w := range width {
		if i == 0 {
			b.WriteString("|" + strings.Repeat("-", w+2))
		} else {
			b.WriteString("|" + strings.Repeat("-", w+1) + ":")
		}
	}
	b.WriteString("|\n")
	for _, r := range t.Rows {
		line(r)
	}
	return b.String()
}
