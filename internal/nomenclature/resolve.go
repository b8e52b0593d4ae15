package nomenclature

import (
	"slices"
	"strings"

	"annuaire/internal/names"
)

// Label returns what to show for a code, as written in the table ("SM42": Psychiatrie). The code must be exact.
func Label(t Table, code string) (string, bool) {
	e, ok := find(t, code)
	return e.label, ok
}

// find returns the entry of an exact code.
func find(t Table, code string) (entry, bool) {
	tab, ok := tables()[t]
	if !ok {
		return entry{}, false
	}
	i, ok := tab.byCode[strings.ToUpper(code)]
	if !ok || tab.entries[i].code != code {
		return entry{}, false
	}
	return tab.entries[i], true
}

// Resolve returns the codes a text means, sorted: a code in any case, else all whose label or one of whose variants it is,
// folded, in the singular or the plural. Several codes may share a label ("Neurologie" is a specialty and a compétence) or a variant
// ("médecine générale" is SM26, SM53 and SM54). Closed codes are included, since people keep them.
func Resolve(t Table, text string) (codes []string, ok bool) {
	tab, ok := tables()[t]
	if !ok {
		return nil, false
	}
	if i, ok := tab.byCode[strings.ToUpper(strings.TrimSpace(text))]; ok {
		return []string{tab.entries[i].code}, true
	}
	fold := names.Fold(text)
	codes = tab.byText[fold]
	if codes == nil {
		codes = tab.byStem[names.Singular(fold)]
	}
	return slices.Clone(codes), codes != nil
}

// Codes returns the codes of a table, sorted, closed ones included; nil for an unknown table.
func Codes(t Table) []string {
	tab, ok := tables()[t]
	if !ok {
		return nil
	}
	out := make([]string, len(tab.entries))
	for i, e := range tab.entries {
		out[i] = e.code
	}
	return out
}

// Closed returns the date from which a code is no longer given (2006-01-02, or just the year), "" for one in use or unknown.
func Closed(t Table, code string) string {
	e, _ := find(t, code)
	return e.closed
}
