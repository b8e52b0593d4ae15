package extract

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whatever the line ends, the era, the encoding: the same people come out.
func TestSampleFiles(t *testing.T) {
	cols := get(ColNationalID, ColFamily, ColGiven, ColProfessionLabel, ColStructureID, ColBureau, ColGenre, ColGenreLabel)
	want := [][]string{
		{"899000000017", "EXEMPLE", "PRENOM", "Médecin", "F250999991", "25304 PONTARLIER CEDEX", "GENR01", "Activité standard de soin ou de pharmacien"},
		{"0010000009", "MODELE", "PRENOM", "Audioprothésiste", "C99900000000019", "25300 DOUBS", "", ""},
		{"899100000024", "D'EXEMPLE-LAÏD", "ÉLODIE", "Infirmier", "", "", "", ""},
	}
	old := [][]string{append([]string{}, want[0]...), want[1], want[2]}
	old[0][6], old[0][7] = "", ""
	for _, tt := range []struct {
		rule, file string
		want       [][]string
		width      int
		fallback   int64
	}{
		{"48 columns", "activities_48.txt", old, 48, 0},
		{"52 columns, CRLF, trailing separators", "activities_52_trailing.txt", old, 52, 0},
		{"56 columns, no last line feed", "activities_56.txt", want, 56, 0},
		{"byte order mark", "activities_bom.txt", want, 56, 0},
		{"a whole file in Windows-1252", "activities_latin1.txt", want, 56, 3},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			table := openSample(t, Activities, tt.file)
			got, stats := collect(t, table, cols)
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(Stats{Rows: 3, Fallback: tt.fallback, Bytes: table.size}, stats); d != "" {
				t.Error(d)
			}
			if len(table.Columns) != tt.width || table.HeaderFallback != (tt.fallback > 0) || len(table.Extra) != 0 {
				t.Errorf("%d columns, header fallback %v, extra %q", len(table.Columns), table.HeaderFallback, table.Extra)
			}
		})
	}
	t.Run("a column the file lacks is nil, an empty one is not", func(t *testing.T) {
		table := openSample(t, Activities, "activities_48.txt")
		collect(t, table, func(r *Row) bool {
			if r.Get(ColGenre) != nil || r.Get(ColPhone2) == nil {
				t.Errorf("Get gave %v for no column, %v for an empty value", r.Get(ColGenre), r.Get(ColPhone2))
			}
			return true
		})
	})
}

