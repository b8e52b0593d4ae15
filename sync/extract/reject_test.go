package extract

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestRejects(t *testing.T) {
	const tail = "|A|B|10|Médecin|C|Civil|S|Spécialité|SM54|MG"
	long := strings.Repeat("x", 5000)
	for _, tt := range []struct {
		rule, row, reason string
	}{
		{"too few fields", "8|99000000017|899000000017", "3 fields where the header has 13"},
		{"too many fields", "8|99000000017|899000000017" + tail + "|x", "14 fields where the header has 13"},
		{"two trailing fields, even empty", "8|99000000017|899000000017" + tail + "||", "15 fields where the header has 13"},
		{"no identifier", "8||" + tail, reasonNoID},
		{"an identifier of spaces", "8| \u00a0 |899000000017" + tail, reasonNoID},
		{"a national identifier that is not type + identifier", "8|99000000017|899000000025" + tail, reasonOtherID},
		{"a national identifier of another type", "0|99000000017|899000000017" + tail, reasonOtherID},
		{"a national identifier without type that ends otherwise", "|99000000017|899000000025" + tail, reasonOtherID},
		{"a national identifier too long", "8|990000000178|8990000000178" + tail, reasonBadID},
		{"a sign in an identifier", "3|250999991/1|3250999991/1" + tail, reasonBadID},
		{"no type and no national identifier", "|99000000017|" + tail, reasonBadID},
		{"a line above the limit", long, reasonLong},
		{"the header once more", skillHeader(), reasonOtherID},
		{"bytes that are no UTF-8 are kept", "\xff\x00\xe9|1", "2 fields where the header has 13"},
	} {
		for _, end := range []string{"\n", "\r\n", ""} {
			t.Run(tt.rule+" ends with "+strings.NewReplacer("\r", "CR", "\n", "LF").Replace(end), func(t *testing.T) {
				var sink rejectList
				table := openText(t, Skills, skillHeader()+"\n"+skillLine("99000000017")+"\n"+tt.row+end, Limits{Rejects: &sink, MaxLine: 1000})
				_, stats := collect(t, table, func(*Row) bool { return true })
				if stats.Rows != 1 || stats.Rejected != 1 {
					t.Errorf("stats %+v", stats)
				}
				want := []Reject{{File: "extract.txt", Line: 3, Reason: tt.reason, Size: int64(len(tt.row)), Row: tt.row}}
				if d := cmp.Diff(want, sink.list); d != "" {
					t.Error(d)
				}
			})
		}
	}
}

func TestMailboxRejects(t *testing.T) {
	row := func(address, idType, id, national string) string {
		return "PER|" + address + "|" + idType + "|" + id + "|" + national + strings.Repeat("|", 26)
	}
	const box = "a.b@medecin.formation.mssante.fr"
	for _, tt := range []struct{ rule, row, reason string }{
		{"a holder", row(box, "8", "99000000017", "899000000017"), ""},
		{"no holder", row(box, "", "", ""), ""},
		{"a holder by national identifier alone", row(box, "", "", "899000000017"), ""},
		{"no address", row("", "8", "99000000017", "899000000017"), reasonNoAddress},
		{"no @", row("a.b", "", "", ""), reasonAddress},
		{"two @", row("a@b@c", "", "", ""), reasonAddress},
		{"nothing before the @", row("@c.fr", "", "", ""), reasonAddress},
		{"nothing after the @", row("a@", "", "", ""), reasonAddress},
		{"a space inside", row("a b@c.fr", "", "", ""), reasonAddress},
		{"a holder who is not who he is said to be", row(box, "8", "99000000017", "899000000025"), reasonOtherID},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var sink rejectList
			table := openText(t, Mailboxes, strings.Join(Header(Mailboxes), "|")+"\n"+tt.row, Limits{Rejects: &sink})
			keys, _ := collect(t, table, func(r *Row) uint64 { return r.Key() })
			if tt.reason == "" {
				if len(keys) != 1 || (keys[0] == 0) != (tt.rule == "no holder") {
					t.Errorf("keys %d, rejects %+v", keys, sink.list)
				}
				return
			}
			if len(sink.list) != 1 || sink.list[0].Reason != tt.reason {
				t.Errorf("rejects %+v, want reason %q", sink.list, tt.reason)
			}
		})
	}
}

