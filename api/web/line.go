package web

import (
	"cmp"
	"slices"

	"annuaire"
)

// line is a box as a list shows it.
type line struct {
	annuaire.Mailbox
	within string // the structure whose page it is on: its name goes without saying
}

// boxLines are boxes to list, on the page of a structure or anywhere ("").
func boxLines(boxes []annuaire.Mailbox, within string) (out []line) {
	for _, m := range boxes {
		out = append(out, line{m, within})
	}
	return out
}

// Words are the description of the box, the service and the structure it is attached to, each once.
func (l line) Words() (out []string) {
	all := []string{l.Description}
	for _, a := range l.Attachments {
		all = append(all, a.Service, cmp.Or(a.Name, a.TradeName))
	}
	for _, w := range all {
		if w != "" && w != l.within && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// TakesAll reports whether the holder takes documents without paper (dématérialisation).
func (l line) TakesAll() bool { return l.Paperless != nil && *l.Paperless }
