package filter

import (
	"unicode/utf8"

	"annuaire/ldapd/ber"
)

// Tags of Filter (RFC 4511, 4.5.1).
var (
	tagAnd        = ber.ContextC(0)
	tagOr         = ber.ContextC(1)
	tagNot        = ber.ContextC(2)
	tagEqual      = ber.ContextC(3)
	tagSubstrings = ber.ContextC(4)
	tagGreater    = ber.ContextC(5)
	tagLess       = ber.ContextC(6)
	tagPresent    = ber.Context(7)
	tagApprox     = ber.ContextC(8)
	tagExtensible = ber.ContextC(9)
)

// Parse reads the filter at which c stands and leaves c behind it. What it returns may point into what c reads. Its errors are ErrMalformed and
// ErrTooComplex.
func Parse(c *ber.Cursor, lim Limits) (*Filter, error) {
	if lim.Depth == 0 {
		lim.Depth = DefaultDepth
	}
	if lim.Nodes == 0 {
		lim.Nodes = DefaultNodes
	}
	p := parser{nodes: lim.Nodes, fragments: lim.Nodes, cost: maxCost}
	f := &Filter{}
	if err := p.filter(c, &f.root, lim.Depth); err != nil {
		return nil, err
	}
	return f, nil
}

// parser counts down what is left.
type parser struct{ nodes, fragments, cost int }

// afford counts an assertion.
func (p *parser) afford(value []byte) error {
	p.cost -= len(value)
	for _, c := range value {
		if c >= utf8.RuneSelf {
			p.cost -= costForeign
		}
	}
	if p.cost < 0 {
		return ErrTooComplex
	}
	return nil
}

func (p *parser) filter(c *ber.Cursor, n *node, depth int) error {
	tag, content, err := c.Next()
	if err != nil {
		return ErrMalformed
	}
	if p.nodes--; p.nodes < 0 || depth == 0 {
		return ErrTooComplex
	}
	in := ber.Read(content)
	switch tag {
	case tagAnd, tagOr:
		if n.op = opAnd; tag == tagOr {
			n.op = opOr
		}
		for !in.Done() {
			n.kids = append(n.kids, node{})
			if err := p.filter(&in, &n.kids[len(n.kids)-1], depth-1); err != nil {
				return err
			}
		}
		return nil
	case tagNot:
		n.op, n.kids = opNot, make([]node, 1)
		if err := p.filter(&in, &n.kids[0], depth-1); err != nil {
			return err
		}
		if !in.Done() {
			return ErrMalformed
		}
		return nil
	}
	n.op = opItem
	n.item, err = p.item(tag, content)
	return err
}

func (p *parser) item(tag byte, content []byte) (*item, error) {
	in := ber.Read(content)
	switch tag {
	case tagPresent:
		return newPresent(content), nil
	case tagEqual, tagGreater, tagLess, tagApprox:
		desc, err := in.Take(ber.OctetString)
		if err != nil {
			return nil, ErrMalformed
		}
		value, err := in.Take(ber.OctetString)
		if err != nil {
			return nil, ErrMalformed
		}
		if err := p.afford(value); err != nil {
			return nil, err
		}
		return newAssertion(map[byte]kind{tagEqual: kindEqual, tagGreater: kindGreater, tagLess: kindLess, tagApprox: kindApprox}[tag], desc, value), nil
	case tagSubstrings:
		return p.substrings(&in)
	case tagExtensible:
		return p.extensible(&in)
	}
	if tag&0xc0 == 0x80 { // a choice of a later version: what is not implemented is Undefined
		return &item{undefined: true}, nil
	}
	return nil, ErrMalformed
}

// substrings: an initial one may come first only, a final one last only, and there is at least one. slapd, too, refuses none at all, which
// Thunderbird sends when somebody types stars.
func (p *parser) substrings(in *ber.Cursor) (*item, error) {
	desc, err := in.Take(ber.OctetString)
	if err != nil {
		return nil, ErrMalformed
	}
	list, err := in.Enter(ber.Sequence)
	if err != nil || list.Done() {
		return nil, ErrMalformed
	}
	var fragments []fragment
	for last := false; !list.Done(); {
		tag, value, err := list.Next()
		if err != nil || last || tag < ber.Context(0) || tag > ber.Context(2) || tag == ber.Context(0) && len(fragments) > 0 {
			return nil, ErrMalformed
		}
		if p.fragments--; p.fragments < 0 || p.afford(value) != nil {
			return nil, ErrTooComplex
		}
		place := places[tag-ber.Context(0)]
		last = tag == ber.Context(2)
		fragments = append(fragments, fragment{place, value})
	}
	return newSubstrings(desc, fragments), nil
}

func (p *parser) extensible(in *ber.Cursor) (*item, error) {
	rule, named, err := in.Optional(ber.Context(1))
	if err != nil {
		return nil, ErrMalformed
	}
	desc, typed, err := in.Optional(ber.Context(2))
	if err != nil || !typed && !named {
		return nil, ErrMalformed
	}
	value, err := in.Take(ber.Context(3))
	if err != nil {
		return nil, ErrMalformed
	}
	if err := p.afford(value); err != nil {
		return nil, err
	}
	dn := false
	if in.Peek() == ber.Context(4) {
		if dn, err = in.Bool(ber.Context(4)); err != nil {
			return nil, ErrMalformed
		}
	}
	if !named {
		rule = nil
	}
	if !typed {
		desc = nil
	}
	return newExtensible(rule, desc, value, dn), nil
}
