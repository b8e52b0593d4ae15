package ldapd

import (
	"context"
	"time"

	"annuaire/ldapd/ber"
	"annuaire/ldapd/filter"
	"annuaire/ldapd/schema"
)

// compare answers a CompareRequest (RFC 4511, 4.10).
func (op *operation) compare() {
	ctx, cancel := context.WithTimeout(op.ctx, op.c.s.limits.Budget)
	defer cancel()
	out, ok := newOutput(ctx, op, op.c.s.limits.Budget)
	defer out.free()
	r := noSlot
	if ok {
		r = op.compared(ctx)
	}
	op.finish(&out.e, r)
	_ = out.send() // a failure ends the connection by itself
}

func (op *operation) compared(ctx context.Context) result {
	base, desc, value, ok := parseCompare(op.m.body)
	if !ok {
		return say(protocolError, "comparaison illisible", "unreadable compare request")
	}
	if _, r := parseControls(op.m.controls, op.m.op, op.c.s.limits.Controls); r.code != success {
		return r
	}
	if r := op.mayRead(); r.code != success {
		return r
	}
	name, r := readDN(base)
	if r.code != success {
		return r
	}
	x := subject{}
	if x.place, r = op.c.s.find(ctx, name); r.code != success {
		if r.code == noSuchObject && aboutPatients(name, nil) {
			r = r.explained()
		}
		return r
	}
	if x.node == op.c.s.tree.root {
		x.node = op.c.connRoot()
	}
	x.asOf = func() (time.Time, error) { return op.c.s.dir.AsOf(ctx) }
	t, held, known := filter.Description(desc)
	switch {
	case !known:
		return say(undefinedAttributeType, "attribut inconnu", "unknown attribute")
	case !held || !x.has(t):
		return say(noSuchAttribute, "l'entrée n'a pas cet attribut", "the entry has no such attribute")
	}
	if x.node == nil {
		op.charge(1)
	}
	switch filter.CompareValue(&x, t, value, filter.Options{Strict: op.c.s.opts.Strict}) {
	case filter.True:
		return result{code: compareTrue}
	case filter.False:
		return result{code: compareFalse}
	}
	return say(inappropriateMatching, "cette valeur ne se compare pas à cet attribut", "this value cannot be compared with this attribute")
}

// has reports whether the entry has a value of an attribute type or of a subtype.
func (x *subject) has(t *schema.AttributeType) bool {
	for _, sub := range t.Subtypes {
		if x.node == nil && sub.Attr != 0 {
			if x.card.Has(sub.Attr) {
				return true
			}
		} else if len(x.Computed(sub)) > 0 {
			return true
		}
	}
	return false
}

func parseCompare(body []byte) (base, desc, value []byte, ok bool) {
	c := ber.Read(body)
	base, err := c.Take(ber.OctetString)
	if err != nil {
		return nil, nil, nil, false
	}
	ava, err := c.Enter(ber.Sequence)
	if err != nil {
		return nil, nil, nil, false
	}
	if desc, err = ava.Take(ber.OctetString); err != nil {
		return nil, nil, nil, false
	}
	value, err = ava.Take(ber.OctetString)
	return base, desc, value, err == nil
}
