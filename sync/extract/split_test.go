package extract

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// fieldsOf cuts text at the ends split found.
func fieldsOf(text []byte, ends []int32) [][]byte {
	var out [][]byte
	from := 0
	for _, e := range ends {
		out = append(out, text[from:e])
		from = int(e) + 1
	}
	return out
}

func TestSplit(t *testing.T) {
	for _, tt := range []struct {
		rule, text string
		want       []string
	}{
		{"an empty row is one empty field", "", []string{""}},
		{"separators alone make empty fields", "|||", []string{"", "", "", ""}},
		{"a lone quote is content", `a|O"BRIEN\D|c`, []string{"a", `O"BRIEN\D`, "c"}},
		{"a quote does not protect a separator", `"a|b"|c`, []string{`"a`, `b"`, "c"}},
		{"wrapping and doubled quotes of old files are content", `"a"|""b""`, []string{`"a"`, `""b""`}},
		{"the character after a separator is not one", "|}|}|}|}|}|}|}", []string{"", "}", "}", "}", "}", "}", "}", "}"}},
		{"accents are content", "é|ü|ÿ|œuvre|", []string{"é", "ü", "ÿ", "œuvre", ""}},
		{"a semicolon does not separate", "a;b|c", []string{"a;b", "c"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			ends, _ := split([]byte(tt.text), nil)
			var got []string
			for _, f := range fieldsOf([]byte(tt.text), ends) {
				got = append(got, string(f))
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// Every byte, at every place within a word and beyond the last one, is seen for what it is.
func TestSplitMarks(t *testing.T) {
	for c := range 256 {
		for at := range 11 {
			text := bytes.Repeat([]byte{'a'}, 11)
			text[at] = byte(c)
			ends, m := split(text, nil)
			want := marks{high: c >= utf8.RuneSelf, control: c < ' ' || c == 0x7F}
			if m != want || (len(ends) == 2) != (c == '|') {
				t.Errorf("byte %#x at %d: %+v, %d fields", c, at, m, len(ends))
			}
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add([]byte("8|99000000017|899000000017|DR|Docteur"))
	f.Add([]byte("|\x7d|\x7f|\x1f|\x80\xc2\x92||"))
	f.Fuzz(func(t *testing.T, text []byte) {
		ends, m := split(text, nil)
		fields := fieldsOf(text, ends)
		if want := bytes.Split(text, []byte("|")); !cmp.Equal(want, fields) {
			t.Fatalf("split in %q, want %q", fields, want)
		}
		if got := bytes.Join(fields, []byte("|")); !bytes.Equal(got, text) {
			t.Fatalf("joined %q, want %q", got, text)
		}
		high, control := false, false
		for _, c := range text {
			high = high || c >= utf8.RuneSelf
			control = control || c < ' ' || c == 0x7F
		}
		if (m != marks{high, control}) {
			t.Fatalf("marks %+v, want high %v, control %v", m, high, control)
		}
	})
}

func TestClean(t *testing.T) {
	for _, tt := range []struct {
		rule, text, want string
		cp1252           bool
	}{
		{"UTF-8 without controls is kept", "Médecin à l’œuvre", "Médecin à l’œuvre", false},
		{"U+0092 was an apostrophe", "L\u0092HÔPITAL", "L’HÔPITAL", false},
		{"U+009C was an œ", "C\u009cUR", "CœUR", false},
		{"U+0081 was nothing", "a\u0081b", "a b", false},
		{"U+00A0 is no control", "a\u00a0b", "a\u00a0b", false},
		{"NUL, tab and DEL become spaces", "a\x00b\tc\x7fd", "a b c d", false},
		{"bytes of Windows-1252 are decoded", "M\xe9decin d\x92\x8cuvre", "Médecin d’Œuvre", true},
		{"bytes undefined in Windows-1252 become spaces", "a\x81\x9db", "a  b", true},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := string(appendClean(nil, []byte(tt.text), tt.cp1252)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if want := tt.text != tt.want; dirty([]byte(tt.text)) != want {
				t.Errorf("dirty(%q) = %v", tt.text, !want)
			}
		})
	}
}

func FuzzClean(f *testing.F) {
	f.Add([]byte("L\u0092H\xf4pital|\x00"))
	f.Add([]byte("pharmacie de la gare à Orléans, \u00a0étage \ufffd, \u009f"))
	f.Add([]byte("coupé \xc3"))
	f.Fuzz(func(t *testing.T, text []byte) {
		got := appendClean(nil, text, !utf8.Valid(text))
		if !utf8.Valid(got) || dirty(got) {
			t.Fatalf("%q is still dirty", got)
		}
		if bytes.Count(got, []byte("|")) != bytes.Count(text, []byte("|")) {
			t.Fatal("cleaning added or removed a separator")
		}
		if !dirty(text) && !bytes.Equal(got, text) {
			t.Fatalf("clean text changed to %q", got)
		}
		if dirty(text) && bytes.Equal(got, text) {
			t.Fatalf("%q was clean", got)
		}
	})
}
