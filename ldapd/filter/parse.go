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
func Parse(c *ber.Cursor) (*Filter, error) {
	p := parser{nodes: maxNodes, fragments: maxNodes, cost: maxCost}
	f := &Filter{}
	if err := p.filter(c, &f.root, maxDepth); err != nil {
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
