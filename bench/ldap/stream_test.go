package main

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drip gives a few octets at a time, as a network may.
type drip struct {
	b    []byte
	next func() int
}

func (d *drip) Read(p []byte) (int, error) {
	if len(d.b) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), d.next())], d.b)
	d.b = d.b[n:]
	return n, nil
}

func TestMessagesComeWholeHoweverTheyArrive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var sent bytes.Buffer
		var want [][]byte
		for range rapid.IntRange(1, 20).Draw(t, "messages") {
			content := bytes.Repeat([]byte{byte(len(want))}, rapid.SampledFrom([]int{0, 1, 127, 128, 300, 65_000, 70_000, 200_000}).Draw(t, "length"))
			w := writer{wide: rapid.Bool().Draw(t, "wide")}
			w.constructed(tagSequence, func() { w.b = append(w.b, content...) })
			sent.Write(w.b)
			want = append(want, content)
		}
		in := newStream(&drip{sent.Bytes(), func() int { return rapid.SampledFrom([]int{1, 7, 4096, 100_000}).Draw(t, "arrives") }})
		for i, c := range want {
			got, err := in.next()
			if err != nil || !bytes.Equal(got, c) {
				t.Fatalf("message %d of %d octets: %d octets, %v", i, len(c), len(got), err)
			}
		}
		if _, err := in.next(); err != io.EOF {
			t.Fatal(err)
		}
	})
}

func TestWhatIsNoMessageIsRefused(t *testing.T) {
	for _, c := range []struct {
		rule string
		sent []byte
		want error
	}{
		{"another tag", []byte{0x31, 0}, errReply},
		{"a length that ends nowhere", []byte{0x30, 0x80, 0, 0}, errReply},
		{"a length of five octets", []byte{0x30, 0x85, 0, 0, 0, 0, 1, 0}, errReply},
		{"more than 16 MiB", []byte{0x30, 0x84, 1, 0, 0, 1}, errReply},
		{"an end in the middle", []byte{0x30, 3, 1}, io.ErrUnexpectedEOF},
		{"an end within a header", []byte{0x30}, io.ErrUnexpectedEOF},
	} {
		t.Run(c.rule, func(t *testing.T) {
			if _, err := newStream(iotest.OneByteReader(bytes.NewReader(c.sent))).next(); !errors.Is(err, c.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// made encodes a reply.
func made(body func(w *writer)) []byte {
	r := message(false, body)
	_, content, _, _ := element(r.bytes)
	return content
}

func TestReplies(t *testing.T) {
	done := made(func(w *writer) {
		w.constructed(opDone, func() {
			w.number(tagEnum, 4)
			w.octets(tagOctets, "")
			w.octets(tagOctets, "too many")
		})
		w.constructed(controls, func() {
			w.constructed(tagSequence, func() { w.octets(tagOctets, "1.2.3") })
			value := writer{}
			value.constructed(tagSequence, func() {
				value.number(tagInt, 0)
				value.octets(tagOctets, "cookie")
			})
			w.constructed(tagSequence, func() {
				w.octets(tagOctets, oidPaged)
				w.boolean(false)
				w.octets(tagOctets, string(value.b))
			})
		})
	})
	t.Run("the end of a search has a code, a text and the cookie of the next page", func(t *testing.T) {
		r, err := parseReply(done)
		if err != nil || r.id != firstID || r.op != opDone {
			t.Fatal(r, err)
		}
		code, text, err := resultOf(r.body)
		cookie, err2 := cookieOf(r.controls)
		if code != 4 || text != "too many" || string(cookie) != "cookie" || err != nil || err2 != nil {
			t.Error(code, text, string(cookie), err, err2)
		}
	})
	t.Run("without controls there is no cookie", func(t *testing.T) {
		if cookie, err := cookieOf(nil); cookie != nil || err != nil {
			t.Error(cookie, err)
		}
	})
	t.Run("cut anywhere, it is an error and no panic", func(t *testing.T) {
		for n := range done {
			r, err := parseReply(done[:n])
			if err != nil {
				continue
			}
			_, _, err = resultOf(r.body)
			_, err2 := cookieOf(r.controls)
			if err == nil && err2 == nil && len(r.controls) > 0 {
				t.Errorf("%d octets of %d are a whole reply", n, len(done))
			}
		}
	})
}

func TestEntries(t *testing.T) {
	want := entry{dn: "mail=a@b,dc=x", attrs: []attribute{{"cn", []string{"Jean DUPONT", "DUPONT Jean"}}, {"mail", []string{"a@b"}}, {"none", nil}}}
	got, err := parseEntry(encodeEntry(want))
	if d := cmp.Diff(want, got, cmp.AllowUnexported(entry{}, attribute{})); d != "" || err != nil {
		t.Error(d, err)
	}
	if dn, err := dnOf(encodeEntry(want)); dn != want.dn || err != nil {
		t.Error(dn, err)
	}
	if got.first("cn") != "Jean DUPONT" || got.first("none") != "" || got.first("other") != "" {
		t.Error("first value")
	}
}

// encodeEntry is the content of a SearchResultEntry.
func encodeEntry(e entry) []byte {
	var w writer
	w.octets(tagOctets, e.dn)
	w.constructed(tagSequence, func() {
		for _, a := range e.attrs {
			w.constructed(tagSequence, func() {
				w.octets(tagOctets, a.name)
				w.constructed(0x31, func() {
					for _, v := range a.values {
						w.octets(tagOctets, v)
					}
				})
			})
		}
	})
	return w.b
}

func FuzzReply(f *testing.F) {
	f.Add(made(func(w *writer) { w.constructed(opDone, func() { w.number(tagEnum, 0) }) }))
	f.Add(encodeEntry(entry{dn: "x", attrs: []attribute{{"a", []string{"b"}}}}))
	f.Fuzz(func(_ *testing.T, b []byte) {
		if r, err := parseReply(b); err == nil {
			_, _, _ = resultOf(r.body)
			_, _ = cookieOf(r.controls)
		}
		_, _ = parseEntry(b)
		_, _ = newStream(bytes.NewReader(b)).next()
	})
}
