package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What the glossary says is in the code is there: a name of the code, or a package or setting, which other tests look at.
func TestTheGlossaryNamesWhatTheCodeHas(t *testing.T) {
	words := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		for _, w := range regexp.MustCompile(`\b[A-Z]\w+`).FindAllString(string(b), -1) {
			words[w] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, l := range strings.Split(one(t, "docs/GLOSSARY.md").prose, "\n") {
		cells := strings.Split(strings.Trim(l, "|"), "|")
		if len(cells) != 3 {
			continue
		}
		for _, m := range span.FindAllStringSubmatch(cells[2], -1) {
			for _, name := range regexp.MustCompile(`\b[A-Z]\w+`).FindAllString(m[1], -1) {
				if seen++; !words[name] {
					t.Errorf("%s: the code has no %s", strings.TrimSpace(cells[0]), name)
				}
			}
		}
	}
	if seen < 40 {
		t.Error("names seen: ", seen)
	}
}
