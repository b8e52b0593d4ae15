package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// definitions are what a server knows of attributes and classes, as RFC 4512 writes them.
type definitions struct{ types, classes []string }

// schemaOf reads the schema of a server.
func schemaOf(ctx context.Context, addr string) (d definitions, err error) {
	root, err := readEntry(ctx, addr, search{filter: "(objectClass=*)", attrs: []string{"subschemaSubentry"}})
	if err != nil {
		return d, err
	}
	dn := root.first("subschemaSubentry")
	if dn == "" {
		return d, errors.New("the root DSE names no schema")
	}
	e, err := readEntry(ctx, addr, search{base: dn, filter: "(objectClass=subschema)", attrs: []string{"attributeTypes", "objectClasses"}})
	return definitions{e.values("attributeTypes"), e.values("objectClasses")}, err
}

// lacks returns what is defined in want and not in have, by number. Operational attributes are a server's own: slapd takes none.
func lacks(have, want definitions) definitions {
	return definitions{without(want.types, have.types), without(want.classes, have.classes)}
}

func without(want, have []string) (out []string) {
	known := map[string]bool{}
	for _, d := range have {
		known[oidOf(d)] = true
	}
	for _, d := range want {
		if !known[oidOf(d)] && !strings.Contains(d, " USAGE ") {
			out = append(out, d)
		}
	}
	return out
}

// oidOf returns the number at the beginning of a definition.
func oidOf(definition string) string {
	f := strings.Fields(strings.TrimPrefix(strings.TrimSpace(definition), "("))
	if len(f) == 0 {
		return ""
	}
	return f[0]
}

// slapdSchema writes definitions as slapd.conf(5) includes them.
func (d definitions) slapdSchema() string {
	var b strings.Builder
	for _, t := range d.types {
		fmt.Fprintf(&b, "attributetype %s\n", t)
	}
	for _, c := range d.classes {
		fmt.Fprintf(&b, "objectclass %s\n", c)
	}
	return b.String()
}
