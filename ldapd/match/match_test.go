package match

import (
	"bytes"
	"slices"
	"strconv"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"annuaire/internal/names"
)

func TestString(t *testing.T) {
	for _, tt := range []struct {
		rule  string
		in    string
		place Place
		fold  bool
		want  string
	}{
		{"a value has one space at each end and two between words", "foo bar  ", Whole, true, " foo  bar "},
		{"an initial substring begins with one space", "foo bar  ", Initial, true, " foo  bar "},
		{"an any substring keeps one of the spaces at its ends", "foo bar  ", Any, true, "foo  bar "},
		{"an any substring that begins with spaces keeps one", "   foo", Any, true, " foo"},
		{"a final substring ends with one space", "foo", Final, true, "foo "},
		{"a final substring that begins with a space keeps it", " foo", Final, true, " foo "},
		{"an initial substring that ends inside a word ends there", "fo", Initial, true, " fo"},
		{"a value of spaces is two spaces", "   ", Whole, true, "  "},
		{"a substring of spaces is one space", "   ", Any, true, " "},
		{"case goes", "DUPONT Éléonore", Whole, true, " dupont  éléonore "},
		{"case stays where it counts", "DUPONT Éléonore", Whole, false, " DUPONT  Éléonore "},
		{"accents stay", "Zélie", Whole, true, " zélie "},
		{"ligatures stay", "Œuvre", Whole, true, " œuvre "},
		{"an accent written apart is the letter written as one", norm.NFD.String("Zélie"), Whole, true, " zélie "},
		{"it is so where case counts too", norm.NFD.String("Zélie"), Whole, false, " Zélie "},
		{"compatible characters are what they stand for", "ﬁn Ⅷ ①", Whole, true, " fin  viii  1 "},
		{"full case folding: ß is ss", "Strauß", Whole, true, " strauss "},
		{"a tab and a line feed are spaces", "a\tb\nc", Whole, true, " a  b  c "},
		{"other controls are nothing", "a\x00b\x7fc", Whole, true, " abc "},
		{"a no-break space is a space", "a\u00a0b", Whole, true, " a  b "},
		{"a thin space and an ideographic one are spaces", "a\u2009b\u3000c", Whole, true, " a  b  c "},
		{"a soft hyphen, a joiner and a zero width space are nothing", "a\u00adb\u200dc\u200bd", Whole, true, " abcd "},
		{"a variation selector is nothing", "a\ufe0fb", Whole, true, " ab "},
		{"a hyphen stays", "Jean-Pierre", Whole, true, " jean-pierre "},
		{"a space that bears an accent is no space", "a \u0327b", Whole, true, " a \u0327b "},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, ok := String([]byte("x"), []byte(tt.in), tt.fold, tt.place)
			if !ok || string(got) != "x"+tt.want {
				t.Errorf("%q, %v, want %q", got[1:], ok, tt.want)
			}
		})
	}
	for rule, in := range map[string]string{
		"what is not UTF-8 is refused":            "a\xffb",
		"the replacement character is refused":    "a\ufffdb",
		"private use is refused":                  "a\ue000b",
		"a noncharacter is refused":               "a\ufdd0b",
		"a code point not assigned is refused":    "a\U000e0fffb",
		"a noncharacter of a plane is refused":    "a\U0001ffffb",
		"a cut sequence at the end is refused":    "a\xc3",
		"the accented letter before is no matter": "é\xff",
	} {
		t.Run(rule, func(t *testing.T) {
			if got, ok := String(nil, []byte(in), true, Whole); ok {
				t.Errorf("%q", got)
			}
		})
	}
}

// text draws what names are made of, and what is made to trouble those who compare them.
var text = rapid.OneOf(
	rapid.StringOfN(rapid.SampledFrom([]rune("abAB -'éÉœŒçßÿŸ°’\t\u00a0\u0301\u200d\u00adﬁ")), 0, 12, -1),
	rapid.String(),
)

var places = rapid.SampledFrom([]Place{Whole, Initial, Any, Final})

func TestTheFastWayIsTheSlowWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, fold, p := []byte(text.Draw(t, "s")), rapid.Bool().Draw(t, "fold"), places.Draw(t, "place")
		got, ok := String(nil, s, fold, p)
		want, wantOK := slow(nil, s, fold, p)
		if ok != wantOK || ok && !bytes.Equal(got, want) {
			t.Fatalf("%q %v, want %q %v", got, ok, want, wantOK)
		}
	})
}

func TestAPreparedPartIsPartOfThePreparedWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := []rune(rapid.StringOf(rapid.SampledFrom([]rune("abA é-"))).Draw(t, "s"))
		i := rapid.IntRange(0, len(s)).Draw(t, "i")
		j := rapid.IntRange(i, len(s)).Draw(t, "j")
		whole, _ := String(nil, []byte(string(s)), true, Whole)
		for p, part := range map[Place][]rune{Initial: s[:j], Any: s[i:j], Final: s[i:]} {
			if len(bytes.TrimSpace([]byte(string(part)))) == 0 {
				continue
			}
			got, _ := String(nil, []byte(string(part)), true, p)
			switch {
			case p == Initial && !bytes.HasPrefix(whole, got), p == Any && !bytes.Contains(whole, got), p == Final && !bytes.HasSuffix(whole, got):
				t.Fatalf("place %d: %q is not there in %q", p, got, whole)
			}
		}
	})
}

func TestFoldIsTheFoldOfNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := text.Draw(t, "s")
		if got, want := string(Fold([]byte("x|"), []byte(s))), "x|"+names.Fold(s); got != want {
			t.Fatalf("%q, want %q", got, want)
		}
	})
}

