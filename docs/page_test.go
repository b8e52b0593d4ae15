package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// root is the repository, seen from this package.
const root = ".."

// page is a Markdown file of the repository.
type page struct {
	path   string // from the root of the repository
	prose  string // its text with the lines of its blocks left empty, so that lines keep their numbers
	blocks []block
}

// block is what stands between two fences.
type block struct {
	line int    // of the opening fence, from 1
	lang string // the first word of its info string
	info string // the rest
	text string
}

var fence = regexp.MustCompile("^\\s*```\\s*(\\S*)\\s*(.*)$")

func parse(path, text string) page {
	p := page{path: path}
	var prose []string
	open := false
	for i, line := range strings.Split(text, "\n") {
		m := fence.FindStringSubmatch(line)
		switch {
		case m != nil && !open:
			p.blocks = append(p.blocks, block{line: i + 1, lang: m[1], info: strings.TrimSpace(m[2])})
			open, line = true, ""
		case m != nil:
			open, line = false, ""
		case open:
			b := &p.blocks[len(p.blocks)-1]
			b.text += line + "\n"
			line = ""
		}
		prose = append(prose, line)
	}
	p.prose = strings.Join(prose, "\n")
	return p
}

// pages reads every page of the repository but test data, which are not read by people.
func pages(t *testing.T) (all []page) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains([]string{".git", "bin", "testdata", "bench-data", "demo-data"}, d.Name()) {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".md" {
			return nil
		}
		b, err := os.ReadFile(path)
		short, _ := filepath.Rel(root, path)
		all = append(all, parse(filepath.ToSlash(short), string(b)))
		return err
	})
	if err != nil || len(all) < 30 {
		t.Fatal(len(all), err)
	}
	return all
}

// lineOf is the line, from 1, of a place in a text.
func lineOf(text string, at int) int { return 1 + strings.Count(text[:at], "\n") }

// span is code within a sentence; it may go on on the next line.
var span = regexp.MustCompile("`((?:[^`\n]|\n[^`\n])+)`")

// spans calls fn with everything that a page writes as code within its sentences.
func (p page) spans(fn func(line int, code string)) {
	for _, m := range span.FindAllStringSubmatchIndex(p.prose, -1) {
		fn(lineOf(p.prose, m[0]), strings.ReplaceAll(p.prose[m[2]:m[3]], "\n", " "))
	}
}

// one returns the page of a path.
func one(t *testing.T, path string) page {
	t.Helper()
	all := pages(t)
	i := slices.IndexFunc(all, func(p page) bool { return p.path == path })
	if i < 0 {
		t.Fatal("no page ", path)
	}
	return all[i]
}

func TestParse(t *testing.T) {
	p := parse("x.md", "a `b`\n\n```sh no-test: needs rain\nc\n```\n`d\ne` `f`\n")
	if len(p.blocks) != 1 || p.blocks[0] != (block{3, "sh", "no-test: needs rain", "c\n"}) {
		t.Errorf("%+v", p.blocks)
	}
	var got []string
	p.spans(func(line int, code string) { got = append(got, code+" "+string(rune('0'+line))) })
	if !slices.Equal(got, []string{"b 1", "d e 6", "f 7"}) {
		t.Error(got)
	}
}
