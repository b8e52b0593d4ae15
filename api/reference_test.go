package api

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// TestParameterReference keeps PARAMETERS.md equal to the table: rewrite it with -update.
func TestParameterReference(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	fmt.Fprintf(&b, `# Parameters of the REST API

Made from the table in params.go by %s; do not edit.

Different parameters must all hold; what is marked "activity" holds within one activity of a professional. Repeating a parameter means
any of its values. A value holds at most %d characters, a parameter %d values, a query string %d bytes. An empty value is an error.
`, "`go test ./api -run Reference -update`", maxValueRunes, maxValues, maxQueryBytes)
	for _, rt := range fuzzRoutes {
		path := rt.path
		if rt.on == onRecord {
			path = "One record: /v1/professionals/{id}, /v1/structures/{id}, /v1/mailboxes/{address}"
		}
		fmt.Fprintf(&b, "\n## %s\n\n| parameter | values | commas split | match applies | about | what |\n|---|---|---|---|---|---|\n", path)
		for _, p := range rt.params {
			values := p.kind.name
			switch {
			case p.name == "fields":
				values = "list of keys of the items"
			case p.kind == kindFlag:
			case p.most > 0:
				values += " " + strconv.Itoa(p.most)
			case len(p.values) > 0:
				values += " " + strings.Join(p.values, ", ")
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", p.name, values, yes(p.kind.split != nil), yes(p.kind == kindWords), about(rt, p), p.doc)
		}
	}
	golden(t, "PARAMETERS.md", []byte(b.String()))
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func about(rt *route, p *param) string {
	switch {
	case p.scope == scopePage:
		return "page"
	case p.scope == scopeText:
		return "text"
	case rt.on == onProfessionals && p.scope == scopeSituation:
		return "activity"
	case rt.on == onProfessionals:
		return "person"
	}
	return "record"
}

// TestTable checks what the rows must keep for the rest to hold.
func TestTable(t *testing.T) {
	t.Parallel()
	for _, rt := range fuzzRoutes {
		seen := map[string]bool{}
		for _, p := range rt.params {
			if seen[p.name] {
				t.Errorf("%s: %s has two rows", rt.path, p.name)
			}
			seen[p.name] = true
			if (p.scope >= scopePage) != (p.field == "") {
				t.Errorf("%s: %s is about %q", rt.path, p.name, p.field)
			}
			if p.doc == "" {
				t.Errorf("%s: %s says nothing", rt.path, p.name)
			}
			for _, w := range p.also {
				if rt.param(w) != nil {
					t.Errorf("%s: %s, another word for %s, is a parameter", rt.path, w, p.name)
				}
			}
		}
	}
	for _, f := range facetFields {
		if fuzzRoutes[0].param(f) == nil {
			t.Errorf("facet %s is not a criterion", f)
		}
	}
}
