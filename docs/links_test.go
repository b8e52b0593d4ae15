package docs

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#{1,6} +(.+)$`)
)

// anchor is what GitHub makes of a heading.
func anchor(title string) string {
	title = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`).ReplaceAllString(title, "$1")
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return unicode.ToLower(r)
		case r == ' ':
			return '-'
		}
		return -1
	}, strings.TrimSpace(title))
}

// anchors are the places of a page that a link may name.
func (p page) anchors() map[string]bool {
	out := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(p.prose, -1) {
		name := anchor(m[1])
		for n := 1; out[name]; n++ {
			name = fmt.Sprintf("%s-%d", anchor(m[1]), n)
		}
		out[name] = true
	}
	return out
}

// target is where a link of a page leads: a path from the root, and a place in it. ok is false for what is not in the repository.
func target(from, to string) (file, place string, ok bool) {
	if strings.Contains(to, "://") || strings.HasPrefix(to, "mailto:") {
		return "", "", false
	}
	file, place, _ = strings.Cut(to, "#")
	if file == "" {
		return from, place, true
	}
	return path.Join(path.Dir(from), file), place, true
}

func (p page) links(fn func(line int, file, place string)) {
	text := span.ReplaceAllStringFunc(p.prose, func(s string) string { return strings.Repeat("\n", strings.Count(s, "\n")) }) // code links nowhere
	for _, m := range link.FindAllStringSubmatchIndex(text, -1) {
		if file, place, ok := target(p.path, text[m[2]:m[3]]); ok {
			fn(lineOf(text, m[0]), file, place)
		}
	}
}

func TestEveryLinkLeadsSomewhere(t *testing.T) {
	all := map[string]page{}
	for _, p := range pages(t) {
		all[p.path] = p
	}
	n := 0
	for _, p := range all {
		p.links(func(line int, file, place string) {
			n++
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(file))); err != nil {
				t.Errorf("%s:%d: there is no %s", p.path, line, file)
			} else if place != "" && !all[file].anchors()[place] {
				t.Errorf("%s:%d: %s has no heading #%s", p.path, line, file, place)
			}
		})
	}
	if n < 100 {
		t.Error("links seen: ", n)
	}
}

func TestEveryPageOfDocsIsReachedFromItsTable(t *testing.T) {
	all, seen := map[string]page{}, map[string]bool{}
	for _, p := range pages(t) {
		all[p.path] = p
	}
	var walk func(path string)
	walk = func(path string) {
		p, there := all[path]
		if !there || seen[path] {
			return
		}
		seen[path] = true
		if path == "docs/README.md" || path == "docs/adr/README.md" || path == "docs/clients/README.md" { // tables of contents: other pages are not
			p.links(func(_ int, file, _ string) { walk(file) })
		}
	}
	walk("docs/README.md")
	for path := range all {
		if strings.HasPrefix(path, "docs/") && !seen[path] {
			t.Errorf("%s stands in no table of contents", path)
		}
	}
}

func TestAnchors(t *testing.T) {
	for title, want := range map[string]string{"How they are sent": "how-they-are-sent", "A `code`, a [link](x.md)": "a-code-a-link", "À l'heure — 3 a.m.": "à-lheure--3-am"} {
		if got := anchor(title); got != want {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
}