func TestEveryLetterFoldsAsNamesFoldsIt(t *testing.T) {
	for r := rune(0); r < 0x3000; r++ {
		s := "a" + string(r) + "b"
		if got, want := string(Fold(nil, []byte(s))), names.Fold(s); got != want {
			t.Errorf("%U: %q, want %q", r, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	type rule = func(dst, s []byte) ([]byte, bool)
	for _, tt := range []struct {
		rule string
		of   rule
		a, b string
		want string // "=" the same, "<" a before b, "a" a is refused
	}{
		{"spaces of a numeric string do not count", Numeric, "12 34", "1234", "="},
		{"a letter is no numeric string", Numeric, "12a", "", "a"},
		{"spaces and hyphens of a telephone number do not count", Telephone, "+33 4-66 00", "+3346600", "="},
		{"case of a telephone number does not count", Telephone, "ext A", "EXTa", "="},
		{"an accent is in no telephone number", Telephone, "é", "", "a"},
		{"integers are in order", Integer, "9", "10", "<"},
		{"negative integers are in order", Integer, "-10", "-9", "<"},
		{"zero is above minus one", Integer, "-1", "0", "<"},
		{"a leading zero is no integer", Integer, "01", "", "a"},
		{"minus zero is no integer", Integer, "-0", "", "a"},
		{"nothing is no integer", Integer, "", "", "a"},
		{"a minus alone is no integer", Integer, "-", "", "a"},
		{"times in two zones are one", Time, "20261101041200Z", "20261101051200+0100", "="},
		{"a time without minutes", Time, "2026110104Z", "20261101040000Z", "="},
		{"a fraction is one of the last unit", Time, "2026110104.5Z", "202611010430Z", "="},
		{"a comma is a point", Time, "20261101041200,25Z", "20261101041200.250Z", "="},
		{"a leap second is the one after", Time, "20161231235960Z", "20170101000000Z", "="},
		{"times are in order", Time, "20261101041159.9Z", "20261101041200Z", "<"},
		{"a time without a zone is none", Time, "20261101041200", "", "a"},
		{"the thirtieth of February is no time", Time, "20260230000000Z", "", "a"},
		{"a day alone is no time", Time, "20261101Z", "", "a"},
		{"a point without digits is no time", Time, "20261101041200.Z", "", "a"},
		{"case of a UUID does not count", UUID, "597AE2F6-16A6-1027-98F4-D28B5365DC14", "597ae2f6-16a6-1027-98f4-d28b5365dc14", "="},
		{"a UUID has its hyphens in place", UUID, "597ae2f616a6-1027-98f4-d28b5365dc14-", "", "a"},
		{"lines of an address are compared each", List, "12 RUE  X$48000 Mende", "12 rue x$48000 MENDE", "="},
		{"an escaped dollar is no end of a line", List, `a\24b`, `a\24B`, "="},
		{"a line more is another address", List, "a", "a$", "<"},
		{"what is not UTF-8 is no address", List, "a$\xff", "", "a"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			a, ok := tt.of(nil, []byte(tt.a))
			if tt.want == "a" {
				if ok {
					t.Errorf("%q", a)
				}
				return
			}
			b, ok2 := tt.of(nil, []byte(tt.b))
			if c := bytes.Compare(a, b); !ok || !ok2 || tt.want == "=" && c != 0 || tt.want == "<" && c >= 0 {
				t.Errorf("%q %v, %q %v", a, ok, b, ok2)
			}
		})
	}
	t.Run("integers are in the order of numbers", rapid.MakeCheck(func(t *rapid.T) {
		n := rapid.SliceOf(rapid.Int64()).Draw(t, "n")
		keys := map[int64][]byte{}
		for _, v := range n {
			keys[v], _ = Integer(nil, strconv.AppendInt(nil, v, 10))
		}
		slices.Sort(n)
		if !slices.IsSortedFunc(n, func(a, b int64) int { return bytes.Compare(keys[a], keys[b]) }) {
			t.Fatal(n)
		}
	}))
}

func TestPreparingAllocatesNothing(t *testing.T) {
	for rule, do := range map[string]func(buf []byte){
		"a name":              func(b []byte) { _, _ = String(b, []byte("DUPONT Jean-Pierre"), true, Whole) },
		"a name with accents": func(b []byte) { _, _ = String(b, []byte("ÉLÉONORE Lœtitia"), true, Whole) },
		"an address":          func(b []byte) { _, _ = List(b, []byte("12 RUE DES LILAS$48000 MENDE")) },
		"folding a name":      func(b []byte) { _ = Fold(b, []byte("ÉLÉONORE Lœtitia DUPONT-DURAND de la Tour")) },
	} {
		t.Run(rule, func(t *testing.T) {
			buf := make([]byte, 0, 256)
			if n := testing.AllocsPerRun(100, func() { do(buf) }); n != 0 {
				t.Errorf("%v allocations", n)
			}
		})
	}
}

func FuzzPrepare(f *testing.F) {
	for _, s := range []string{"DUPONT Jean", "Zélie\u0301", "a\xff", "ß İ ŉ", " \u0301", "2026110104.5Z", "-12", `a$b\24`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, s []byte) {
		for _, fold := range []bool{false, true} {
			for _, p := range []Place{Whole, Initial, Any, Final} {
				got, ok := String(nil, s, fold, p)
				if want, wantOK := slow(nil, s, fold, p); ok != wantOK || ok && !bytes.Equal(got, want) {
					t.Fatalf("%q %v, want %q %v", got, ok, want, wantOK)
				}
			}
		}
		if got, want := string(Fold(nil, s)), names.Fold(string(s)); got != want {
			t.Fatalf("folded %q, want %q", got, want)
		}
		for _, rule := range []func(dst, s []byte) ([]byte, bool){Numeric, Telephone, Integer, Time, UUID, List} {
			rule(nil, s)
		}
	})
}

func BenchmarkPrepare(b *testing.B) {
	for name, s := range map[string]string{"ascii": "DUPONT Jean-Pierre", "accents": "ÉLÉONORE Lœtitia"} {
		b.Run(name, func(b *testing.B) {
			buf, in := make([]byte, 0, 100), []byte(s)
			b.ReportAllocs()
			for b.Loop() {
				_, _ = String(buf, in, true, Whole)
			}
		})
		b.Run(name+" folded", func(b *testing.B) {
			buf, in := make([]byte, 0, 100), []byte(s)
			b.ReportAllocs()
			for b.Loop() {
				_ = Fold(buf, in)
			}
		})
	}
}
