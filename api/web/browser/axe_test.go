package browser

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"

	"annuaire/api/web"
)

// axe is axe-core (testdata/README.md).
func axe(t *testing.T) string {
	t.Helper()
	f, err := os.Open("testdata/axe.min.js.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// violation is a rule of axe that a page breaks, and where.
type violation struct {
	ID, Help string
	Nodes    []struct{ HTML, FailureSummary string }
}

// accessible checks the page that a tab shows against WCAG 2.1, levels A and AA, and the good practices that axe knows.
func (x *tab) accessible(script string) {
	x.Helper()
	eval[bool](x, script+"; true")
	found := eval[[]violation](x, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"], resultTypes: ["violations"]}).then((r) => r.violations.map((v) => ({ID: v.id, Help: v.help, Nodes: v.nodes.map((n) => ({HTML: n.html, FailureSummary: n.failureSummary}))})))`)
	for _, v := range found {
		for _, n := range v.Nodes[:min(3, len(v.Nodes))] {
			x.Errorf("%s: %s: %s\n  %s\n  %s", x.at(), v.ID, v.Help, n.HTML, strings.ReplaceAll(n.FailureSummary, "\n", " "))
		}
	}
}

// examples are addresses of every page of the list, and of what pages show when something is not as wished.
func (x *tab) examples() (out []string) {
	x.Helper()
	x.visit("/professionnels?has_mailbox=true")
	person := eval[string](x, `document.querySelector(".card h2 a").getAttribute("href").split("/").at(-1)`)
	structure := eval[string](x, `document.querySelector(".card a.at").getAttribute("href").split("/").at(-1)`)
	for _, p := range web.Pages {
		id := person
		if strings.Contains(p.Path, web.PathStructures) {
			id = structure
		}
		switch {
		case strings.HasSuffix(p.Path, ".vcf"), strings.HasSuffix(p.Path, web.PathSuggest): // not pages
		case strings.HasSuffix(p.Path, web.PathPeople):
			out = append(out, p.Path+"?q=infirmier&has_mailbox=true", p.Path+"?q=zzyzzx+lyon&department=69", p.Path+"?id=12&q=kin%C3%A9+du+sport")
		default:
			out = append(out, strings.Replace(p.Path, ":id", id, 1))
		}
	}
	return append(out, "/nowhere", "/professionnels?has_mailbox=false&q=infirmier", "/structures?finess=1")
}

func TestAccessible(t *testing.T) {
	r := start(t)
	script := axe(t)
	for _, mode := range []string{"light", "dark"} {
		t.Run(mode, func(t *testing.T) {
			x := r.open(t, 1280, 900)
			x.colours(mode)
			for _, path := range x.examples() {
				if mode == "dark" && web.IsEnglish(path) { // the same colours as in French
					continue
				}
				x.visit(path)
				x.filtersCome()
				x.accessible(script)
			}
			x.visit("/")
			x.tabTo("#q")
			x.types(aName)
			x.accessible(script)
		})
	}
}

// filtersCome waits for the filters of a page that has some to come.
func (x *tab) filtersCome() {
	x.Helper()
	x.until(`!document.querySelector(".filters > a")`)
}

func (x *tab) colours(mode string) {
	x.Helper()
	call(x, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: mode}}})
}

func TestTelephone(t *testing.T) {
	x := start(t).open(t, 320, 640)
	for _, path := range x.examples() {
		x.visit(path)
		x.filtersCome()
		if wide := eval[int](x, "document.documentElement.scrollWidth"); wide > 320 {
			t.Errorf("%s is %d pixels wide: %s", path, wide, eval[string](x, `[...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > 320 && !e.closest(".scroll, .unseen, .skip")).slice(0, 3).map((e) => e.outerHTML.slice(0, 120)).join(" | ")`))
		}
	}
	t.Run("filters are folded, and open on demand", func(t *testing.T) {
		x := x.as(t)
		x.visit("/professionnels?q=infirmier")
		x.filtersCome()
		if eval[bool](x, `document.querySelector(".filters > details").open`) {
			t.Error("open at once")
		}
	})
	t.Run("what is touched is large enough (WCAG 2.5.8)", func(t *testing.T) {
		x := x.as(t)
		small := eval[string](x, `[...document.querySelectorAll("button, input, summary, .filters a, .chip, nav a")].filter((e) => e.offsetParent && Math.min(e.getBoundingClientRect().height, e.getBoundingClientRect().width) < 23.5).map((e) => e.outerHTML.slice(0, 100)).join("\n")`)
		if small != "" {
			t.Error(small)
		}
	})
}

func TestDark(t *testing.T) {
	x := start(t).open(t, 1280, 900)
	light := map[string]string{}
	for _, mode := range []string{"light", "dark"} {
		x.colours(mode)
		x.visit("/")
		for _, what := range []string{"body", "footer", "#q"} {
			got := eval[string](x, fmt.Sprintf("getComputedStyle(document.querySelector(%q)).backgroundColor", what))
			if mode == "light" {
				light[what] = got
			} else if light[what] == got {
				t.Errorf("%s is %s in both", what, got)
			}
		}
	}
}
