package ldapd_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"annuaire/internal/card"
	"annuaire/ldapd"
	"annuaire/ldapd/ber"
	"annuaire/ldapd/ldaptest"
)

func TestFraming(t *testing.T) {
	whole := query{base: base, scope: 2}.request(1)
	t.Run("a message in pieces of one octet is read", func(t *testing.T) {
		w := fewWire(t)
		for _, o := range whole {
			w.send([]byte{o})
		}
		if n, done := w.entries(1); n != 6 || done.code(t) != 0 {
			t.Error(n, done.code(t))
		}
	})
	t.Run("messages in one packet are all answered", func(t *testing.T) {
		w := fewWire(t)
		w.send(bindRequest(1, 3, "", ""), extended(2, "1.3.6.1.4.1.4203.1.11.3", nil), query{base: base}.request(3))
		w.expect(1, 0x61, 0)
		w.expect(2, 0x78, 0)
		if n, _ := w.entries(3); n != 1 {
			t.Error(n)
		}
	})
	t.Run("lengths as Windows writes them are read", func(t *testing.T) {
		w := fewWire(t)
		// Every constructed length in four octets: a bind, then a search of the root DSE as wldap32 sends them.
		w.send([]byte("\x30\x84\x00\x00\x00\x10\x02\x01\x01\x60\x84\x00\x00\x00\x07\x02\x01\x03\x04\x00\x80\x00"))
		w.expect(1, 0x61, 0)
		w.send([]byte("\x30\x84\x00\x00\x00\x2d\x02\x01\x02\x63\x84\x00\x00\x00\x24\x04\x00\x0a\x01\x00\x0a\x01\x03\x02\x01\x00\x02\x01\x78\x01\x01\x00\x87\x0bobjectclass\x30\x84\x00\x00\x00\x00"))
		if n, done := w.entries(2); n != 1 || done.code(t) != 0 {
			t.Error(n, done.code(t))
		}
	})
	t.Run("a message larger than a small buffer is read, and the next one", func(t *testing.T) {
		w := fewWire(t)
		big := query{base: base, attrs: []string{strings.Repeat("x", 30_000), "cn"}}
		unfinished, rest := big.request(2)[:20_000], big.request(2)[20_000:]
		w.send(append(big.request(1), unfinished...))
		w.one(1)
		w.send(rest)
		w.one(2)
	})
	for rule, tt := range map[string]struct {
		send string
		code int64
	}{
		"another protocol gets a notice of disconnection":    {"GET / HTTP/1.1\r\n\r\n", 2},
		"TLS where none is expected, too":                    {"\x16\x03\x01\x02\x00\x01\x00", 2},
		"an indefinite length, too":                          {"\x30\x80\x02\x01\x01", 2},
		"a length of five octets, too":                       {"\x30\x85\x00\x00\x00\x00\x05", 2},
		"a message longer than allowed, from its header":     {"\x30\x84\x7f\xff\xff\xff", 2},
		"one octet more than allowed":                        {"\x30\x83\x00\xff\xfc", 2},
		"no message ID":                                      {"\x30\x02\x42\x00", 2},
		"message ID 0, which is the server's":                {"\x30\x05\x02\x01\x00\x42\x00", 2},
		"a negative message ID":                              {"\x30\x05\x02\x01\xff\x42\x00", 2},
		"a message ID above 2^31-1":                          {"\x30\x09\x02\x05\x01\x00\x00\x00\x00\x42\x00", 2},
		"a response as a request":                            {"\x30\x05\x02\x01\x01\x65\x00", 2},
		"an unknown operation":                               {"\x30\x05\x02\x01\x01\x7e\x00", 2},
		"an operation that ends behind its message":          {"\x30\x05\x02\x01\x01\x63\x7f", 2},
		"nothing in the message":                             {"\x30\x00", 2},
		"unbind closes without a notice":                     {unbind, -1},
		"unbind with a critical unknown control closes, too": {string(request(1, 0x42, nil, control("1.2.3", true, nil))), -1},
	} {
		t.Run(rule, func(t *testing.T) {
			w := fewWire(t)
			w.send([]byte(tt.send))
			w.closed(tt.code)
		})
	}
	t.Run("what follows the known parts of a message is ignored", func(t *testing.T) {
		w := fewWire(t)
		raw := []byte("\x30\x0f\x02\x01\x05\x60\x07\x02\x01\x03\x04\x00\x80\x00\x85\x01\x00")
		w.send(raw)
		w.expect(5, 0x61, 0)
	})
}

