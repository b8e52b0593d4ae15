package audience

import (
	"strings"
	"unicode"

	"github.com/samber/lo"

	"annuaire"
)

// String returns the text form in its one way of writing: Parse of it gives the same audience.
func (a Audience) String() string {
	var parts []string
	if a.Everyone {
		parts = append(parts, wordEveryone)
	}
	besides := len(a.Also)+len(a.Include)+len(a.Exclude)+len(a.Kinds) > 0
	for name, n := range a.parts() {
		switch {
		case name != where:
			parts = append(parts, name+"("+written(*n)+")")
		case n.Op == OpAny && besides:
			parts = append(parts, "("+written(*n)+")")
		default:
			parts = append(parts, written(*n))
		}
	}
	if len(a.Kinds) > 0 {
		parts = append(parts, string(fieldKind)+":"+joined(a.Kinds, ",", func(k annuaire.MailboxKind) string { return string(k) }))
	}
	return strings.Join(parts, " ")
}

// String returns the text form of a criterion or a group.
func (n Node) String() string { return written(n) }

func written(n Node) string {
	switch n.Op {
	case OpIs:
		return string(n.Field) + ":" + joined(n.Values, ",", quoted)
	case OpNot:
		return "-" + inside(n.Args[0])
	case OpAny:
		return joined(n.Args, " "+wordAny+" ", written)
	}
	return joined(n.Args, " ", inside)
}

func joined[T any](of []T, by string, write func(T) string) string {
	return strings.Join(lo.Map(of, func(v T, _ int) string { return write(v) }), by)
}

// inside writes an argument of a conjunction or a negation: a group in parentheses, without which it would be read otherwise.
func inside(n Node) string {
	if n.Op == OpAny || n.Op == OpAll {
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
