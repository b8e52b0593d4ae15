package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	testName = regexp.MustCompile(`^(?:Test|Fuzz|Benchmark)[A-Z]\w+$`)
	ourPlace = regexp.MustCompile(`^(?:internal|sync|cmd|api|ldapd|index|bench|deploy|docs)(?:/[a-zA-Z0-9_.-]+)+$`)
)

// tests are the names of all test functions of the repository.
func tests(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		for _, m := range regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`).FindAllSubmatch(b, -1) {
			names[string(m[1])] = true
		}
		return err
	})
	if err != nil || len(names) < 500 {
		t.Fatal(len(names), err)
	}
	return names
}

func exists(short string) bool {
	_, err := os.Stat(filepath.Join(root, filepath.FromSlash(short)))
	return err == nil
}

// Any page that names a test names one that exists.
func TestTestsThatPagesNameExist(t *testing.T) {
	known, seen := tests(t), 0
	for _, p := range pages(t) {
		p.spans(func(line int, code string) {
			if !testName.MatchString(code) {
				return
			}
			if seen++; !known[code] {
				t.Errorf("%s:%d: there is no %s", p.path, line, code)
			}
		})
	}
	if seen < 100 {
		t.Error("names seen: ", seen)
	}
}

// What a page names of our packages and files exists: internal/..., sync/..., cmd/... and the like.
func TestPackagesThatPagesNameExist(t *testing.T) {
	seen := 0
	for _, p := range pages(t) {
		if p.path == "CHANGELOG.md" {
			continue
		}
		p.spans(func(line int, code string) {
			for _, short := range alternatives(code) {
				if !ourPlace.MatchString(short) || strings.HasSuffix(short, "...") {
					continue
				}
				if seen++; !exists(short) {
					t.Errorf("%s:%d: there is no %s", p.path, line, short)
				}
			}
		})
	}
	if seen < 80 {
		t.Error("names seen: ", seen)
	}
}

// alternatives are a/x and a/y of "a/{x,y}".
func alternatives(code string) []string {
	before, rest, braces := strings.Cut(code, "{")
	list, after, closed := strings.Cut(rest, "}")
	if !braces || !closed {
		return []string{code}
	}
	var out []string
	for one := range strings.SplitSeq(list, ",") {
		out = append(out, before+one+after)
	}
	return out
}

// Each package of ours has its sentence among the rooms of ARCHITECTURE.
func TestEveryPackageIsARoom(t *testing.T) {
	named := map[string]bool{}
	one(t, "docs/ARCHITECTURE.md").spans(func(_ int, code string) {
		for _, short := range alternatives(code) {
			named[short] = true
		}
	})
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if d.Name() == ".git" || d.Name() == "testdata" {
			return filepath.SkipDir
		}
		short, _ := filepath.Rel(root, path)
		if code, _ := filepath.Glob(filepath.Join(path, "*.go")); len(code) > 0 && short != "." && !named[filepath.ToSlash(short)] {
			t.Errorf("%s is no room of ARCHITECTURE.md", short)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
