package extract

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	act              = "PS_LibreAcces_Personne_activite_"
	sav              = "PS_LibreAcces_SavoirFaire_"
	dip              = "PS_LibreAcces_Dipl_AutExerc_"
	mss              = "Extraction_Correspondance_MSSante_"
	day1, day2, day3 = "202611010312", "202611020312", "202611030312"
)

var psUndated = []string{"ps-libreacces-personne-activite.txt", "ps-libreacces-savoirfaire.txt", "ps-libreacces-dipl-autexerc.txt"}

func psDated(folder, stamp string) []string {
	return []string{folder + act + stamp + ".txt", folder + sav + stamp + ".txt", folder + dip + stamp + ".txt"}
}

// source makes a folder of files; a name followed by "@" and hours has that age, counted from noon of 1 November 2026.
func source(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	noon := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	for _, f := range files {
		name, age, _ := strings.Cut(f, "@")
		text := "x\n"
		switch {
		case strings.HasSuffix(name, "bad.zip"), strings.Contains(name, "broken"):
			name, text = strings.ReplaceAll(name, "broken", ""), "PK\x03\x04 truncated"
		case strings.HasSuffix(name, ".zip"):
			stamp := name[len(name)-len("202611010312.zip") : len(name)-len(".zip")]
			var m []member
			for _, n := range psDated("", stamp) {
				m = append(m, member{name: n, text: "x"})
			}
			text = string(archive(t, m...))
		}
		p := write(t, dir, name, text)
		hours, err := time.ParseDuration(age + "h")
		if age == "" {
			hours = 0
		} else if err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(p, noon.Add(-hours), noon.Add(-hours)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestDiscover(t *testing.T) {
	for _, tt := range []struct {
		rule  string
		files []string
		want  string   // activities, skills, diplomas, mailboxes relative to the source, or their base names within a ZIP
		stamp string   // of people
		older []string // parts of lines
	}{
		{"ANS names", append(psDated("", day1), mss+"202611010332.txt"),
			act + day1 + ".txt " + sav + day1 + ".txt " + dip + day1 + ".txt " + mss + "202611010332.txt", day1, nil},
		{"data.gouv.fr names", append(psUndated, "extraction-correspondance-mssante.txt"),
			strings.Join([]string{psUndated[0], psUndated[1], psUndated[2], "extraction-correspondance-mssante.txt"}, " "), "202611011200", nil},
		{"case does not count", []string{"PS_LIBREACCES_PERSONNE_ACTIVITE_" + day1 + ".TXT", strings.ToLower(sav) + day1 + ".txt", dip + day1 + ".Txt"},
			"PS_LIBREACCES_PERSONNE_ACTIVITE_" + day1 + ".TXT " + strings.ToLower(sav) + day1 + ".txt " + dip + day1 + ".Txt -", day1, nil},
		{"without MSSanté", psDated("", day1), act + day1 + ".txt " + sav + day1 + ".txt " + dip + day1 + ".txt -", day1, nil},
		{"sub-folders are searched", append(psDated("a/b/", day1), "c/"+mss+day1+".txt"),
			"a/b/" + act + day1 + ".txt a/b/" + sav + day1 + ".txt a/b/" + dip + day1 + ".txt c/" + mss + day1 + ".txt", day1, nil},
		{"one set in three folders", []string{"a/" + act + day1 + ".txt", "b/" + sav + day1 + ".txt", dip + day1 + ".txt"},
			"a/" + act + day1 + ".txt b/" + sav + day1 + ".txt " + dip + day1 + ".txt -", day1, nil},
		{"other files are nobody's business", append(psDated("", day1), "README.md", "Porteurs_CPS_CPF_"+day1+".txt", "bad.zip", ".part/"+act+day3+".txt", "."+act+day3+".txt"),
			act + day1 + ".txt " + sav + day1 + ".txt " + dip + day1 + ".txt -", day1, []string{"bad.zip left aside"}},
		{"the newest complete set is taken", append(append(psDated("", day1), psDated("", day2)...), mss+day1+".txt", mss+day3+".txt"),
			act + day2 + ".txt " + sav + day2 + ".txt " + dip + day2 + ".txt " + mss + day3 + ".txt", day2,
			[]string{act + day1 + ".txt, " + sav + day1 + ".txt, " + dip + day1 + ".txt left aside: of 2026-11-01 03:12, older than 2026-11-02 03:12", mss + day1 + ".txt left aside"}},
		{"a newer incomplete set is reported", append(psDated("", day1), act+day3+".txt"),
			act + day1 + ".txt " + sav + day1 + ".txt " + dip + day1 + ".txt -", day1, []string{act + day3 + ".txt left aside: incomplete set, without " + sav + day3}},
		{"a ZIP of three", []string{"PS_LibreAcces_" + day1 + ".zip"}, act + day1 + ".txt " + sav + day1 + ".txt " + dip + day1 + ".txt -", day1, nil},
		{"a plain file is preferred to the same in a ZIP", append(psDated("z/", day1), "a/PS_LibreAcces_"+day1+".zip"),
			"z/" + act + day1 + ".txt z/" + sav + day1 + ".txt z/" + dip + day1 + ".txt -", day1, []string{"twice", "twice", "twice"}},
		{"undated files at most 24 h apart are one set", []string{psUndated[0] + "@1", psUndated[1] + "@25", psUndated[2] + "@13"},
			strings.Join(psUndated, " ") + " -", "202611011100", nil},
		{"undated files of one folder stay together", []string{"a/" + psUndated[0] + "@3", "a/" + psUndated[1] + "@1", "a/" + psUndated[2] + "@3",
			"b/" + psUndated[0] + "@0", "b/" + psUndated[1] + "@2", "b/" + psUndated[2] + "@0"},
			"b/" + psUndated[0] + " b/" + psUndated[1] + " b/" + psUndated[2] + " -", "202611011200", []string{"older than 2026-11-01 12:00"}},
		{"dated and undated files make no set together", append(psDated("", day1), psUndated[0]),
			act + day1 + ".txt " + sav + day1 + ".txt " + dip + day1 + ".txt -", day1, []string{"incomplete set"}},
		{"digits that are no date make no extract", append(psDated("", day1), act+"202613410312.txt"),
			act + day1 + ".txt " + sav + day1 + ".txt " + dip + day1 + ".txt -", day1, nil},
		{"an unreadable archive that is older is left aside", append(psDated("", day2), "PS_LibreAcces_broken"+day1+".zip"),
			act + day2 + ".txt " + sav + day2 + ".txt " + dip + day2 + ".txt -", day2, []string{"not readable"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			dir := source(t, tt.files...)
			s, err := Discover(dir)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, describe(t, dir, s)); d != "" {
				t.Error(d)
			}
			if got := s.PeopleStamp.Format(stampLayout); got != tt.stamp || s.PeopleStamp.Location() != time.UTC {
				t.Errorf("stamp %s, want %s", got, tt.stamp)
			}
			if len(s.Older) != len(tt.older) {
				t.Fatalf("left aside: %q, want %d lines", s.Older, len(tt.older))
			}
			for i, part := range tt.older {
				if !strings.Contains(s.Older[i], part) {
					t.Errorf("line %q does not say %q", s.Older[i], part)
				}
			}
		})
	}
}

func describe(t *testing.T, dir string, s Sources) string {
	t.Helper()
	name := func(f File) string {
		if f.Member != "" {
			return f.Member
		}
		real, err := filepath.EvalSymlinks(dir)
		if err != nil {
			t.Fatal(err)
		}
		rel, err := filepath.Rel(real, f.Path)
		if err != nil {
			t.Fatal(err)
		}
		return filepath.ToSlash(rel)
	}
	var out []string
	for _, k := range PeopleKinds() {
		if s.People[k].Kind != k {
			t.Errorf("file of kind %v under %v", s.People[k].Kind, k)
		}
		out = append(out, name(s.People[k]))
	}
	if s.Mailboxes == nil {
		return strings.Join(append(out, "-"), " ")
	}
	return strings.Join(append(out, name(*s.Mailboxes)), " ")
}

func TestDiscoverRefuses(t *testing.T) {
	for _, tt := range []struct {
		rule  string
		files []string
		says  []string
	}{
		{"an empty folder", nil, []string{"no extract found", "ps-libreacces-*.txt"}},
		{"a missing PS file is named, and what was found", []string{act + day1 + ".txt", dip + day1 + ".txt"},
			[]string{"missing " + sav + day1 + ";", "found: " + act + day1 + ".txt, " + dip + day1 + ".txt"}},
		{"files of different days are no set", []string{act + day1 + ".txt", sav + day2 + ".txt", dip + day2 + ".txt"},
			[]string{"missing " + act + day2, "found: " + sav + day2 + ".txt, " + dip + day2 + ".txt, " + act + day1 + ".txt"}},
		{"MSSanté alone", []string{mss + day1 + ".txt"},
			[]string{"missing PS_LibreAcces_Personne_activite, PS_LibreAcces_SavoirFaire, PS_LibreAcces_Dipl_AutExerc", "found: " + mss + day1 + ".txt"}},
		{"undated files more than 24 h apart", []string{psUndated[0], psUndated[1], psUndated[2] + "@25"}, []string{"more than 24 h apart"}},
		{"an unreadable archive alone", []string{"PS_LibreAcces_broken" + day1 + ".zip"}, []string{"PS_LibreAcces_" + day1 + ".zip", "truncated or damaged"}},
		{"an unreadable archive newer than the set", append(psDated("", day1), "PS_LibreAcces_broken"+day2+".zip"), []string{"truncated or damaged"}},
		{"an unreadable MSSanté archive in place of any", append(psDated("", day2), mss+"broken"+day1+".zip"), []string{mss + day1 + ".zip"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			_, err := Discover(source(t, tt.files...))
			wantInvalid(t, err, tt.says...)
		})
	}
	t.Run("a path that is not there", func(t *testing.T) {
		_, err := Discover(filepath.Join(t.TempDir(), "nowhere"))
		wantInvalid(t, err, "nowhere")
	})
	t.Run("a file given by name that is no extract", func(t *testing.T) {
		_, err := Discover(filepath.Join(source(t, "notes.txt"), "notes.txt"))
		wantInvalid(t, err, "notes.txt is not a known extract")
	})
	t.Run("a ZIP given by name that holds no extract", func(t *testing.T) {
		_, err := Discover(write(t, t.TempDir(), "x.zip", string(archive(t, member{name: "readme.txt"}))))
		wantInvalid(t, err, "x.zip is not a known extract")
	})
}

func TestDiscoverPaths(t *testing.T) {
	t.Run("single files", func(t *testing.T) {
		dir := source(t, psDated("", day1)...)
		var paths []string
		for _, n := range psDated("", day1) {
			paths = append(paths, filepath.Join(dir, n))
		}
		s, err := Discover(paths...)
		if err != nil || len(s.People) != 3 {
			t.Errorf("%d files, error %v", len(s.People), err)
		}
	})
	t.Run("the same folder twice is the same files", func(t *testing.T) {
		dir := source(t, psDated("", day1)...)
		s, err := Discover(dir, dir)
		if err != nil || len(s.Older) != 0 {
			t.Errorf("left aside %q, error %v", s.Older, err)
		}
	})
	t.Run("links to a folder and to files are followed", func(t *testing.T) {
		if runtime.GOOS == "windows" {
			t.Log("links need a privilege there")
			return
		}
		dir, links := source(t, psDated("", day1)...), t.TempDir()
		for _, n := range psDated("", day1) {
			if err := os.Symlink(filepath.Join(dir, n), filepath.Join(links, n)); err != nil {
				t.Fatal(err)
			}
		}
		root := filepath.Join(t.TempDir(), "root")
		if err := os.Symlink(links, root); err != nil {
			t.Fatal(err)
		}
		if s, err := Discover(root); err != nil || len(s.People) != 3 {
			t.Errorf("%d files, error %v", len(s.People), err)
		}
	})
}
