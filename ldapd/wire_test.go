package ldapd_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"annuaire/ldapd"
	"annuaire/ldapd/ber"
	"annuaire/ldapd/ldaptest"
)

// wire is a connection on which octets are sent as they are.
type wire struct {
	t  testing.TB
	nc net.Conn
	in []byte
}

func wired(t testing.TB, addr string) *wire {
	t.Helper()
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = nc.Close() })
	return &wire{t: t, nc: nc}
}

// fewWire is a raw connection to a server of a few entries.
func fewWire(t testing.TB, change ...func(*ldapd.Options)) *wire {
	t.Helper()
	o := ldapd.Options{Directory: ldaptest.NewDirectory(ldaptest.Few()...)}
	for _, f := range change {
		f(&o)
	}
	return wired(t, ldaptest.Start(t, o))
}

func (w *wire) send(messages ...[]byte) {
	w.t.Helper()
	if _, err := w.nc.Write(bytes.Join(messages, nil)); err != nil {
		w.t.Fatal(err)
	}
}

// answer is a message of the server.
type answer struct {
	id       int64
	op       byte
	body     []byte
	controls []byte
}

// read takes the next message; io.EOF when the server has closed.
func (w *wire) read() (a answer, err error) {
	_ = w.nc.SetReadDeadline(time.Now().Add(20 * time.Second))
	for {
		size, err := ber.Frame(w.in, ber.Sequence, 1<<24)
		if err != nil {
			w.t.Fatalf("the server does not speak BER: %v", err)
		}
		if size > 0 && len(w.in) >= size {
			raw := w.in[:size]
			w.in = w.in[size:]
			return parseAnswer(w.t, raw), nil
		}
		buf := make([]byte, 64<<10)
		n, err := w.nc.Read(buf)
		w.in = append(w.in, buf[:n]...)
		if n == 0 && err != nil {
			return a, err
		}
	}
}

func parseAnswer(t testing.TB, raw []byte) (a answer) {
	c := ber.Read(raw)
	in, err := c.Enter(ber.Sequence)
	if err == nil {
		a.id, err = in.Int(ber.Integer)
	}
	if err == nil {
		a.op, a.body, err = in.Next()
	}
	if err == nil {
		a.controls, _, err = in.Optional(ber.ContextC(0))
	}
	if err != nil || !in.Done() {
		t.Fatalf("unreadable answer % x: %v", raw, err)
	}
	return a
}

