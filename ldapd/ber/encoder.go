package ber

import (
	"encoding/binary"
	"math/bits"
)

// Encoder appends elements to Buf. Lengths are minimal. It allocates nothing but what Buf needs to grow.
type Encoder struct{ Buf []byte }

// Mark is the place of an element that was begun.
type Mark int

// Begin starts an element whose content follows.
func (e *Encoder) Begin(tag byte) Mark {
	e.Buf = append(e.Buf, tag, 0)
	return Mark(len(e.Buf))
}

// End ends the element begun at m, the last one begun that has not ended.
func (e *Encoder) End(m Mark) {
	n := len(e.Buf) - int(m)
	if n < 0x80 {
		e.Buf[m-1] = byte(n)
		return
	}
	octets := (bits.Len32(uint32(n)) + 7) / 8
	e.Buf = append(e.Buf, make([]byte, octets)...)
	copy(e.Buf[int(m)+octets:], e.Buf[m:int(m)+n])
	putLength(e.Buf[m-1:], n, octets)
}

// putLength writes a length of that many octets in the long form.
func putLength(b []byte, n, octets int) {
	b[0] = 0x80 | byte(octets)
	for i := octets; i > 0; i-- {
		b[i] = byte(n)
		n >>= 8
	}
}

func (e *Encoder) header(tag byte, n int) {
	if n < 0x80 {
		e.Buf = append(e.Buf, tag, byte(n))
		return
	}
	octets := (bits.Len32(uint32(n)) + 7) / 8
	e.Buf = append(e.Buf, tag)
	at := len(e.Buf)
	e.Buf = append(e.Buf, make([]byte, 1+octets)...)
	putLength(e.Buf[at:], n, octets)
}

// Bytes appends a primitive element.
func (e *Encoder) Bytes(tag byte, v []byte) {
	e.header(tag, len(v))
	e.Buf = append(e.Buf, v...)
}

// String appends a primitive element.
func (e *Encoder) String(tag byte, v string) {
	e.header(tag, len(v))
	e.Buf = append(e.Buf, v...)
}

// Int appends an INTEGER or ENUMERATED.
func (e *Encoder) Int(tag byte, v int64) {
	var all [8]byte
	binary.BigEndian.PutUint64(all[:], uint64(v))
	b := all[:]
	for len(b) > 1 && (b[0] == 0 && b[1] < 0x80 || b[0] == 0xff && b[1] >= 0x80) {
		b = b[1:]
	}
	e.Bytes(tag, b)
}

// Bool appends a BOOLEAN: FF is true (RFC 4511, 5.1).
func (e *Encoder) Bool(tag byte, v bool) {
	o := byte(0)
	if v {
		o = 0xff
	}
	e.Buf = append(e.Buf, tag, 1, o)
}
