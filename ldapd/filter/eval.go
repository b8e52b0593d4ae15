package filter

import (
	"bytes"

	"annuaire/internal/card"
	"annuaire/ldapd/match"
	"annuaire/ldapd/schema"
)

// eval is the evaluation of a filter on an entry.
type eval struct {
	entry  Entry
	card   card.Card
	strict bool
	buf    []byte // what a value becomes while it is compared
}

func (x *eval) node(n *node) Truth {
	switch n.op {
	case opNot:
		return x.node(&n.kids[0]).Not()
	case opItem:
		return x.item(n.item)
	case opOr:
		t := False
		for i := range n.kids {
			if t = max(t, x.node(&n.kids[i])); t == True {
				break
			}
		}
		return t
	}
	t := True
	for i := range n.kids {
		if t = min(t, x.node(&n.kids[i])); t == False {
			break
		}
	}
	return t
}

func (x *eval) item(it *item) Truth {
	if it.undefined {
		return Undefined
	}
	t := False
	if it.asked == nil {
		t = x.anyType(it)
	}
	for _, a := range it.types {
		if t = max(t, x.attribute(it, a)); t == True {
			return True
		}
	}
	if it.dn && t != True {
		t = max(t, x.inDN(it))
	}
	if t != True && !x.strict && len(it.words) > 0 && len(it.types) > 0 && x.names(it.words) {
		return True
	}
	return t
}

// attribute evaluates an item on the values of one type.
func (x *eval) attribute(it *item, a *schema.AttributeType) Truth {
	t := False
	switch {
	case x.card.Empty() || a.Computed():
		for _, v := range x.entry.Computed(a) {
			if t = max(t, x.value(it, v)); t == True {
				break
			}
		}
	case a.Attr != 0:
		values := x.card.Look(a.Attr)
		for v, ok := values.Next(); ok && t != True; v, ok = values.Next() {
			t = max(t, x.value(it, v))
		}
	}
	return t
}

// value evaluates an item on one value.
func (x *eval) value(it *item, v []byte) Truth {
	if it.kind == kindPresent {
		return True
	}
	if !x.strict && len(it.folded) > 0 {
		x.buf = match.Fold(x.buf[:0], it.unescaped(v))
		if it.kind == kindSubstrings {
			return truth(substrings(x.buf, it.folded))
		}
		return truth(bytes.Equal(x.buf, it.folded[0].text))
	}
	var ok bool
	if x.buf, ok = it.rule.Append(x.buf[:0], v, match.Whole); !ok {
		return Undefined
	}
	switch it.kind {
	case kindSubstrings:
		return truth(substrings(x.buf, it.prepared))
	case kindGreater:
		return truth(bytes.Compare(x.buf, it.prepared[0].text) >= 0)
	case kindLess:
		return truth(bytes.Compare(x.buf, it.prepared[0].text) <= 0)
	case kindBefore:
		return truth(bytes.Compare(x.buf, it.prepared[0].text) < 0)
	}
	return truth(bytes.Equal(x.buf, it.prepared[0].text))
}

func truth(b bool) Truth {
	if b {
		return True
	}
	return False
}

// substrings reports whether the fragments stand in v one after the other, without overlap (RFC 4517, 4.2.13).
func substrings(v []byte, fragments []fragment) bool {
	for _, f := range fragments {
		switch f.place {
		case match.Initial:
			if !bytes.HasPrefix(v, f.text) {
				return false
			}
			v = v[len(f.text):]
		case match.Final:
			return bytes.HasSuffix(v, f.text)
		default:
			i := bytes.Index(v, f.text)
			if i < 0 {
				return false
			}
			v = v[i+len(f.text):]
		}
	}
	return true
}

// names reports whether all words stand in one name of the entry.
func (x *eval) names(words []word) bool {
	if x.card.Empty() {
		for _, v := range x.entry.Computed(typeCN) {
			if x.named(words, v) {
				return true
			}
		}
		return false
	}
	values := x.card.Look(card.CN)
	for v, ok := values.Next(); ok; v, ok = values.Next() {
		if x.named(words, v) {
			return true
		}
	}
	return false
}

var typeCN = schema.Of(card.CN)

func (x *eval) named(words []word, name []byte) bool {
	x.buf = match.Fold(x.buf[:0], name)
	for _, w := range words {
		if !w.in(x.buf) {
			return false
		}
	}
	return true
}
