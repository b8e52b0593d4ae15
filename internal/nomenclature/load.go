package nomenclature

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"annuaire/internal/names"
)

//go:embed tables/*.tsv
var files embed.FS

// entry is one code.
type entry struct {
	code, label string
	variants    []string // other labels that mean it: the extract's, the short one, everyday words
	closed      string   // date "2006-01-02" the code was closed, "" while in use; deprecated codes stay in the data
}

// table is one nomenclature with its ways in. It is never modified once built.
type table struct {
	entries []entry             // by code
	byCode  map[string]int      // by upper-case code
	byText  map[string][]string // folded label or variant to sorted codes
	byStem  map[string][]string // the same with words in the singular
	texts   []labelled          // what Nearest proposes from
}

// labelled is a folded text and the label to propose for it.
type labelled struct{ fold, label string }

// tables gives all nomenclatures, read on first use.
var tables = sync.OnceValue(func() map[Table]*table {
	all := make(map[Table]*table, len(allTables))
	for _, name := range allTables {
		text, err := files.ReadFile("tables/" + string(name) + ".tsv")
		if err == nil {
			all[name], err = parse(name, string(text))
		}
		if err != nil {
			panic(fmt.Errorf("nomenclature %s: %w", name, err)) // embedded: a failure is a broken build, which the tests catch
		}
	}
	return all
})

// parse reads code, label, variants separated by | and closing date, separated by tabs; the last two may be left out. Empty lines
// and lines that begin with # are comments.
func parse(name Table, text string) (*table, error) {
	t := &table{byCode: map[string]int{}, byText: map[string][]string{}, byStem: map[string][]string{}}
	n := 0
	for line := range strings.Lines(text) {
		n++
		if line = strings.TrimRight(line, "\r\n"); line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) < 2 || len(f) > 4 || f[0] == "" || f[1] == "" {
			return nil, fmt.Errorf("line %d: want code, label, variants, closing date", n)
		}
		f = append(f, "", "")
		e := entry{code: f[0], label: f[1], closed: f[3]}
		if f[2] != "" {
			e.variants = strings.Split(f[2], "|")
		}
		t.entries = append(t.entries, e)
	}
	slices.SortFunc(t.entries, func(a, b entry) int { return strings.Compare(a.code, b.code) })
	for i, e := range t.entries {
		key := strings.ToUpper(e.code)
		if _, twice := t.byCode[key]; twice {
			return nil, fmt.Errorf("code %s: twice", e.code)
		}
		t.byCode[key] = i
		t.addText(e, e.label)
		for _, v := range e.variants {
			t.addText(e, v)
		}
		if name == Skill { // the NOS tells homonyms apart by the letters of the code: "Neurologie (SM)", "Neurologie (C)"
			t.addText(e, e.label+" "+strings.TrimRightFunc(e.code, unicode.IsDigit))
		}
	}
	return t, nil
}

func (t *table) addText(e entry, text string) {
	fold := names.Fold(text)
	add := func(m map[string][]string, key string) {
		if !slices.Contains(m[key], e.code) {
			m[key] = append(m[key], e.code)
		}
	}
	add(t.byText, fold)
	add(t.byStem, names.Singular(fold))
	t.texts = append(t.texts, labelled{fold, e.label})
}