// one reads a search of one entry.
func (w *wire) one(id int64) {
	w.t.Helper()
	if n, done := w.entries(id); n != 1 || done.code(w.t) != 0 {
		w.t.Fatal(n, done.code(w.t))
	}
}

func TestMalformedOperations(t *testing.T) {
	w := fewWire(t)
	for _, tt := range []struct {
		rule string
		send []byte
		op   byte
		code int64
	}{
		{"a search that ends early", request(2, 0x63, func(e *ber.Encoder) { e.String(4, base) }), 0x65, 2},
		{"a scope that does not exist", query{base: base, scope: 4}.request(2), 0x65, 2},
		{"a negative size", query{base: base, size: -1}.request(2), 0x65, 2},
		{"a way to follow aliases that does not exist", query{base: base, deref: 4}.request(2), 0x65, 2},
		{"a substring filter without substrings, as Thunderbird sends for stars", query{base: base, filter: func(e *ber.Encoder) {
			m := e.Begin(0xa4)
			e.String(4, "cn")
			e.End(e.Begin(0x30))
			e.End(m)
		}}.request(2), 0x65, 2},
		{"an unknown filter, which is undefined (RFC 4511, 4.5.1.7),", query{base: base, filter: func(e *ber.Encoder) { e.String(0x9e, "x") }}.request(2), 0x65, 0},
		{"a bad DN", query{base: "x"}.request(2), 0x65, 34},
		{"a bind that ends early", request(2, 0x60, func(e *ber.Encoder) { e.Int(2, 3) }), 0x61, 2},
		{"a compare that ends early", request(2, 0x6e, func(e *ber.Encoder) { e.String(4, base) }), 0x6f, 2},
		{"an extended operation without a name", request(2, 0x77, nil), 0x78, 2},
		{"an extended operation that is not known", extended(2, "1.2.3.4", []byte("x")), 0x78, 2},
		{"a cancel without a value", extended(2, "1.3.6.1.1.8", nil), 0x78, 2},
		{"who am I with a value", extended(2, "1.3.6.1.4.1.4203.1.11.3", []byte("x")), 0x78, 2},
		{"a new password", extended(2, "1.3.6.1.4.1.4203.1.11.1", nil), 0x78, 53},
		{"StartTLS where none is offered", extended(2, "1.3.6.1.4.1.1466.20037", nil), 0x78, 2},
		{"an add", request(2, 0x68, nil), 0x69, 53},
		{"a modify", request(2, 0x66, nil), 0x67, 53},
		{"a modify DN", request(2, 0x6c, nil), 0x6d, 53},
		{"a delete", []byte("\x30\x06\x02\x01\x02\x4a\x01x"), 0x6b, 53},
		{"a control that is none", request(2, 0x6e, compareBody(base, "cn", "x"), []byte("\x04\x01x")), 0x6f, 2},
		{"a control without a name", query{base: base, controls: [][]byte{[]byte("\x30\x00")}}.request(2), 0x65, 2},
		{"a paging control without a value", query{base: base, controls: [][]byte{control("1.2.840.113556.1.4.319", false, nil)}}.request(2), 0x65, 2},
		{"a sort control without keys", query{base: base, controls: [][]byte{control("1.2.840.113556.1.4.473", false, []byte("\x30\x00"))}}.request(2), 0x65, 2},
		{"the same control twice", query{base: base, controls: [][]byte{control("2.16.840.1.113730.3.4.2", true, nil), control("2.16.840.1.113730.3.4.2", true, nil)}}.request(2), 0x65, 2},
		{"an unknown critical control of a search", query{base: base, controls: [][]byte{control("1.2.3", true, nil)}}.request(2), 0x65, 12},
		{"a virtual list view, critical", query{base: base, controls: [][]byte{control("2.16.840.1.113730.3.4.9", true, []byte("x"))}}.request(2), 0x65, 12},
		{"proxied authorization", query{base: base, controls: [][]byte{control("2.16.840.1.113730.3.4.18", true, []byte("u:x"))}}.request(2), 0x65, 12},
		{"paging, critical, of a compare", request(2, 0x6e, compareBody(base, "cn", "x"), control("1.2.840.113556.1.4.319", true, []byte("x"))), 0x6f, 12},
		{"an unknown critical control of a bind", request(2, 0x60, func(e *ber.Encoder) { e.Int(2, 3); e.String(4, ""); e.String(0x80, "") }, control("1.2.3", true, nil)), 0x61, 12},
		{"an unknown critical control of who am I", request(2, 0x77, func(e *ber.Encoder) { e.String(0x80, "1.3.6.1.4.1.4203.1.11.3") }, control("1.2.3", true, nil)), 0x78, 12},
		{"too many controls", query{base: base, controls: bytes.SplitAfterN(bytes.Repeat(control("1.2.3", false, nil), 11), control("1.2.3", false, nil), 11)}.request(2), 0x65, 11},
		{"too many attributes", query{base: base, attrs: make([]string, 129)}.request(2), 0x65, 11},
		{"a filter nested too deep", query{base: base, filter: nested(65)}.request(2), 0x65, 11},
		{"a filter of too many parts", query{base: base, filter: wide(300)}.request(2), 0x65, 11},
	} {
		t.Run(tt.rule+" is answered, and the session goes on", func(t *testing.T) {
			w.t = t
			w.send(tt.send)
			w.expect(2, tt.op, tt.code)
			w.send(query{base: base}.request(3))
			w.one(3)
		})
	}
	t.Run("unknown controls that are not critical are ignored", func(t *testing.T) {
		w.t = t
		w.send(query{base: base, controls: [][]byte{control("1.2.3", false, []byte("x")), control("1.3.6.1.4.1.42.2.27.8.5.1", false, nil)}}.request(2))
		w.one(2)
	})
	t.Run("empty attribute names, of which some clients send several, are ignored", func(t *testing.T) {
		w.t = t
		w.send(query{base: base, attrs: make([]string, 128)}.request(2))
		w.one(2)
	})
}

