package extract

import (
	"slices"
	"strings"
	"testing"

	"github.com/cespare/xxhash/v2"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestHash(t *testing.T) {
	row := skillLine("99000000017")
	hashes := func(rows ...string) (raw, some []uint64) {
		text := skillHeader()
		for _, r := range rows {
			text += "\n" + r
		}
		type pair struct{ raw, some uint64 }
		got, _ := collect(t, openText(t, Skills, text, Limits{}), func(r *Row) pair {
			return pair{r.Hash(), r.HashOf([]Col{ColNationalID, ColFamily, ColGenre})}
		})
		for _, p := range got {
			raw, some = append(raw, p.raw), append(some, p.some)
		}
		return raw, some
	}
	t.Run("the line end and a trailing separator do not count", func(t *testing.T) {
		raw, _ := hashes(row, row+"|", row+"\r", row+"|\r", row)
		for _, h := range raw {
			if h != raw[0] {
				t.Errorf("hashes %x differ", raw)
			}
		}
	})
	t.Run("any other byte does", func(t *testing.T) {
		raw, some := hashes(row, row+" ")
		if raw[0] == raw[1] {
			t.Error("rows that differ by a space hash alike")
		}
		if some[0] != some[1] {
			t.Error("HashOf looks at a column it was not given")
		}
	})
	t.Run("a true duplicate comes out again, with the same hash", func(t *testing.T) {
		if raw, _ := hashes(row, row, skillLine("99000000025")); len(raw) != 3 || raw[0] != raw[1] || raw[1] == raw[2] {
			t.Errorf("hashes %x", raw)
		}
	})
	t.Run("values do not run into each other", func(t *testing.T) {
		table := openText(t, Skills, skillHeader()+"\n8|99000000017||AB|C||||||||\n8|99000000017||A|BC||||||||", Limits{})
		got, _ := collect(t, table, func(r *Row) uint64 { return r.HashOf([]Col{ColFamily, ColGiven}) })
		if got[0] == got[1] {
			t.Error("AB|C and A|BC hash alike")
		}
	})
}

// Columns that stand one after the other are hashed at once, where no value has to be trimmed; that must not show.
func TestHashOfIsThatOfTheValues(t *testing.T) {
	skills := openText(t, Skills, skillHeader()+"\n"+skillLine("99000000017"), Limits{})
	cells := []string{"", "A", "à", "ÂGE", " A", "A ", " ", "\u00a0", "\u00a0A", "A\u00a0", "A B", "°"}
	cols := []Col{ColFamily, ColGiven, ColProfession, ColGenre, ColProfessionLabel, ColCategory, ColSkill, ColNationalID}
	rapid.Check(t, func(t *rapid.T) {
		line := "8|99000000017|899000000017"
		for range len(Header(Skills)) - 3 {
			line += "|" + rapid.SampledFrom(cells).Draw(t, "cell")
		}
		some := rapid.Permutation(cols).Draw(t, "columns")
		if rapid.Bool().Draw(t, "in the order of the file") {
			slices.Sort(some)
		}
		var row Row
		if reason := row.parse(skills, []byte(line)); reason != "" {
			t.Fatal(reason)
		}
		want := ""
		for _, c := range some {
			want += string(row.Get(c)) + "|"
		}
		if row.HashOf(some) != xxhash.Sum64String(want) {
			t.Fatalf("not the hash of %q", want)
		}
	})
}

// HashOf looks at values: the era and the encoding of the file do not change it, unlike Hash.
func TestHashOfSurvivesFormats(t *testing.T) {
	cols := []Col{ColNationalID, ColFamily, ColGiven, ColProfessionLabel, ColBureau, ColSector}
	var want []uint64
	for _, file := range []string{"activities_56.txt", "activities_52_trailing.txt", "activities_latin1.txt", "activities_bom.txt"} {
		got, _ := collect(t, openSample(t, Activities, file), func(r *Row) uint64 { return r.HashOf(cols) })
		if want == nil {
			want = got
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", file, d)
		}
	}
}

// Rows of one mailbox are brought together whatever the case of its address, and those of two are not.
func TestAddressHash(t *testing.T) {
	text := strings.Join(Header(Mailboxes), "|")
	for _, a := range []string{"a.é@chu.formation.mssante.fr", " A.É@CHU.formation.mssante.FR ", "a.e@chu.formation.mssante.fr"} {
		text += "\nORG|" + a + strings.Repeat("|", 29)
	}
	table := openText(t, Mailboxes, text, Limits{})
	got, _ := collect(t, table, (*Row).AddressHash)
	if len(got) != 3 || got[0] != got[1] || got[0] == got[2] {
		t.Errorf("hashes %x", got)
	}
	if addresses, _ := collect(t, table, func(r *Row) string { return r.Mailbox().Address }); addresses[0] != addresses[1] {
		t.Errorf("addresses %q", addresses)
	}
	if table.file.Kind != Mailboxes {
		t.Error("File is not what was opened")
	}
}
