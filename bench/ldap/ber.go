package main

import (
	"bytes"
	"encoding/binary"
)

// writer appends BER elements. Requests are encoded once, before anything is measured, so it is simple rather than fast.
type writer struct {
	b    []byte
	wide bool // lengths of constructed elements in four octets, whatever they are: as Windows clients write them
}

// The identifier octets of the universal types that LDAP uses.
const (
	tagBool     = 0x01
	tagInt      = 0x02
	tagOctets   = 0x04
	tagEnum     = 0x0a
	tagSequence = 0x30
)

// constructed appends an element whose content fill appends.
func (w *writer) constructed(tag byte, fill func()) {
	at := len(w.b)
	fill()
	content := append([]byte(nil), w.b[at:]...)
	w.b = append(w.b[:at], tag)
	if n := len(content); w.wide {
		w.b = append(w.b, 0x84, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	} else {
		w.length(n)
	}
	w.b = append(w.b, content...)
}

// length appends a length in as few octets as it takes.
func (w *writer) length(n int) {
	if n < 0x80 {
		w.b = append(w.b, byte(n))
		return
	}
	o := octetsOf(n)
	w.b = append(append(w.b, 0x80|byte(len(o))), o...)
}

// octetsOf is a number below 2^32 in as few octets as it takes: none for 0.
func octetsOf(n int) []byte {
	return bytes.TrimLeft(binary.BigEndian.AppendUint32(nil, uint32(n)), "\x00")
}

func (w *writer) octets(tag byte, v string) {
	w.b = append(w.b, tag)
	w.length(len(v))
	w.b = append(w.b, v...)
}

// number appends an INTEGER or ENUMERATED from 0 to 2^31-1.
func (w *writer) number(tag byte, n int) {
	o := octetsOf(n)
	if len(o) == 0 || o[0] >= 0x80 { // the first bit is the sign
		o = append([]byte{0}, o...)
	}
	w.b = append(append(w.b, tag, byte(len(o))), o...)
}

func (w *writer) boolean(v bool) {
	o := byte(0)
	if v {
		o = 0xff
	}
	w.b = append(w.b, tagBool, 1, o)
}
