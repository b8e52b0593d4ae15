package schema

import (
	"bytes"

	"annuaire/ldapd/dn"
)

// identifier prepares an OID or a descriptor: the OID of what it names. A descriptor that is not known is refused, so that the assertion is
// Undefined (RFC 4517, 4.2.26).
func identifier(dst, v []byte) ([]byte, bool) {
	if len(v) > 0 && '0' <= v[0] && v[0] <= '9' {
		return append(dst, v...), dn.IsType(v)
	}
	if c := LookupClass(v); c != nil {
		return append(dst, c.OID...), true
	}
	if t := Lookup(v); t != nil {
		return append(dst, t.OID...), true
	}
	if r := LookupRule(v); r != nil {
		return append(dst, r.OID...), true
	}
	return dst, false
}

// firstComponent prepares a definition, or an assertion about its OID (RFC 4517, 4.2.26).
func firstComponent(dst, v []byte) ([]byte, bool) {
	if rest, ok := bytes.CutPrefix(v, []byte("( ")); ok {
		v, _, _ = bytes.Cut(rest, []byte(" "))
	}
	return identifier(dst, v)
}

// name prepares a distinguished name (RFC 4517, 4.2.15).
func name(dst, v []byte) ([]byte, bool) {
	n, err := dn.Parse(v, Canonical)
	if err != nil {
		return dst, false
	}
	return append(dst, n.String()...), true
}

// Canonical returns the name of an attribute type given by a name, an alias or a numeric OID.
func Canonical(nameOrOID []byte) (string, bool) {
	t := Lookup(nameOrOID)
	if t == nil {
		return "", false
	}
	return t.Name, true
}
