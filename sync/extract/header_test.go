package extract

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"annuaire/internal/names"
)

func headerLine(k Kind) string { return strings.Join(Header(k), "|") }

func TestHeaderIsFoundByName(t *testing.T) {
	today := headerLine(Activities)
	latin1, err := charmap.Windows1252.NewEncoder().String(strings.ReplaceAll(today, "'", "’"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		rule, line string
		extra      []string
		missing    int
		genre      int // place of Code genre activité
	}{
		{"56 columns", today, nil, 0, 54},
		{"a byte order mark is no part of the first name", "\xef\xbb\xbf" + today, nil, 0, 54},
		{"one trailing separator adds no column", today + "|", nil, 0, 54},
		{"52 columns: no role, no genre", strings.Join(Header(Activities)[:52], "|") + "|", nil, 4, -1},
		{"48 columns: no sector, section, role, genre", strings.Join(Header(Activities)[:48], "|"), nil, 8, -1},
		{"an unknown column may come first", "Nouveau|" + today, []string{"Nouveau"}, 0, 55},
		{"an unknown column may come in the middle", strings.Replace(today, "|Code genre", "|Autres identifiants|Code genre", 1), []string{"Autres identifiants"}, 0, 55},
		{"a dummy last name is an unknown column", today + `|""`, []string{`""`}, 0, 54},
		{"Code genre d'activité is Code genre activité", strings.Replace(today, "Code genre activité", "Code genre d'activité", 1), nil, 0, 54},
		{"case does not count", strings.ToUpper(today), nil, 0, 54},
		{"typographic apostrophes are apostrophes", strings.ReplaceAll(today, "'", "’"), nil, 0, 54},
		{"decomposed accents are accents", norm.NFD.String(today), nil, 0, 54},
		{"spaces around names do not count", strings.ReplaceAll(today, "|", " | "), nil, 0, 54},
		{"quotes around names do not count", `"` + strings.ReplaceAll(today, "|", `"|"`) + `"`, nil, 0, 54},
		{"a Windows-1252 header works", latin1, nil, 0, 54},
		{"U+0092 in a name is an apostrophe", strings.ReplaceAll(today, "'", "\u0092"), nil, 0, 54},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			l, err := readHeader(Activities, "f.txt", []byte(tt.line))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.extra, l.extra); d != "" {
				t.Errorf("extra: %s", d)
			}
			if len(l.missing) != tt.missing {
				t.Errorf("missing %q, want %d names", l.missing, tt.missing)
			}
			if int(l.pos[ColGenre]) != tt.genre {
				t.Errorf("Code genre activité at %d, want %d", l.pos[ColGenre], tt.genre)
			}
			if l.fallback != (tt.line == latin1) {
				t.Errorf("fallback %v", l.fallback)
			}
		})
	}
}

func TestHeaderIsRefused(t *testing.T) {
	mailboxes := headerLine(Mailboxes)
	for _, tt := range []struct {
		rule, line string
		kind       Kind
		says       []string
	}{
		{"a missing required column is named, with the nearest found",
			strings.Replace(headerLine(Activities), "|Code profession|", "|Code de profession|", 1), Activities,
			[]string{`"Code profession"`, `nearest found: "Code de profession"`, "f.txt"}},
		{"without a like column none is suggested", strings.Replace(mailboxes, "Adresse BAL|", "", 1), Mailboxes, []string{`"Adresse BAL"`}},
		{"a known column twice is ambiguous", mailboxes + "|Adresse BAL", Mailboxes, []string{`"Adresse BAL" comes twice`}},
		{"a known column under two of its names is ambiguous", headerLine(Activities) + "|Code genre d'activité", Activities, []string{"comes twice"}},
		{"another separator", strings.ReplaceAll(mailboxes, "|", ";"), Mailboxes, []string{"not the header of Extraction_Correspondance_MSSante"}},
		{"another file", "a|b|c", Skills, []string{"not the header of PS_LibreAcces_SavoirFaire"}},
		{"an empty line", "", Skills, []string{"not the header"}},
		{"more columns than any extract has", headerLine(Skills) + strings.Repeat("|x", maxColumns), Skills, []string{"more than 1000"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			_, err := readHeader(tt.kind, "f.txt", []byte(tt.line))
			wantInvalid(t, err, tt.says...)
			if tt.rule == "without a like column none is suggested" && strings.Contains(err.Error(), "nearest") {
				t.Errorf("error %q suggests a column", err)
			}
		})
	}
}

// Each required column, and no other, refuses a file that lacks it.
func TestRequiredColumns(t *testing.T) {
	for k := range numKinds {
		for i, c := range schema(k) {
			t.Run(k.String()+"/"+c.name, func(t *testing.T) {
				_, err := readHeader(k, "f.txt", []byte(strings.Join(slices.Delete(Header(k), i, i+1), "|")))
				if !c.required {
					if err != nil {
						t.Errorf("refused without an optional column: %v", err)
					}
					return
				}
				wantInvalid(t, err, c.name)
			})
		}
	}
}

func TestHeadersAreAsPublished(t *testing.T) {
	for k, want := range map[Kind]int{Activities: 56, Skills: 13, Diplomas: 13, Mailboxes: 31} {
		t.Run(k.String(), func(t *testing.T) {
			h := Header(k)
			if len(h) != want {
				t.Errorf("%d columns, want %d", len(h), want)
			}
			seen := map[string]string{}
			for _, c := range schema(k) {
				for _, n := range append([]string{c.name}, c.variants...) {
					f := names.Fold(n)
					if other, ok := seen[f]; ok {
						t.Errorf("%q and %q fold alike", n, other)
					}
					seen[f] = n
				}
			}
		})
	}
}

func FuzzHeader(f *testing.F) {
	for k := range numKinds {
		f.Add(uint8(k), headerLine(k))
	}
	f.Add(uint8(0), "\xef\xbb\xbfCode \xe9|\u0092||")
	f.Fuzz(func(t *testing.T, k uint8, line string) {
		kind := Kind(k % uint8(numKinds))
		l, err := readHeader(kind, "f.txt", []byte(line))
		if err != nil {
			if !strings.Contains(err.Error(), "f.txt") {
				t.Fatalf("error %q does not name the file", err)
			}
			return
		}
		found := 0
		for c, at := range l.pos {
			if at < 0 {
				continue
			}
			found++
			if int(at) >= len(l.columns) || !utf8.ValidString(l.columns[at]) {
				t.Fatalf("column %d at %d of %d", c, at, len(l.columns))
			}
		}
		if found+len(l.extra) != len(l.columns) {
			t.Fatalf("%d known and %d unknown columns of %d", found, len(l.extra), len(l.columns))
		}
	})
}
