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
	tableMade  = regexp.MustCompile(`NewTable\[[^\n]*?\]\((?:fmt\.Sprintf\()?"([a-z-]+)`)
	bucketMade = regexp.MustCompile(`Bucket\w* += \[\]byte\("([a-z]+)"\)`)
)

// Whoever has to read a data directory without us finds every table of it in FORMATS.
func TestEveryTableOnDiskIsDescribed(t *testing.T) {
	described := map[string]bool{}
	one(t, "docs/FORMATS.md").spans(func(_ int, code string) { described[strings.TrimSuffix(code, "YYYY")] = true })
	seen := 0
	err := filepath.WalkDir(filepath.Join(root, "internal"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		for _, m := range append(tableMade.FindAllSubmatch(b, -1), bucketMade.FindAllSubmatch(b, -1)...) {
			if seen++; !described[string(m[1])] {
				t.Errorf("%s: FORMATS.md has no table %s", path, m[1])
			}
		}
		return err
	})
	if err != nil || seen < 30 {
		t.Error(seen, err)
	}
}
