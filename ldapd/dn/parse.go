package dn

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"annuaire/ldapd/ber"
)

// What can be wrong with a name.
var (
	ErrSyntax  = errors.New("dn: not a distinguished name (RFC 4514)")
	ErrTooLong = errors.New("dn: longer than allowed")
)

// Parse reads a name. Spaces around separators are accepted, as is ";" for "," (RFC 2253, 4).
func Parse(s []byte, lookup Lookup) (Name, error) {
	if len(s) > MaxBytes {
		return nil, ErrTooLong
	}
	if !utf8.Valid(s) {
		return nil, ErrSyntax
	}
	p := parser{rest: s, lookup: lookup}
	if p.spaces(); len(p.rest) == 0 {
		return nil, nil
	}
	var n Name
	for parts := 0; ; {
		r, err := p.rdn()
		if err != nil {
			return nil, err
		}
		if parts += len(r); parts > maxParts {
			return nil, ErrTooLong
		}
		n = append(n, r)
		switch {
		case len(p.rest) == 0:
			return n, nil
		case p.rest[0] != ',' && p.rest[0] != ';':
			return nil, ErrSyntax
		}
		p.rest = p.rest[1:]
	}
}

type parser struct {
	rest   []byte
	lookup Lookup
}

func (p *parser) spaces() { p.rest = bytes.TrimLeft(p.rest, " ") }

func (p *parser) rdn() (RDN, error) {
	var r RDN
	for {
		v, err := p.value()
		if err != nil || len(r) == maxParts {
			return nil, cmp.Or(err, ErrTooLong)
		}
		r = append(r, v)
		if len(p.rest) == 0 || p.rest[0] != '+' {
			break
		}
		p.rest = p.rest[1:]
	}
	slices.SortFunc(r, compareValues)
	return r, nil
}

func (p *parser) value() (v Value, err error) {
	p.spaces()
	eq := bytes.IndexByte(p.rest, '=')
	if eq < 0 {
		return v, ErrSyntax
	}
	name := bytes.TrimRight(p.rest[:eq], " ")
	if v.Type, err = p.canonical(name); err != nil {
		return v, err
	}
	p.rest = p.rest[eq+1:]
	p.spaces()
	if len(p.rest) > 0 && p.rest[0] == '#' {
		v.Raw, err = p.hex()
	} else {
		v.Raw, err = p.text()
	}
	v.Folded = fold(v.Raw)
	return v, err
}

// canonical is the name under which an attribute type is compared.
func (p *parser) canonical(name []byte) (string, error) {
	if len(name) > 4 && bytes.EqualFold(name[:4], []byte("oid.")) { // RFC 2253, 4
		name = name[4:]
	}
	if !IsType(name) {
		return "", ErrSyntax
	}
	if known, ok := p.lookup(name); ok {
		return strings.ToLower(known), nil
	}
	return string(bytes.ToLower(name)), nil
}

// IsType reports whether name has the form of an attribute type: descr or numericoid (RFC 4512, 1.4).
func IsType(name []byte) bool {
	if len(name) == 0 {
		return false
	}
	if c := name[0]; c >= '0' && c <= '9' {
		return isOID(name)
	}
	for i, c := range name {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || c != '-' && (c < '0' || c > '9')) {
			return false
		}
	}
	return true
}

func isOID(name []byte) bool {
	dots := 0
	for arc := range bytes.SplitSeq(name, []byte(".")) {
		if len(arc) == 0 || len(arc) > 1 && arc[0] == '0' {
			return false
		}
		for _, c := range arc {
			if c < '0' || c > '9' {
				return false
			}
		}
		dots++
	}
	return dots > 1
}

// text reads a value written as a string, up to a separator.
func (p *parser) text() ([]byte, error) {
	var out []byte
	kept := 0 // how much of out stays when spaces at the end go: escaped ones stay
	for len(p.rest) > 0 && strings.IndexByte(",;+", p.rest[0]) < 0 {
		c := p.rest[0]
		switch c {
		case '"', '<', '>', 0:
			return nil, ErrSyntax
		case '\\':
			o, size, ok := unescape(p.rest)
			if !ok {
				return nil, ErrSyntax
			}
			out, p.rest = append(out, o), p.rest[size:]
			kept = len(out)
			continue
		}
		out, p.rest = append(out, c), p.rest[1:]
		if c != ' ' {
			kept = len(out)
		}
	}
	if !utf8.Valid(out[:kept]) {
		return nil, ErrSyntax
	}
	return out[:kept], nil
}

// unescape reads what follows a backslash: a character that needs it, or two hexadecimal digits.
func unescape(s []byte) (o byte, size int, ok bool) {
	if len(s) < 2 {
		return 0, 0, false
	}
	if bytes.IndexByte([]byte(` "#+,;<=>\`), s[1]) >= 0 {
		return s[1], 2, true
	}
	if len(s) < 3 {
		return 0, 0, false
	}
	var b [1]byte
	if _, err := hex.Decode(b[:], s[1:3]); err != nil {
		return 0, 0, false
	}
	return b[0], 3, true
}

// stringTags are the types in which #hex may write a string: OCTET STRING, UTF8String, NumericString, PrintableString, TeletexString,
// IA5String.
var stringTags = []byte{0x04, 0x0c, 0x12, 0x13, 0x14, 0x16}

// hex reads a value written as the BER of it in hexadecimal (RFC 4514, 2.4).
func (p *parser) hex() ([]byte, error) {
	end := bytes.IndexAny(p.rest, ",;+ ")
	if end < 0 {
		end = len(p.rest)
	}
	raw := make([]byte, hex.DecodedLen(end-1))
	if _, err := hex.Decode(raw, p.rest[1:end]); err != nil {
		return nil, ErrSyntax
	}
	p.rest = p.rest[end:]
	p.spaces()
	c := ber.Read(raw)
	tag, content, err := c.Next()
	switch {
	case err != nil || !c.Done():
		return nil, ErrSyntax
	case bytes.IndexByte(stringTags, tag) >= 0:
		return content, nil
	}
	return raw, nil
}