// A line of many megabytes is neither kept in memory nor lost, and the lines after it are read, wherever blocks fall.
func TestVeryLongLine(t *testing.T) {
	const size = 3 << 20
	for _, end := range []string{"\n", "\r\n"} {
		text := skillHeader() + "\n" + strings.Repeat("0123456|", size/8) + end + skillLine("99000000017") + "\n"
		for _, block := range []int64{defaultBlock, 1 << 20, 100_000} {
			var sink rejectList
			table := openText(t, Skills, text, Limits{Rejects: &sink})
			table.block = block
			stats, err := table.Scan(context.Background(), 2, func(int, *Row) error { return nil })
			if err != nil || stats.Rows != 1 || len(sink.list) != 1 {
				t.Fatalf("stats %+v, %d rejects, error %v", stats, len(sink.list), err)
			}
			if r := sink.list[0]; r.Line != 2 || r.Reason != reasonLong || r.Size != size || len(r.Row) != MaxRejectRow || !strings.HasPrefix(r.Row, "0123456|") {
				t.Errorf("line %d, reason %q, size %d, %d bytes kept", r.Line, r.Reason, r.Size, len(r.Row))
			}
		}
	}
}

// countingReader counts the bytes asked of it.
type countingReader struct {
	io.ReaderAt
	n atomic.Int64
}

func (c *countingReader) ReadAt(p []byte, off int64) (int, error) {
	c.n.Add(int64(len(p)))
	return c.ReaderAt.ReadAt(p, off)
}

// A line over hundreds of blocks is read by the worker that owns its beginning, and once more, block by block, by those that look
// for a beginning: not by each of them to its end.
func TestLongLineIsNotReadAgainAndAgain(t *testing.T) {
	const size = 4 << 20
	table := openText(t, Skills, skillHeader()+"\n"+strings.Repeat("x", size)+"\n"+skillLine("99000000017"), Limits{})
	table.block = 16 << 10
	c := &countingReader{ReaderAt: table.r}
	table.r = c
	if stats, err := table.Scan(context.Background(), 2, func(int, *Row) error { return nil }); err != nil || stats.Rows != 1 || stats.Rejected != 1 {
		t.Fatalf("stats %+v, error %v", stats, err)
	}
	if c.n.Load() > 3*size {
		t.Errorf("%d bytes read of a file of %d", c.n.Load(), table.size)
	}
}

func TestRejectFile(t *testing.T) {
	rejects := []Reject{
		{File: "a.txt", Line: 3, Reason: reasonNoID, Size: 4, Row: `8|"|`},
		{File: "a.txt", Line: 9, Reason: reasonLong, Size: 5, Row: "\xff\x00<é>"},
		{File: "a.txt", Line: 10, Reason: reasonNoID},
	}
	path := filepath.Join(t.TempDir(), "rejects.ndjson")
	s := NewRejectFile(path)
	t.Run("there is no file before the first reject", func(t *testing.T) {
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) || s.Path() != "" || s.Count() != 0 {
			t.Errorf("stat %v, path %q, count %d", err, s.Path(), s.Count())
		}
	})
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, r := range rejects {
		if err := s.Reject(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Fatal(err)
	}
	t.Run("it is for its owner only, even over an older file", func(t *testing.T) {
		info, err := os.Stat(s.Path())
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, error %v", info.Mode(), err)
		}
	})
	t.Run("it says what was given, in order", func(t *testing.T) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(b, []byte("\n")); n != len(rejects) || s.Count() != int64(n) {
			t.Errorf("%d lines, count %d", n, s.Count())
		}
		var got []Reject
		if err := ReadRejects(bytes.NewReader(b), func(r Reject) error { got = append(got, r); return nil }); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(rejects, got); d != "" {
			t.Error(d)
		}
	})
	t.Run("a closed file takes no more", func(t *testing.T) {
		if err := s.Reject(rejects[0]); !errors.Is(err, os.ErrClosed) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("a file that cannot be made ends the scan", func(t *testing.T) {
		sink := NewRejectFile(filepath.Join(t.TempDir(), "no", "such", "folder"))
		table := openText(t, Skills, skillHeader()+"\nx\n", Limits{Rejects: sink})
		if _, err := table.Scan(context.Background(), 1, func(int, *Row) error { return nil }); err == nil {
			t.Error("no error")
		}
		if err := sink.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestRejectsKeepEveryByte(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Reject{File: "f", Line: rapid.Int64Min(1).Draw(t, "line"), Reason: "r", Row: string(rapid.SliceOf(rapid.Byte()).Draw(t, "row"))}
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got Reject
		if err := json.Unmarshal(b, &got); err != nil || got != want {
			t.Fatalf("%q comes back as %q, error %v", want.Row, got.Row, err)
		}
	})
}

func FuzzReadRejects(f *testing.F) {
	f.Add([]byte(`{"file":"a","line":3,"reason":"r","size":1,"row":"x"}` + "\n" + `{"row_base64":"/w=="}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		_ = ReadRejects(bytes.NewReader(b), func(r Reject) error {
			again, err := json.Marshal(r)
			var back Reject
			if err != nil || json.Unmarshal(again, &back) != nil || back.Row != r.Row {
				t.Fatalf("%q does not come back: %v", r.Row, err)
			}
			return nil
		})
	})
}