// must reads the next message, which has to come.
func (w *wire) must() answer {
	w.t.Helper()
	a, err := w.read()
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// code is the result code of an answer.
func (a answer) code(t testing.TB) int64 {
	t.Helper()
	c := ber.Read(a.body)
	n, err := c.Int(ber.Enumerated)
	if err != nil {
		t.Fatalf("no result: % x", a.body)
	}
	return n
}

// expect reads an answer and compares its ID, kind and code.
func (w *wire) expect(id int64, op byte, code int64) answer {
	w.t.Helper()
	a := w.must()
	if a.id != id || a.op != op || a.code(w.t) != code {
		w.t.Fatalf("answer %d %#x code %d, want %d %#x code %d", a.id, a.op, a.code(w.t), id, op, code)
	}
	return a
}

// closed checks that the server closes, after a notice of disconnection with this code (-1: without).
func (w *wire) closed(code int64) {
	w.t.Helper()
	a, err := w.read()
	if code >= 0 {
		if err != nil || a.id != 0 || a.op != 0x78 || a.code(w.t) != code || !bytes.Contains(a.body, []byte("1.3.6.1.4.1.1466.20036")) {
			w.t.Fatalf("no notice of code %d: %+v, %v", code, a, err)
		}
		_, err = w.read()
	}
	if err == nil || errors.Is(err, errTimeout(err)) {
		w.t.Fatalf("not closed: %v", err)
	}
}

func errTimeout(err error) error {
	var ne net.Error
	if errors.As(err, &ne) && ne.Timeout() {
		return err
	}
	return io.ErrNoProgress
}

// entries reads the entries of a search and its result.
func (w *wire) entries(id int64) (n int, done answer) {
	w.t.Helper()
	for {
		a := w.must()
		if a.id != id {
			w.t.Fatalf("answer to %d, want %d", a.id, id)
		}
		if a.op != 0x64 {
			return n, a
		}
		n++
	}
}

// request is an LDAPMessage.
func request(id int64, op byte, body func(e *ber.Encoder), controls ...[]byte) []byte {
	var e ber.Encoder
	m := e.Begin(ber.Sequence)
	e.Int(ber.Integer, id)
	o := e.Begin(op)
	if body != nil {
		body(&e)
	}
	e.End(o)
	if len(controls) > 0 {
		c := e.Begin(ber.ContextC(0))
		e.Buf = append(e.Buf, bytes.Join(controls, nil)...)
		e.End(c)
	}
	e.End(m)
	return e.Buf
}

// control is a Control; a nil value is left out.
func control(oid string, critical bool, value []byte) []byte {
	var e ber.Encoder
	m := e.Begin(ber.Sequence)
	e.String(ber.OctetString, oid)
	if critical {
		e.Bool(ber.Boolean, true)
	}
	if value != nil {
		e.Bytes(ber.OctetString, value)
	}
	e.End(m)
	return e.Buf
}

func bindRequest(id, version int64, name, password string) []byte {
	return request(id, 0x60, func(e *ber.Encoder) {
		e.Int(ber.Integer, version)
		e.String(ber.OctetString, name)
		e.String(0x80, password)
	})
}

func saslBind(id int64, mech string, creds []byte) []byte {
	return request(id, 0x60, func(e *ber.Encoder) {
		e.Int(ber.Integer, 3)
		e.String(ber.OctetString, "")
		m := e.Begin(0xa3)
		e.String(ber.OctetString, mech)
		if creds != nil {
			e.Bytes(ber.OctetString, creds)
		}
		e.End(m)
	})
}

// present is the filter (attr=*).
func present(attr string) func(*ber.Encoder) {
	return func(e *ber.Encoder) { e.String(0x87, attr) }
}

// query are the parts of a SearchRequest.
type query struct {
	base       string
	scope      int64
	deref      int64
	size, time int64
	types      bool
	filter     func(*ber.Encoder)
	attrs      []string
	controls   [][]byte
}

func (q query) request(id int64) []byte {
	return request(id, 0x63, func(e *ber.Encoder) {
		e.String(ber.OctetString, q.base)
		e.Int(ber.Enumerated, q.scope)
		e.Int(ber.Enumerated, q.deref)
		e.Int(ber.Integer, q.size)
		e.Int(ber.Integer, q.time)
		e.Bool(ber.Boolean, q.types)
		if q.filter == nil {
			present("objectClass")(e)
		} else {
			q.filter(e)
		}
		m := e.Begin(ber.Sequence)
		for _, a := range q.attrs {
			e.String(ber.OctetString, a)
		}
		e.End(m)
	}, q.controls...)
}

func extended(id int64, oid string, value []byte) []byte {
	return request(id, 0x77, func(e *ber.Encoder) {
		e.String(0x80, oid)
		if value != nil {
			e.Bytes(0x81, value)
		}
	})
}

func abandon(id, target int64) []byte {
	var e ber.Encoder
	m := e.Begin(ber.Sequence)
	e.Int(ber.Integer, id)
	e.Int(0x50, target)
	e.End(m)
	return e.Buf
}

func cancelRequest(id, target int64) []byte {
	var e ber.Encoder
	m := e.Begin(ber.Sequence)
	e.Int(ber.Integer, target)
	e.End(m)
	return extended(id, "1.3.6.1.1.8", e.Buf)
}

const unbind = "\x30\x05\x02\x01\x7f\x42\x00"
