package filter

import (
	"bytes"
	"encoding/hex"
	"slices"

	"annuaire/ldapd/match"
	"annuaire/ldapd/schema"
)

// newExtensible is an extensibleMatch (RFC 4511, 4.5.1.7.7): without a rule it compares for equality, without a type any attribute that the rule is for. A
// rule that is not known, or not for the type, is Undefined.
func newExtensible(rule, desc, value []byte, dn bool) *item {
	it := &item{kind: kindEqual, dn: dn, sent: []fragment{{match.Whole, value}}}
	if desc != nil && !it.about(desc) {
		return it
	}
	if rule == nil {
		it.rule = it.asked.Equality
		it.prepare()
		return it
	}
	it.named = true
	it.rule = schema.LookupRule(rule)
	if it.rule == nil || it.asked != nil && !it.rule.For(it.asked.Syntax) {
		it.undefined = true
		return it
	}
	switch it.rule.Kind {
	case schema.Ordering:
		it.kind = kindBefore
	case schema.Substrings:
		it.kind = kindSubstrings
		if it.sent = substringAssertion(value); it.sent == nil {
			it.undefined = true
			return it
		}
	}
	it.prepare()
	return it
}

// substringAssertion reads "initial*any*final" (RFC 4517, 3.3.30); nil for what is none.
func substringAssertion(v []byte) (out []fragment) {
	parts := bytes.Split(v, []byte{'*'})
	if len(parts) < 2 {
		return nil
	}
	for i, p := range parts {
		place := match.Any
		switch {
		case i == 0:
			place = match.Initial
		case i == len(parts)-1:
			place = match.Final
		}
		if len(p) == 0 {
			if place == match.Any {
				return nil
			}
			continue
		}
		out = append(out, fragment{place, unescapeStars(p)})
	}
	return out
}

// unescapeStars undoes \2A and \5C.
func unescapeStars(p []byte) []byte {
	var out []byte
	for i := 0; i < len(p); i++ {
		if p[i] == '\\' && i+2 < len(p) {
			if b, err := hex.AppendDecode(nil, p[i+1:i+3]); err == nil && (b[0] == '*' || b[0] == '\\') {
				out, i = append(out, b[0]), i+2
				continue
			}
		}
		out = append(out, p[i])
	}
	return out
}

// anyType evaluates an item that names a rule and no type, on every attribute of the entry that the rule is for.
func (x *eval) anyType(it *item) Truth {
	t := False
	for _, a := range schema.Types() {
		if it.rule.For(a.Syntax) {
			if t = max(t, x.attribute(it, a)); t == True {
				break
			}
		}
	}
	return t
}

// inDN evaluates an item on the attribute values of the DN.
func (x *eval) inDN(it *item) Truth {
	t := False
	x.entry.EachInDN(func(a *schema.AttributeType, v []byte) bool {
		if it.asked == nil && it.rule.For(a.Syntax) || it.asked != nil && slices.Contains(it.types, a) {
			t = max(t, x.value(it, v))
		}
		return t != True
	})
	return t
}