// nested is NOT of NOT of ... (objectClass=*).
func nested(depth int) func(*ber.Encoder) {
	return func(e *ber.Encoder) {
		if depth == 0 {
			present("objectClass")(e)
			return
		}
		m := e.Begin(0xa2)
		nested(depth - 1)(e)
		e.End(m)
	}
}

// wide is an OR of n presences.
func wide(n int) func(*ber.Encoder) {
	return func(e *ber.Encoder) {
		m := e.Begin(0xa1)
		for range n {
			present("cn")(e)
		}
		e.End(m)
	}
}

func compareBody(dn, attr, value string) func(*ber.Encoder) {
	return func(e *ber.Encoder) {
		e.String(4, dn)
		m := e.Begin(0x30)
		e.String(4, attr)
		e.String(4, value)
		e.End(m)
	}
}

// held is a directory whose searches wait until let go; started counts those that wait or have waited.
type held struct {
	*ldaptest.Directory
	started chan struct{}
	let     chan struct{}
}

func hold() *held { return holdAfter(0, ldaptest.Few()...) }

// holdAfter lets each search have so many candidates first.
func holdAfter(n int, cards ...card.Card) *held {
	h := &held{Directory: ldaptest.NewDirectory(cards...), started: make(chan struct{}, 1000), let: make(chan struct{})}
	h.Browsed = func(ctx context.Context, nth int) error {
		if nth <= n {
			return nil
		}
		select {
		case h.started <- struct{}{}:
		default:
		}
		select {
		case <-h.let:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return h
}

func heldWire(t *testing.T, change ...func(*ldapd.Options)) (*wire, *held) {
	h := hold()
	return fewWire(t, append(change, func(o *ldapd.Options) { o.Directory = h })...), h
}

func TestConcurrency(t *testing.T) {
	slow := query{base: base, scope: 1}
	t.Run("while a search runs others are answered", func(t *testing.T) {
		w, h := heldWire(t)
		w.send(slow.request(1))
		<-h.started
		w.send(query{base: base}.request(2), extended(3, "1.3.6.1.4.1.4203.1.11.3", nil))
		seen := map[int64]bool{}
		for len(seen) < 2 {
			if a := w.must(); a.op != 0x64 {
				seen[a.id] = true
			}
		}
		close(h.let)
		if n, done := w.entries(1); n != 5 || done.code(t) != 0 {
			t.Error(n, done.code(t))
		}
	})
	t.Run("an abandoned search is not answered, the next one is", func(t *testing.T) {
		w, h := heldWire(t)
		w.send(slow.request(1))
		<-h.started
		w.send(abandon(2, 1), abandon(3, 99), query{base: base}.request(4))
		w.one(4)
		close(h.let)
		w.send(slow.request(5))
		if n, done := w.entries(5); n != 5 || done.code(t) != 0 {
			t.Error(n, done.code(t))
		}
	})
	t.Run("an abandoned search that waited for its turn is not answered either", func(t *testing.T) {
		w, h := heldWire(t, func(o *ldapd.Options) { o.Limits.Running = 1 })
		w.send(slow.request(1))
		<-h.started
		w.send(slow.request(2), slow.request(3), abandon(4, 2), extended(5, "1.3.6.1.4.1.4203.1.11.3", nil))
		w.expect(5, 0x78, 0) // all was read
		close(h.let)
		for _, id := range []int64{1, 3} {
			if n, _ := w.entries(id); n != 5 {
				t.Error(id, n)
			}
		}
	})
	t.Run("a canceled search says so, then cancel succeeds", func(t *testing.T) {
		w, h := heldWire(t)
		w.send(slow.request(1))
		<-h.started
		w.send(cancelRequest(2, 1))
		w.expect(1, 0x65, 118)
		w.expect(2, 0x78, 0)
	})
	t.Run("a search that waits for its turn is canceled at once", func(t *testing.T) {
		w, h := heldWire(t, func(o *ldapd.Options) { o.Limits.Running = 1 })
		w.send(slow.request(1))
		<-h.started
		w.send(slow.request(2), cancelRequest(3, 2))
		w.expect(2, 0x65, 118)
		w.expect(3, 0x78, 0)
		close(h.let)
		w.entries(1)
	})
	t.Run("cancel of nothing, and of itself", func(t *testing.T) {
		w := fewWire(t)
		w.send(cancelRequest(2, 1), cancelRequest(3, 3), cancelRequest(4, 1<<40))
		w.expect(2, 0x78, 119)
		w.expect(3, 0x78, 121)
		w.expect(4, 0x78, 119)
	})
	t.Run("a bind waits for what is under way and what follows waits for the bind", func(t *testing.T) {
		w, h := heldWire(t)
		w.send(slow.request(1))
		<-h.started
		w.send(bindRequest(2, 3, "", ""), query{base: base}.request(3))
		close(h.let)
		if n, _ := w.entries(1); n != 5 {
			t.Error(n)
		}
		w.expect(2, 0x61, 0)
		w.one(3)
	})
	t.Run("a message ID in use is refused", func(t *testing.T) {
		w, h := heldWire(t)
		w.send(slow.request(1))
		<-h.started
		w.send(slow.request(1))
		w.expect(1, 0x65, 2)
		close(h.let)
		w.entries(1)
	})
	t.Run("more operations than may wait are busy", func(t *testing.T) {
		w, h := heldWire(t, func(o *ldapd.Options) { o.Limits.Running, o.Limits.Pending = 2, 3 })
		for id := int64(1); id <= 5; id++ {
			w.send(slow.request(id))
		}
		<-h.started
		w.send(slow.request(6))
		w.expect(6, 0x65, 51)
		close(h.let)
		done := map[int64]bool{}
		for len(done) < 5 {
			if a := w.must(); a.op == 0x65 {
				done[a.id] = true
			}
		}
	})
	t.Run("more octets than may wait are busy", func(t *testing.T) {
		w, h := heldWire(t, func(o *ldapd.Options) { o.Limits.Running = 1 })
		w.send(slow.request(1))
		<-h.started
		big := slow
		big.attrs = []string{strings.Repeat("x", 60_000)}
		w.send(big.request(2), big.request(3), big.request(4))
		w.expect(4, 0x65, 51)
		close(h.let)
		w.entries(1)
		w.entries(2)
		w.entries(3)
	})
	t.Run("when the client goes, its searches stop", func(t *testing.T) {
		s := watch()
		w, h := heldWire(t, s.with())
		w.send(slow.request(1))
		<-h.started
		_ = w.nc.Close()
		if got := s.next(t); got.operation != "search" { // although it was never let go
			t.Error(got)
		}
	})
	t.Run("a panic is the trouble of its own operation", func(t *testing.T) {
		d := ldaptest.NewDirectory(ldaptest.Few()...)
		d.Browsed = func(context.Context, int) error { panic("a mistake of ours") }
		w := fewWire(t, func(o *ldapd.Options) { o.Directory = d })
		w.send(slow.request(1))
		w.expect(1, 0x65, 80)
		w.send(query{base: base}.request(2))
		w.one(2)
	})
}
