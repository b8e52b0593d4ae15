package schema

import (
	"fmt"
	"strings"
)

// definition is what a definition says, by keyword: "NAME" -> names; the numeric OID under "". Keywords without value have an empty list.
type definition map[string][]string

func (d definition) one(keyword string) string {
	if v := d[keyword]; len(v) > 0 {
		return v[0]
	}
	return ""
}

func (d definition) has(keyword string) bool { _, ok := d[keyword]; return ok }

// parse reads the form of RFC 4512, 4.1: "( oid KEYWORD value KEYWORD ( value value ) ... )". It is for the constants of this package and panics
// at what it cannot read: no start is possible without a schema.
func parse(s string) definition {
	words := tokens(s)
	if len(words) < 3 || words[0] != "(" || words[len(words)-1] != ")" {
		panic("schema: not a definition: " + s)
	}
	d := definition{"": {words[1]}}
	for i := 2; i < len(words)-1; {
		keyword := words[i]
		values := []string{}
		i++
		switch {
		case i < len(words)-1 && words[i] == "(":
			for i++; words[i] != ")"; i++ {
				if words[i] != "$" {
					values = append(values, strings.Trim(words[i], "'"))
				}
			}
			i++
		case keyword == "SINGLE-VALUE", keyword == "NO-USER-MODIFICATION", keyword == "ABSTRACT", keyword == "STRUCTURAL", keyword == "AUXILIARY":
		default:
			values = append(values, strings.Trim(words[i], "'"))
			i++
		}
		if d.has(keyword) {
			panic(fmt.Sprintf("schema: %s twice in %s", keyword, s))
		}
		d[keyword] = values
	}
	return d
}

// tokens cuts a definition at its spaces, keeping quoted strings whole.
func tokens(s string) (out []string) {
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimLeft(s, " ") {
		end := strings.IndexByte(s, ' ')
		if s[0] == '\'' {
			end = strings.IndexByte(s[1:], '\'') + 2
		}
		if end < 0 {
			end = len(s)
		}
		out, s = append(out, s[:end]), s[end:]
	}
	return out
}

// lines returns the definitions of a constant, one to a line.
func lines(s string) (out []string) {
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
