package filter

import "annuaire/ldapd/ber"

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
	return newExtensible(rule, desc, value, dn), nil
}
