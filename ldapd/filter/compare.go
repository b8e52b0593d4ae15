package filter

import (
	"annuaire/ldapd/match"
	"annuaire/ldapd/schema"
)

// CompareValue evaluates the assertion of a Compare operation (RFC 4511, 4.10): equality on one type and those below it.
func CompareValue(e Entry, t *schema.AttributeType, assertion []byte, o Options) Truth {
	if t == nil {
		return Undefined
	}
	it := &item{kind: kindEqual, asked: t, types: t.Subtypes, rule: t.Equality, sent: []fragment{{match.Whole, assertion}}}
	it.prepare()
	x := eval{entry: e, card: e.Card(), strict: o.Strict}
	return x.item(it)
}

// normalise appends the form in which a value is compared for equality: the same for values that are equal. A type without an
// equality rule, and a value that it refuses, are compared as they are.
func normalise(dst []byte, t *schema.AttributeType, value []byte) []byte {
	if t != nil && t.Equality != nil {
		if out, ok := t.Equality.Append(dst, value, match.Whole); ok {
			return out
		}
	}
	return append(dst, value...)
}

// SortKey appends a key: keys are in the order of bytes as values are in that of the type, by its ordering rule if it has one. Strings are in the
// order of what they fold to, so that accents do not part names, then in that of RFC 4517: their types have no rule (RFC 4519), yet
// clients sort by them.
func SortKey(dst []byte, t *schema.AttributeType, value []byte) []byte {
	if t != nil && t.Ordering != nil {
		if out, ok := t.Ordering.Append(dst, value, match.Whole); ok {
			return out
		}
	}
	if t != nil && t.Equality != nil && t.Equality.Soft {
		dst = append(match.Fold(dst, value), 0)
	}
	return normalise(dst, t, value)
}
