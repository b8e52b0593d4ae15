package extract

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func sampleText(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// psArchive is a PS ZIP as the ANS makes it: three members, diplomas first.
func psArchive(t testing.TB, prefix string) []byte {
	return archive(t,
		member{name: prefix + dip + day1 + ".txt", text: sampleText(t, "diplomas.txt")},
		member{name: prefix + act + day1 + ".txt", text: sampleText(t, "activities_56.txt"), store: true},
		member{name: prefix + sav + day1 + ".txt", text: sampleText(t, "skills.txt")})
}

func TestArchives(t *testing.T) {
	id := get(ColNationalID)
	for _, tt := range []struct{ rule, prefix string }{
		{"three members, picked by name and not by place", ""},
		{"three members in a sub-folder", "export/2026/"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "PS_LibreAcces_"+day1+".zip", string(psArchive(t, tt.prefix)))
			write(t, dir, mss+day1+".zip", string(archive(t, member{name: mss + day1 + ".txt", text: sampleText(t, "mailboxes.txt")})))
			s, err := Discover(dir)
			if err != nil {
				t.Fatal(err)
			}
			files := []File{s.People[Activities], s.People[Skills], s.People[Diplomas], *s.Mailboxes}
			for i, want := range [][]string{{"899000000017", "0010000009", "899100000024"}, {"899000000017", "899000000017"},
				{"899000000017", "899100000024"}, {"899000000017", ""}} {
				table, err := openFile(t, files[i], Limits{})
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				rows, _ := collect(t, table, id)
				for _, r := range rows {
					got = append(got, r[0])
				}
				if d := cmp.Diff(want, got); d != "" {
					t.Errorf("%s: %s", files[i].Name(), d)
				}
			}
			if name := files[0].Name(); name != "PS_LibreAcces_"+day1+".zip/"+act+day1+".txt" {
				t.Errorf("name %q", name)
			}
		})
	}
}

