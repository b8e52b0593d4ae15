package ldapd

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"annuaire"
	"annuaire/ldapd/ber"
)

func TestCookiesAreReadAsTheyWereGiven(t *testing.T) {
	s := &Server{key: []byte("key")}
	rapid.Check(t, func(t *rapid.T) {
		at := spot{stage: rapid.IntRange(0, 10).Draw(t, "stage"), sent: rapid.IntRange(0, 1<<30).Draw(t, "sent")}
		if rapid.Bool().Draw(t, "inside") {
			word := rapid.StringN(0, 100, 300)
			at.after = &annuaire.Position{Grade: rapid.Int().Draw(t, "grade"), Family: word.Draw(t, "family"), Given: word.Draw(t, "given"), ID: word.Draw(t, "id")}
		}
		var q [8]byte
		copy(q[:], rapid.SliceOfN(rapid.Byte(), 8, 8).Draw(t, "question"))
		cookie := s.cookie(at, q)
		got, ok := s.readCookie(cookie, q)
		if d := cmp.Diff(at, got, cmp.AllowUnexported(spot{})); !ok || d != "" {
			t.Fatal(ok, d)
		}
		i := rapid.IntRange(0, len(cookie)-1).Draw(t, "at")
		cookie[i] ^= byte(rapid.IntRange(1, 255).Draw(t, "by"))
		if _, ok := s.readCookie(cookie, q); ok {
			t.Fatal("a changed cookie is accepted")
		}
	})
	t.Run("a cookie of another key or question is not read", func(t *testing.T) {
		cookie := s.cookie(spot{stage: 1}, [8]byte{1})
		if _, ok := s.readCookie(cookie, [8]byte{2}); ok {
			t.Error("another question")
		}
		if _, ok := (&Server{key: []byte("other")}).readCookie(cookie, [8]byte{1}); ok {
			t.Error("another key")
		}
	})
}

// What is read of controls is what would be written again.
func FuzzControls(f *testing.F) {
	put := func(oid string, critical bool, value []byte) []byte {
		var e ber.Encoder
		m := e.Begin(ber.Sequence)
		e.String(ber.OctetString, oid)
		if critical {
			e.Bool(ber.Boolean, true)
		}
		e.Bytes(ber.OctetString, value)
		e.End(m)
		return e.Buf
	}
	f.Add(put(oidPaged, true, []byte("\x30\x05\x02\x01\x0a\x04\x00")), tagSearch)
	f.Add(put(oidSort, false, []byte("\x30\x0f\x30\x0d\x04\x02cn\x80\x072.5.13.3")), tagSearch)
	f.Add(put(oidSubentries, true, []byte("\x01\x01\xff")), tagSearch)
	f.Add(bytes.Repeat(put("1.2.3", false, nil), 11), tagCompare)
	f.Fuzz(func(t *testing.T, raw []byte, op byte) {
		c, r := parseControls(raw, op, 10)
		if r.code == success && c.sort != nil && (len(c.sort.keys) == 0 || len(c.sort.keys) > len(raw)) {
			t.Fatal(c.sort)
		}
		if c.paged != nil && (c.paged.size < 0 || len(c.paged.cookie) > len(raw)) {
			t.Fatal(c.paged)
		}
		if c.sort != nil {
			newSorter(c.sort)
		}
	})
}

// A payload that is signed and malformed all the same is refused, not a panic: the key may be shared with a version that writes otherwise.
func FuzzCookie(f *testing.F) {
	s := &Server{key: []byte("key")}
	f.Add([]byte{1, 0, 0})
	f.Add(s.cookie(spot{stage: 2, after: &annuaire.Position{ID: "x"}}, [8]byte{}))
	f.Fuzz(func(t *testing.T, payload []byte) {
		at, ok := s.readCookie(append(bytes.Clone(payload), s.mac(payload, [8]byte{})...), [8]byte{})
		if ok && (at.stage < 0 || at.sent < 0 || at.after != nil && len(at.after.ID) > len(payload)) {
			t.Fatal(at)
		}
	})
}
