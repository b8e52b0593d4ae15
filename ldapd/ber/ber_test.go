package ber

import (
	"bytes"
	"errors"
	"testing"

	"pgregory.net/rapid"
)

func TestLengths(t *testing.T) {
	for _, tt := range []struct {
		rule string
		in   []byte
		want []byte
		err  error
	}{
		{"a short length", []byte{0x04, 2, 'a', 'b', 9}, []byte("ab"), nil},
		{"a long length", append([]byte{0x04, 0x81, 0x80}, bytes.Repeat([]byte{'x'}, 128)...), bytes.Repeat([]byte{'x'}, 128), nil},
		{"a length that is not minimal, as Windows writes it", []byte{0x04, 0x84, 0, 0, 0, 2, 'a', 'b'}, []byte("ab"), nil},
		{"nothing in it", []byte{0x04, 0}, []byte{}, nil},
		{"an indefinite length is refused", []byte{0x30, 0x80, 4, 0, 0, 0}, nil, errIndefinite},
		{"a length of five octets is refused", []byte{0x04, 0x85, 0, 0, 0, 0, 1, 'a'}, nil, errLength},
		{"a length beyond the end is refused", []byte{0x04, 0x84, 0x7f, 0xff, 0xff, 0xff, 'a'}, nil, errTruncated},
		{"a length beyond 2^31-1 is refused", []byte{0x04, 0x84, 0xff, 0xff, 0xff, 0xff, 'a'}, nil, ErrTooLong},
		{"a length that is cut is refused", []byte{0x04, 0x82, 1}, nil, errTruncated},
		{"a tag alone is refused", []byte{0x04}, nil, errTruncated},
		{"nothing is refused", nil, nil, errTruncated},
		{"a tag of several octets is refused", []byte{0x1f, 0x81, 1, 0}, nil, errTag},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			c := Read(tt.in)
			_, got, err := c.Next()
			if !errors.Is(err, tt.err) || !bytes.Equal(got, tt.want) {
				t.Errorf("%q, %v", got, err)
			}
			if err != nil && len(c.Rest()) != len(tt.in) {
				t.Error("the cursor moved")
			}
		})
	}
}

func TestFrame(t *testing.T) {
	for _, tt := range []struct {
		rule  string
		in    []byte
		limit int
		want  int
		err   error
	}{
		{"nothing yet", nil, 100, 0, nil},
		{"a tag alone is not enough yet", []byte{0x30}, 100, 0, nil},
		{"a cut length is not enough yet", []byte{0x30, 0x84, 0, 0}, 100, 0, nil},
		{"the whole is known from the header on", []byte{0x30, 0x84, 0, 0, 0, 80}, 100, 86, nil},
		{"another tag is told from its first octet", []byte("GET / HTTP/1.1"), 100, 0, errTag},
		{"more than allowed is told from the header", []byte{0x30, 0x84, 0x7f, 0xff, 0xff, 0xff}, 1 << 20, 0, ErrTooLong},
		{"exactly what is allowed passes", []byte{0x30, 98}, 100, 100, nil},
		{"one more does not", []byte{0x30, 99}, 100, 0, ErrTooLong},
		{"an indefinite length", []byte{0x30, 0x80}, 100, 0, errIndefinite},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := Frame(tt.in, Sequence, tt.limit)
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Error(got, err)
			}
		})
	}
}

func TestValues(t *testing.T) {
	t.Run("an integer keeps its sign, leading zeros are accepted", func(t *testing.T) {
		for _, tt := range []struct {
			in   []byte
			want int64
			err  error
		}{
			{[]byte{0x7f}, 127, nil}, {[]byte{0x80}, -128, nil}, {[]byte{0, 0x80}, 128, nil}, {[]byte{0xff, 0xff}, -1, nil},
			{make([]byte, 20), 0, nil}, {[]byte{0, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 1<<63 - 1, nil},
			{[]byte{1, 0, 0, 0, 0, 0, 0, 0, 0}, 0, errValue}, {nil, 0, errValue},
		} {
			if got, err := ParseInt(tt.in); got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("%x: %d, %v", tt.in, got, err)
			}
		}
	})
	t.Run("a boolean is one octet, and any but zero is true", func(t *testing.T) {
		for in, want := range map[string]bool{"\x01\x01\x00": false, "\x01\x01\x01": true, "\x01\x01\xff": true} {
			c := Read([]byte(in))
			if got, err := c.Bool(Boolean); got != want || err != nil {
				t.Errorf("%x: %v, %v", in, got, err)
			}
		}
		c := Read([]byte{1, 2, 0, 0})
		if _, err := c.Bool(Boolean); !errors.Is(err, errValue) {
			t.Error(err)
		}
	})
	t.Run("an optional element that is not there costs nothing", func(t *testing.T) {
		c := Read([]byte{0x04, 1, 'a'})
		if _, ok, err := c.Optional(Context(0)); ok || err != nil {
			t.Error(ok, err)
		}
		if v, ok, err := c.Optional(OctetString); !ok || err != nil || string(v) != "a" {
			t.Error(v, ok, err)
		}
		if _, ok, err := c.Optional(OctetString); ok || err != nil || !c.Done() {
			t.Error(ok, err)
		}
	})
	t.Run("another tag than the one asked for is an error and is left there", func(t *testing.T) {
		c := Read([]byte{0x04, 1, 'a'})
		if _, err := c.Int(Integer); !errors.Is(err, errTag) {
			t.Error(err)
		}
		if c.Peek() != OctetString {
			t.Error("moved")
		}
	})
}

