package main

import (
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// filter appends a filter written as RFC 4515 has it.
func (w *writer) filter(s string) error {
	p, err := ldap.CompileFilter(s)
	if err == nil {
		w.packet(p)
	}
	return err
}

// packet appends a copy of an element, with lengths as this writer has them.
func (w *writer) packet(p *ber.Packet) {
	tag := byte(p.ClassType) | byte(p.TagType) | byte(p.Tag)
	if p.TagType == ber.TypePrimitive {
		w.octets(tag, p.Data.String())
		return
	}
	w.constructed(tag, func() {
		for _, c := range p.Children {
			w.packet(c)
		}
	})
}

// plain reports whether a value can stand in a filter as it is.
func plain(v string) bool { return v != "" && !strings.ContainsAny(v, "()*\\\x00") }