func TestRowsAsTheyAre(t *testing.T) {
	const id = "8|99000000017|899000000017|"
	tail := "|10|Médecin|C|Civil|S|Spécialité|SM54|MG"
	for _, tt := range []struct {
		rule, row string
		want      []string // family, given, skill label
		stats     Stats
	}{
		{"a lone quote neither merges fields nor rows", id + `O"BRIEN\D|"X` + tail, []string{`O"BRIEN\D`, `"X`, "MG"}, Stats{Rows: 1}},
		{"wrapping quotes stay", id + `"A"|""B""` + tail, []string{`"A"`, `""B""`, "MG"}, Stats{Rows: 1}},
		{"values are trimmed, no-break spaces too", id + "  A  B |\u00a0C\u00a0 " + tail, []string{"A  B", "C", "MG"}, Stats{Rows: 1}},
		{"one trailing empty field is tolerated", id + "A|B" + tail + "|", []string{"A", "B", "MG"}, Stats{Rows: 1}},
		{"CRLF", id + "A|B" + tail + "\r", []string{"A", "B", "MG"}, Stats{Rows: 1}},
		{"blank lines are skipped", "\n\r\n  \n" + id + "A|B" + tail + "\n\n", []string{"A", "B", "MG"}, Stats{Rows: 1, Blank: 5}},
		{"a row that is not UTF-8 is Windows-1252", id + "LA\xcfD|\xc9LODIE" + tail, []string{"LAÏD", "ÉLODIE", "MG"}, Stats{Rows: 1, Fallback: 1}},
		{"U+0092 is an apostrophe", id + "D\u0092EXEMPLE|B" + tail, []string{"D’EXEMPLE", "B", "MG"}, Stats{Rows: 1, Cleaned: 1}},
		{"NUL and tab become spaces", id + "A\x00B|\tC" + tail, []string{"A B", "C", "MG"}, Stats{Rows: 1, Cleaned: 1}},
		{"a lone CR is no line end", id + "A\rB|C" + tail, []string{"A B", "C", "MG"}, Stats{Rows: 1, Cleaned: 1}},
		{"an empty given name is legitimate", id + "A|" + tail, []string{"A", "", "MG"}, Stats{Rows: 1}},
		{"an identifier in lower case", "0|2a0000001|02a0000001|A|B" + tail, []string{"A", "B", "MG"}, Stats{Rows: 1}},
		{"a national identifier without type", "|99000000017|899000000017|A|B" + tail, []string{"A", "B", "MG"}, Stats{Rows: 1}},
		{"an empty national identifier is derived", "8|99000000017||A|B" + tail, []string{"A", "B", "MG"}, Stats{Rows: 1}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			table := openText(t, Skills, skillHeader()+"\n"+tt.row+"\n", Limits{})
			got, stats := collect(t, table, get(ColFamily, ColGiven, ColSkillLabel))
			if d := cmp.Diff([][]string{tt.want}, got); d != "" {
				t.Error(d)
			}
			tt.stats.Bytes = table.size
			if tt.stats.Blank > 0 {
				tt.stats.Blank = stats.Blank // their number depends on the line ends around
				if stats.Blank < 4 {
					t.Errorf("%d blank lines", stats.Blank)
				}
			}
			if d := cmp.Diff(tt.stats, stats); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestNoDataRow(t *testing.T) {
	for _, tt := range []struct{ rule, text string }{
		{"a header alone is no extract", skillHeader()},
		{"nor with its line feed", skillHeader() + "\n"},
		{"nor with blank lines", skillHeader() + "\n\r\n\n"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			_, err := openText(t, Skills, tt.text, Limits{}).Scan(context.Background(), 2, func(int, *Row) error { return nil })
			wantInvalid(t, err, "no data row", "extract.txt")
		})
	}
	t.Run("an empty file has no header", func(t *testing.T) {
		_, err := tryText(t, Skills, "", Limits{})
		wantInvalid(t, err, "empty")
	})
	t.Run("wrong rows are rows", func(t *testing.T) {
		stats, err := openText(t, Skills, skillHeader()+"\nx\n", Limits{}).Scan(context.Background(), 1, func(int, *Row) error { return nil })
		if err != nil || stats.Rejected != 1 {
			t.Errorf("stats %+v, error %v", stats, err)
		}
	})
}

// bigText returns n rows of varied length among which some are wrong, and the reject lines expected.
func bigText(n int) (text string, rows int, wrong []int64) {
	rng := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString(skillHeader() + "\n")
	for i := range n {
		end := "\n"
		if rng.IntN(3) == 0 {
			end = "\r\n"
		}
		switch rng.IntN(20) {
		case 0:
			b.WriteString("8|not enough" + end)
			wrong = append(wrong, int64(i+2))
		case 1:
			b.WriteString(end)
		case 2:
			b.WriteString(strings.Repeat("long|", 1+rng.IntN(2000)) + end)
			wrong = append(wrong, int64(i+2))
		default:
			b.WriteString(skillLine(fmt.Sprintf("990%08d", i)) + strings.Repeat(" ", rng.IntN(90)) + end)
			rows++
		}
	}
	return b.String(), rows, wrong
}

// However the file is cut into blocks and shared among workers, each row comes exactly once and rejects have exact lines.
func TestScanInParallel(t *testing.T) {
	text, rows, wrong := bigText(3000)
	for _, tt := range []struct {
		workers int
		block   int64
	}{{1, defaultBlock}, {1, 100}, {2, 1000}, {4, 64}, {8, 7}, {3, 1 << 12}, {0, 1 << 16}} {
		t.Run(fmt.Sprintf("%d workers, blocks of %d bytes", tt.workers, tt.block), func(t *testing.T) {
			var sink rejectList
			var last, passed int64
			table := openText(t, Skills, text, Limits{Rejects: &sink, MaxLine: 1000, Progress: func(done, total, n int64) {
				passed = n
				if done < last || done > total || total != int64(len(text)) {
					t.Errorf("progress %d of %d after %d", done, total, last)
				}
				last = done
			}})
			table.block = tt.block
			var mu sync.Mutex
			places := map[uint64]place{}
			stats, err := table.Scan(context.Background(), tt.workers, func(_ int, r *Row) error {
				mu.Lock()
				defer mu.Unlock()
				if tt.workers == 1 != (r.Line != 0) {
					t.Errorf("line %d with %d workers", r.Line, tt.workers)
				}
				places[r.Key()] = place{r.Key(), r.Hash(), r.Offset, r.Len}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(places) != rows || stats.Rows != int64(rows) || stats.Rejected != int64(len(wrong)) || last != int64(len(text)) || passed < int64(rows) {
				t.Errorf("%d people, stats %+v, progress %d; want %d rows, %d rejects", len(places), stats, last, rows, len(wrong))
			}
			var lines []int64
			for _, r := range sink.list {
				lines = append(lines, r.Line)
			}
			if d := cmp.Diff(wrong, lines); d != "" {
				t.Error(d)
			}
			reread(t, table, places)
		})
	}
}

// reread comes back to each place from several goroutines and expects the same row.
func reread(t *testing.T, table *Table, places map[uint64]place) {
	t.Helper()
	var wg sync.WaitGroup
	for w := range uint64(3) {
		wg.Go(func() {
			var r Row
			for key, p := range places {
				if key%3 != w {
					continue
				}
				if err := table.ReadRow(p.offset, p.size, &r); err != nil {
					t.Error(err)
				} else if r.Key() != p.key || r.Hash() != p.hash {
					t.Errorf("row at %d is not what the scan saw", p.offset)
				}
			}
		})
	}
	wg.Wait()
}

func TestScanNumbersLines(t *testing.T) {
	table := openText(t, Skills, skillHeader()+"\n\n"+skillLine("99000000017")+"\nx\n"+skillLine("99000000025"), Limits{})
	table.block = 10
	got, _ := collect(t, table, func(r *Row) int64 { return r.Line })
	if d := cmp.Diff([]int64{3, 5}, got); d != "" {
		t.Error(d)
	}
}

func TestScanStops(t *testing.T) {
	text, _, _ := bigText(500)
	table := openText(t, Skills, text, Limits{})
	table.block = 1000
	boom := errors.New("boom")
	t.Run("at an error of the callback", func(t *testing.T) {
		if _, err := table.Scan(context.Background(), 4, func(int, *Row) error { return boom }); !errors.Is(err, boom) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("when the context ends", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		if _, err := table.Scan(ctx, 2, func(int, *Row) error { cancel(); return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("when the file became shorter", func(t *testing.T) {
		if err := os.Truncate(table.file.Path, table.size/2); err != nil {
			t.Fatal(err)
		}
		if _, err := table.Scan(context.Background(), 2, func(int, *Row) error { return nil }); err == nil {
			t.Error("no error")
		}
	})
}

func TestReadRowRefuses(t *testing.T) {
	row := skillLine("99000000017")
	table := openText(t, Skills, skillHeader()+"\n"+row+"\n", Limits{})
	at := int64(len(skillHeader()) + 1)
	var r Row
	for _, tt := range []struct {
		rule string
		off  int64
		n    int
	}{
		{"a negative offset", -1, 10},
		{"a negative length", at, -1},
		{"a place beyond the end", at + 1000, len(row)},
		{"a length beyond the end", at, len(row) + 100},
		{"a length above the limit of a line", at, 2 << 20},
		{"a place that is not that of a row", at + 4, len(row) - 4},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if err := table.ReadRow(tt.off, tt.n, &r); err == nil {
				t.Error("no error")
			}
		})
	}
	if err := table.ReadRow(at, len(row), &r); err != nil || string(r.Get(ColID)) != "99000000017" {
		t.Errorf("the right place: %v", err)
	}
}