func TestTemporaryFileIsRemoved(t *testing.T) {
	tmp := t.TempDir()
	p := write(t, t.TempDir(), "PS.zip", string(psArchive(t, "")))
	f := File{Kind: Skills, Path: p, Member: sav + day1 + ".txt"}
	table, err := Open(context.Background(), f, tmp, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if err := table.Close(); err != nil {
		t.Fatal(err)
	}
	if err := table.Close(); err != nil {
		t.Errorf("second close: %v", err)
	}
	if _, err := Open(context.Background(), File{Kind: Mailboxes, Path: p, Member: f.Member}, tmp, Limits{}); err == nil {
		t.Error("a file of another kind was opened")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Open(ctx, f, tmp, Limits{}); err == nil {
		t.Error("opened under a cancelled context")
	}
	left, err := os.ReadDir(tmp)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, error %v", left, err)
	}
}

func TestMemberWithoutTimestamp(t *testing.T) {
	var m []member
	for _, n := range psUndated {
		m = append(m, member{name: n, text: "x"})
	}
	for name, want := range map[string]string{"PS_LibreAcces_" + day1 + ".zip": day1, "ps-libreacces.zip": "202611011200"} {
		t.Run(name, func(t *testing.T) {
			dir := source(t, "x") // sets no date on the archive: done below
			p := write(t, dir, name, string(archive(t, m...)))
			info, err := os.Stat(filepath.Join(dir, "x"))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(p, info.ModTime(), info.ModTime()); err != nil {
				t.Fatal(err)
			}
			s, err := Discover(p)
			if err != nil || s.PeopleStamp.Format(stampLayout) != want {
				t.Errorf("stamp %v, error %v", s.PeopleStamp, err)
			}
		})
	}
}

// lying returns a stored member of n bytes whose directory entry declares other sizes.
func lying(t *testing.T, name, text string, declared uint32) []byte {
	t.Helper()
	b := archive(t, member{name: name, text: text})
	dir := bytes.LastIndex(b, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(b[dir+24:], declared)
	return b
}

func TestArchivesRefused(t *testing.T) {
	name := sav + day1 + ".txt"
	text := sampleText(t, "skills.txt")
	good := archive(t, member{name: name, text: text})
	wrongCRC := archive(t, member{name: name, text: text, store: true})
	wrongCRC[bytes.Index(wrongCRC, []byte("EXEMPLE"))] ^= 1
	secret := bytes.Clone(good)
	secret[bytes.LastIndex(secret, []byte("PK\x01\x02"))+8] |= encrypted
	bombText := strings.Repeat("|||||||||||||||\n", 4<<20/16)
	for _, tt := range []struct {
		rule string
		zip  []byte
		opt  Limits
		says string
	}{
		{"wrong CRC", wrongCRC, Limits{}, "damaged"},
		{"truncated", good[:len(good)-30], Limits{}, "truncated or damaged"},
		{"encrypted", secret, Limits{}, "is encrypted"},
		{"declared larger than allowed", good, Limits{MaxFile: 100}, "larger than allowed (100 bytes)"},
		{"declares less than it holds", lying(t, name, text, 10), Limits{}, "damaged"},
		{"declares less and holds more than allowed", lying(t, name, bombText, 10), Limits{MaxFile: 2 << 20, MaxRatio: 1 << 40}, "damaged"},
		{"a compression bomb", archive(t, member{name: name, text: bombText}), Limits{}, "ratio above 100"},
		{"a bomb that declares little", lying(t, name, bombText, 10), Limits{}, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			p := write(t, t.TempDir(), "PS.zip", string(tt.zip))
			tmp := t.TempDir()
			_, err := Open(context.Background(), File{Kind: Skills, Path: p, Member: name}, tmp, tt.opt)
			wantInvalid(t, err, tt.says)
			if left, _ := os.ReadDir(tmp); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
	t.Run("a small file of equal rows is no bomb", func(t *testing.T) {
		same := skillHeader() + "\n" + strings.Repeat(skillLine("99000000017")+"\n", 8000)
		p := write(t, t.TempDir(), "PS.zip", string(archive(t, member{name: name, text: same})))
		if _, err := openFile(t, File{Kind: Skills, Path: p, Member: name}, Limits{}); err != nil {
			t.Error(err)
		}
	})
	t.Run("a member that is gone since", func(t *testing.T) {
		p := write(t, t.TempDir(), "PS.zip", string(archive(t, member{name: "other.txt"})))
		_, err := Open(context.Background(), File{Kind: Skills, Path: p, Member: name}, t.TempDir(), Limits{})
		wantInvalid(t, err, "no longer in the archive")
	})
}

// What is read counts, whatever the directory entry declared and archive/zip let through.
func TestCopyMemberBelievesItsEyes(t *testing.T) {
	f := File{Kind: Skills, Path: "PS.zip", Member: "m.txt"}
	for _, tt := range []struct {
		rule       string
		compressed uint64
		opt        Limits
		says       string
	}{
		{"larger than allowed", 3 << 20, Limits{MaxFile: 2 << 20}, "larger than allowed"},
		{"compressed more than allowed", 10 << 10, Limits{}, "ratio above 100"},
		{"within limits", 3 << 20, Limits{}, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			entry := &zip.File{FileHeader: zip.FileHeader{CompressedSize64: tt.compressed}}
			var out bytes.Buffer
			n, err := copyMember(context.Background(), &out, bytes.NewReader(make([]byte, 3<<20)), entry, f, tt.opt.withDefaults())
			if tt.says == "" {
				if err != nil || n != 3<<20 || int64(out.Len()) != n {
					t.Errorf("%d bytes, error %v", n, err)
				}
				return
			}
			wantInvalid(t, err, tt.says)
		})
	}
}

func TestUnsafeMembers(t *testing.T) {
	for _, name := range []string{"../" + sav + day1 + ".txt", "a/../../x.txt", "/etc/" + act + day1 + ".txt", `..\x.txt`, `C:\x.txt`, "c:x.txt", "..", "a\x00b"} {
		t.Run(strings.ReplaceAll(name, "\x00", "NUL"), func(t *testing.T) {
			if safeMember(name) {
				t.Error("taken for safe")
			}
			dir := t.TempDir()
			write(t, dir, "PS_LibreAcces_"+day1+".zip", string(archive(t, member{name: act + day1 + ".txt"}, member{name: sav + day1 + ".txt"},
				member{name: dip + day1 + ".txt"}, member{name: name})))
			_, err := Discover(dir)
			wantInvalid(t, err, "PS_LibreAcces_"+day1+".zip refused: unsafe member name")
			if _, err := os.Stat(filepath.Join(dir, "..", sav+day1+".txt")); err == nil {
				t.Error("written outside")
			}
		})
	}
	for _, name := range []string{"a.txt", "a/b/c.txt", "a..b.txt", "...", "é/ü.txt", "dir/"} {
		if !safeMember(name) {
			t.Errorf("%q taken for unsafe", name)
		}
	}
}

func FuzzMemberName(f *testing.F) {
	for _, n := range []string{"../x", "/x", `a\b`, "a/./b", "C:/x", act + day1 + ".txt", "sub/" + strings.ToUpper(mss) + day1 + ".TXT", "ps-libreacces-savoirfaire.txt"} {
		f.Add(n)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if safeMember(name) {
			root := filepath.Join(string(filepath.Separator), "a", "b")
			if p := filepath.Join(root, filepath.FromSlash(name)); p != root && !strings.HasPrefix(p, root+string(filepath.Separator)) {
				t.Fatalf("%q taken for safe leads to %q", name, p)
			}
		}
		k, stamp, dated, ok := recognise(name)
		if ok && k >= numKinds || dated && !ok || dated == stamp.IsZero() || ok && strings.ContainsAny(name, "/\\") {
			t.Fatalf("%q: kind %d, stamp %v, dated %v, ok %v", name, k, stamp, dated, ok)
		}
	})
}

func TestTooManyMembers(t *testing.T) {
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for range maxMembers + 1 {
		if _, err := z.Create("x"); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := Discover(write(t, t.TempDir(), "PS_LibreAcces_"+day1+".zip", buf.String()))
	wantInvalid(t, err, "more than 1000 members")
}