// node is a tree of elements, to compare what was written with what is read.
type node struct {
	tag   byte
	value []byte
	kids  []node
}

func (n node) write(e *Encoder) {
	if n.kids == nil {
		e.Bytes(n.tag, n.value)
		return
	}
	m := e.Begin(n.tag)
	for _, k := range n.kids {
		k.write(e)
	}
	e.End(m)
}

func (n node) read(t *rapid.T, c *Cursor) {
	if n.kids == nil {
		if v, err := c.Take(n.tag); err != nil || !bytes.Equal(v, n.value) {
			t.Fatalf("%x, want %x: %v", v, n.value, err)
		}
		return
	}
	in, err := c.Enter(n.tag)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range n.kids {
		k.read(t, &in)
	}
	if !in.Done() {
		t.Fatal("something is left")
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	var draw func(t *rapid.T, depth int) node
	draw = func(t *rapid.T, depth int) node {
		if depth == 0 || rapid.Bool().Draw(t, "leaf") {
			return node{tag: Context(byte(rapid.IntRange(0, 30).Draw(t, "tag"))), value: rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "value")}
		}
		kids := []node{}
		for range rapid.IntRange(0, 5).Draw(t, "kids") {
			kids = append(kids, draw(t, depth-1))
		}
		return node{tag: ContextC(byte(rapid.IntRange(0, 30).Draw(t, "tag"))), kids: kids}
	}
	rapid.Check(t, func(t *rapid.T) {
		n := draw(t, 4)
		var e Encoder
		n.write(&e)
		c := Read(e.Buf)
		n.read(t, &c)
		if !c.Done() {
			t.Fatal("something is left")
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64().Draw(t, "n")
		var e Encoder
		e.Int(Integer, n)
		e.Bool(Boolean, n%2 == 0)
		c := Read(e.Buf)
		got, err := c.Int(Integer)
		even, err2 := c.Bool(Boolean)
		if got != n || even != (n%2 == 0) || err != nil || err2 != nil {
			t.Fatal(got, even, err, err2)
		}
	})
}

func FuzzCursor(f *testing.F) {
	f.Add([]byte{0x30, 0x84, 0, 0, 0, 5, 2, 1, 1, 0x42, 0})
	f.Add([]byte{0x30, 0x80, 0, 0})
	f.Add([]byte{0x30, 0x03, 0x04, 0x81, 0x00})
	f.Fuzz(func(t *testing.T, b []byte) {
		var walk func(c Cursor, depth int)
		walk = func(c Cursor, depth int) {
			for !c.Done() {
				before := len(c.Rest())
				tag, content, err := c.Next()
				if err != nil {
					return
				}
				if len(content) >= before || len(c.Rest()) >= before {
					t.Fatal("it does not get smaller")
				}
				if tag&0x20 != 0 && depth < 100 {
					walk(Read(content), depth+1)
				}
				_, _ = ParseInt(content)
			}
		}
		walk(Read(b), 0)
		if n, err := Frame(b, Sequence, 1000); err == nil && n > 1000 {
			t.Fatal("longer than allowed", n)
		}
	})
}

func BenchmarkEncoder(b *testing.B) {
	values := [][]byte{[]byte("DUPONT Jean"), []byte("jean.dupont@medecin.formation.mssante.fr")}
	var e Encoder
	b.ReportAllocs()
	for b.Loop() {
		e.Buf = e.Buf[:0]
		m := e.Begin(Sequence)
		e.Int(Integer, 12345)
		for range 14 {
			a := e.Begin(Sequence)
			e.String(OctetString, "displayName")
			set := e.Begin(Set)
			for _, v := range values {
				e.Bytes(OctetString, v)
			}
			e.End(set)
			e.End(a)
		}
		e.End(m)
	}
}
