package main

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
	switch {
	case n < 0x80:
		w.b = append(w.b, byte(n))
	case n < 0x100:
		w.b = append(w.b, 0x81, byte(n))
	case n < 0x10000:
		w.b = append(w.b, 0x82, byte(n>>8), byte(n))
	default:
		w.b = append(w.b, 0x83, byte(n>>16), byte(n>>8), byte(n))
	}
}

func (w *writer) octets(tag byte, v string) {
	w.b = append(w.b, tag)
	w.length(len(v))
	w.b = append(w.b, v...)
}

// number appends an INTEGER or ENUMERATED from 0 to 2^31-1.
func (w *writer) number(tag byte, n int) {
	switch {
	case n < 0x80:
		w.b = append(w.b, tag, 1, byte(n))
	case n < 0x8000:
		w.b = append(w.b, tag, 2, byte(n>>8), byte(n))
	case n < 0x800000:
		w.b = append(w.b, tag, 3, byte(n>>16), byte(n>>8), byte(n))
	default:
		w.b = append(w.b, tag, 4, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
}

func (w *writer) boolean(v bool) {
	o := byte(0)
	if v {
		o = 0xff
	}
	w.b = append(w.b, tagBool, 1, o)
}
