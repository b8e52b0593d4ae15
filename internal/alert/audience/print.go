package audience

import (
	"strings"
	"unicode"
)

// String returns the text form in its one way of writing: Parse of it gives the same audience.
func (a Audience) String() string {
	var parts []string
	if a.Everyone {
		parts = append(parts, wordEveryone)
	}
	besides := len(a.Also)+len(a.Include)+len(a.Exclude)+len(a.Kinds) > 0
	if a.Where != nil {
		text := written(*a.Where)
		if a.Where.Op == OpAny && besides {
			text = "(" + text + ")"
		}
		parts = append(parts, text)
	}
	for _, g := range a.groups() {
		for _, n := range *g.nodes {
			parts = append(parts, g.name+"("+written(n)+")")
		}
	}
	if len(a.Kinds) > 0 {
		kinds := make([]string, len(a.Kinds))
		for i, k := range a.Kinds {
			kinds[i] = string(k)
		}
		parts = append(parts, string(FieldKind)+":"+strings.Join(kinds, ","))
	}
	return strings.Join(parts, " ")
}

// String returns the text form of a criterion or a group.
func (n Node) String() string { return written(n) }

func written(n Node) string {
	switch n.Op {
	case OpIs:
		values := make([]string, len(n.Values))
		for i, v := range n.Values {
			values[i] = quoted(v)
		}
		return string(n.Field) + ":" + strings.Join(values, ",")
	case OpNot:
		return "-" + inside(n.Args[0], true)
	case OpAny:
		return joined(n.Args, " "+wordAny+" ", false)
	}
	return joined(n.Args, " ", true)
}

func joined(args []Node, by string, groups bool) string {
	out := make([]string, len(args))
	for i, a := range args {
		out[i] = inside(a, groups)
	}
	return strings.Join(out, by)
}

// inside writes an argument, in parentheses where it would be read otherwise: groups within a conjunction, nothing within an OR.
func inside(n Node, groups bool) string {
	if groups && (n.Op == OpAny || n.Op == OpAll) {
		return "(" + written(n) + ")"
	}
	return written(n)
}

// quoted writes a value, between quotation marks where it would not be read as one word.
func quoted(v string) string {
	if v != "" && v[0] != '-' && !strings.ContainsFunc(v, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(signs, r) || r == '\\' }) {
		return v
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(v) + `"`
}
