package web

import (
	"html/template"
	"net/url"
	"strings"

	"annuaire"
)

// functions are what templates can call beside the methods of what they are given.
var functions = template.FuncMap{
	"trade": trade, "fullName": fullName, "structureName": structureName, "found": found, "elsewhere": elsewhere,
	"field": fieldName, "value": valueName, "purpose": purpose, "person": personPath, "structure": structurePath, "refName": refName,
	"lines": lines, "boxLines": boxLines, "input": newInput, "tradeOf": func(it annuaire.Item[annuaire.Professional]) string {
		p, s := tradeOf(it)
		return strings.Trim(p+" · "+s, " ·")
	},
	"capital": capital, "phone": phone, "dialable": dialable, "give": withView, "slug": slug, "tileX": func(n int) int { return n*tileSize + 1 }, "tileMid": func(n int) int { return n*tileSize + tileSize/2 }, "nav": func(v View, path string) bool { at, _, _ := strings.Cut(v.Path, "?"); return at == path },
	"first": func(n int, c []Choice) []Choice { return c[:min(n, len(c))] }, "after": func(n int, c []Choice) []Choice { return c[min(n, len(c)):] },
	"hasMore": func(n int, c []Choice) bool { return len(c) > n },
}

// personPath and structurePath are the addresses of the pages of records.
func personPath(id string) string { return PathPeople + "/" + url.PathEscape(id) }

func structurePath(id string) string { return PathStructures + "/" + url.PathEscape(id) }

// scoped is something to show with the view of its page: templates that are called have nothing else.
type scoped struct {
	View
	Of any
}

func withView(v View, of any) scoped { return scoped{v, of} }

// purpose says what a box is for.
func purpose(v View, m annuaire.Mailbox) string {
	w := purposes[m.Kind]
	return v.T(w.French, w.English)
}

// refName is what to call the structure of an activity.
func refName(r *annuaire.StructureRef) string {
	return structureName(annuaire.Structure{ID: r.ID, Name: r.Name, TradeName: r.TradeName})
}

// lines are those of an address as it is written on an envelope.
func lines(a *annuaire.Address) []string {
	if a == nil {
		return nil
	}
	out := append([]string{}, a.Lines...)
	if last := strings.TrimSpace(a.PostalCode + " " + a.City); last != "" {
		out = append(out, last)
	}
	if a.Country.Label != "" {
		out = append(out, a.Country.Label)
	}
	return out
}

// capital writes the first letter in upper case.
func capital(s string) string {
	for i, r := range s {
		if i == 0 {
			return strings.ToUpper(string(r)) + s[len(string(r)):]
		}
	}
	return s
}

// slug makes an id of a name of ours.
func slug(s string) string { return strings.ReplaceAll(s, "_", "-") }
