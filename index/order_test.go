package index

import (
	"cmp"
	"testing"

	"annuaire/internal/names"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestSortKeysNeverContradictTheOrderOfNames(t *testing.T) {
	name := rapid.OneOf(rapid.StringOfN(rapid.SampledFrom([]rune("ab z 9é.-@_w!")), 0, 16, -1), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		draw := func(l string) place {
			p := place{family: name.Draw(t, l), given: name.Draw(t, l)}
			if rapid.Bool().Draw(t, "folded") {
				p.family, p.given = names.Fold(p.family), names.Fold(p.given)
			}
			return p
		}
		a, b := draw("a"), draw("b")
		if c := cmp.Compare(sortKey(a.family, a.given), sortKey(b.family, b.given)); c != 0 && c != a.compare(b) {
			t.Fatalf("%q: keys say %d, names %d", []place{a, b}, c, a.compare(b))
		}
	})
}

func TestSortKeysTellShortNamesApart(t *testing.T) {
	for _, two := range [][2]place{
		{{"martin", "a", ""}, {"martin", "b", ""}}, {{"de", "z", ""}, {"de la", "a", ""}}, {{"a", "", ""}, {"a", "a", ""}}, {{"jean.a", "", ""}, {"jean.b", "", ""}},
	} {
		if a, b := sortKey(two[0].family, two[0].given), sortKey(two[1].family, two[1].given); a >= b {
			t.Errorf("%v: %x, %x", two, a, b)
		}
	}
}

func TestStoredRecordsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-z0-9 .@]*`)
		want := stored{print: rapid.Uint64().Draw(t, "print"), family: word.Draw(t, "family"), given: word.Draw(t, "given")}
		print, family, given, err := parseStored(want.encode())
		if got := (stored{print, string(family), string(given)}); err != nil || got != want {
			t.Fatalf("%+v, want %+v: %v", got, want, err)
		}
	})
}

func FuzzStored(f *testing.F) {
	f.Add(stored{print: 1, family: "tour", given: "jean"}.encode())
	f.Add([]byte("short"))
	f.Fuzz(func(t *testing.T, b []byte) {
		print, family, given, err := parseStored(b)
		if back := (stored{print, string(family), string(given)}).encode(); err == nil && string(back) != string(b) {
			t.Errorf("%q comes back as %q", b, back)
		}
	})
}

func TestWordTerms(t *testing.T) {
	term := func(kind byte, word string, value, pos byte) string {
		return string(kind) + word + "\x00" + string([]byte{value, pos})
	}
	tests := []struct {
		name   string
		field  string
		values []string
		want   []string
	}{
		{"no word leaves a mark", fieldFamily, []string{"", " - "}, []string{absent}},
		{"the last word of a value is marked", fieldStreet, []string{"RUE A"}, []string{term('w', "rue", 0, 0), term('w', "a", 1, 1)}},
		{"values are numbered, repeated ones dropped", fieldStreet, []string{"a", "A", "", "b"}, []string{term('w', "a", 1, 0), term('w', "b", 3, 0)}},
		{"grams are beginnings", fieldFamily, []string{"Marti"}, []string{term('w', "marti", 1, 0), term('g', "m", 0, 0), term('g', "ma", 0, 0), term('g', "mar", 0, 0), "s" + names.Sound("marti")}},
		{"a name of several words has keys, sounds and its accents", fieldGiven, []string{"Zoé du Lac"}, []string{term('w', "zoe", 0, 0), term('g', "z", 0, 0), term('g', "zo", 0, 0),
			term('w', "du", 0, 1), term('g', "d", 0, 1), term('g', "du", 0, 1), term('w', "lac", 1, 2), term('g', "l", 0, 2), term('g', "la", 0, 2),
			"s" + names.Sound("zoe"), "s" + names.Sound("lac"), "rzoé", "xzdl", "xzoedulac", "s" + names.Sound("zoedulac"), "xzoelac", "s" + names.Sound("zoelac"),
			"xdulac", "s" + names.Sound("dulac"), "xlac"}},
		{"grams end between letters", fieldGiven, []string{"и"}, []string{term('w', "и", 1, 0), term('g', "и", 0, 0), "rи"}},
		{"st is Saint in a city", fieldCity, []string{"ST ETIENNE", "Saint-Étienne"}, []string{term('w', "saint", 0, 0), term('g', "s", 0, 0), term('w', "etienne", 1, 1), term('g', "e", 0, 1)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for term := range new(termBuilder).words(tt.field, tt.values...).each {
				got = append(got, term)
			}
			if diff := gocmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestGroupsProjectAndSpread(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "n")
		cont := nothing.Clone()
		heads := make([]uint32, n) // the head of each document, the slow way
		for d := 1; d < n; d++ {
			if heads[d] = uint32(d); rapid.IntRange(0, 3).Draw(t, "cont") > 0 {
				cont.Add(uint32(d))
				heads[d] = heads[d-1]
			}
		}
		g := newGroups(uint32(n), cont)
		docs, wantHeads := nothing.Clone(), nothing.Clone()
		for _, d := range rapid.SliceOf(rapid.IntRange(0, n-1)).Draw(t, "docs") {
			docs.Add(uint32(d))
			wantHeads.Add(heads[d])
		}
		got := g.project(docs)
		if !got.Equals(wantHeads) {
			t.Fatalf("project: %v, want %v", got, wantHeads)
		}
		want := nothing.Clone()
		for d, h := range heads {
			if wantHeads.Contains(h) {
				want.Add(uint32(d))
			}
		}
		if all := g.spread(got); !all.Equals(want) {
			t.Fatalf("spread: %v, want %v", all, want)
		}
	})
}
