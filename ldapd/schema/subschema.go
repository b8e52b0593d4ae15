package schema

import (
	"fmt"
	"slices"
	"strings"
)

// Definition is an attribute of the subschema entry and its values.
type Definition struct {
	Name   string
	Values []string
}

// Subschema returns the attributes of the subschema entry (RFC 4512, 4.2). They are not to be changed.
func Subschema() []Definition { return subschema }

func describe(t *tables) []Definition {
	classes := Definition{Name: "objectClasses"}
	for _, c := range t.allClasses {
		classes.Values = append(classes.Values, c.text)
	}
	types := Definition{Name: "attributeTypes"}
	for _, a := range t.allTypes {
		types.Values = append(types.Values, a.text)
	}
	matching, use := Definition{Name: "matchingRules"}, Definition{Name: "matchingRuleUse"}
	for _, r := range t.allRules {
		matching.Values = append(matching.Values, fmt.Sprintf("( %s NAME '%s' SYNTAX %s )", r.OID, r.Name, r.Syntax.OID))
		if names := uses(t, r); len(names) > 0 {
			use.Values = append(use.Values, fmt.Sprintf("( %s NAME '%s' APPLIES %s )", r.OID, r.Name, oids(names)))
		}
	}
	ldap := Definition{Name: "ldapSyntaxes"}
	for _, s := range syntaxes {
		ldap.Values = append(ldap.Values, fmt.Sprintf("( %s DESC '%s' )", s.OID, s.Desc))
	}
	return []Definition{classes, types, matching, use, ldap}
}

// uses returns the attribute types that a rule compares in an extensible filter (RFC 4512, 4.1.4).
func uses(t *tables, r *Rule) (names []string) {
	for _, a := range t.allTypes {
		if r.For(a.Syntax) {
			names = append(names, a.Name)
		}
	}
	slices.Sort(names)
	return names
}

// oids writes a list as RFC 4512, 4.1 has it.
func oids(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return "( " + strings.Join(names, " $ ") + " )"
}
