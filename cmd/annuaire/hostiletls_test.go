package main

import (
	"crypto/tls"
	"net"
)

// tlsTricks begin TLS and do not go on, or not as TLS.
var tlsTricks = map[string]func(*stranger){
	"no TLS at all":          func(w *stranger) { w.say(w.octets(w.length(4000))) },
	"TLS in the clear":       func(w *stranger) { w.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n") },
	"a record that lies":     func(w *stranger) { w.say("\x16\x03\x01\xff\xff\x01\x00\xff\xfc\x03\x03", w.octets(w.length(20_000))) },
	"half a handshake":       func(w *stranger) { _ = tls.Client(&cutOff{w.Conn, w.IntN(600)}, w.s.pair.believing()).Handshake() },
	"a handshake and no end": func(w *stranger) { _ = tls.Client(w.Conn, w.s.pair.believing()).Handshake() },
	"a changed handshake": func(w *stranger) {
		c := &recorder{Conn: w.Conn}
		_ = tls.Client(c, w.s.pair.believing()).Handshake()
		w.say(w.changed(c.first))
	},
	"octets in the clear after a handshake": func(w *stranger) {
		_ = tls.Client(w.Conn, w.s.pair.believing()).Handshake()
		w.flood(func() string { return w.octets(1 + w.IntN(2000)) })
	},
}

// cutOff sends the first octets and throws the others away.
type cutOff struct {
	net.Conn
	left int
}

func (c *cutOff) Write(b []byte) (int, error) {
	n := min(len(b), c.left)
	c.left -= n
	_, err := c.Conn.Write(b[:n])
	return len(b), err
}

// recorder keeps the first thing that would be sent, and sends nothing.
type recorder struct {
	net.Conn
	first string
}

func (c *recorder) Write(b []byte) (int, error) {
	c.first = string(b)
	return 0, net.ErrClosed
}
