package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestSearch(t *testing.T) {
	x := start(t).open(t, 1280, 900)
	x.visit("/")
	x.do(chromedp.SendKeys(chromedp.CSS("#q"), "médecin"), chromedp.Submit(chromedp.CSS("#q")))
	x.leaves("/")
	if at := x.at(); at != "/professionnels?q=m%C3%A9decin" {
		t.Fatal(at)
	}
	if n := eval[int](x, `document.querySelectorAll(".card").length`); n != 20 {
		t.Errorf("%d cards", n)
	}
	total := eval[string](x, `document.querySelector(".total").innerText`)
	t.Run("a filter leaves as many as it says", func(t *testing.T) {
		x := x.as(t)
		before := x.at()
		x.until(`document.querySelector(".filters a .n")`)
		want := eval[string](x, `document.querySelector(".filters a .n").innerText`)
		x.do(chromedp.Click(chromedp.CSS(".filters a")))
		x.leaves(before)
		if got := eval[string](x, `document.querySelector(".total").innerText`); !strings.HasPrefix(got, want) {
			t.Errorf("%s, said %s", got, want)
		}
	})
	t.Run("a second one is combined with it, and both can be removed", func(t *testing.T) {
		x := x.as(t)
		before := x.at()
		x.until(`document.querySelector('.filters section[aria-label="Département"] a')`)
		x.do(chromedp.Click(chromedp.CSS(`.filters section[aria-label="Département"] a`)))
		x.leaves(before)
		if n := eval[int](x, `document.querySelectorAll(".chip").length`); n != 2 {
			t.Fatalf("%d chips at %s", n, x.at())
		}
		for range 2 {
			before := x.at()
			x.do(chromedp.Click(chromedp.CSS(".chip")))
			x.leaves(before)
		}
		if got := eval[string](x, `document.querySelector(".total").innerText`); got != total {
			t.Errorf("%s, before %s", got, total)
		}
	})
	t.Run("the next page and back", func(t *testing.T) {
		x := x.as(t)
		first := eval[string](x, `document.querySelector(".card h2").innerText`)
		before := x.at()
		x.do(chromedp.Click(chromedp.CSS(".pages .next")))
		x.leaves(before)
		if eval[string](x, `document.querySelector(".card h2").innerText`) == first {
			t.Error("the same page")
		}
		x.back()
		if got := eval[string](x, `document.querySelector(".card h2").innerText`); got != first || x.at() != before {
			t.Errorf("back at %s: %s", x.at(), got)
		}
	})
	t.Run("from a person back to where they were found", func(t *testing.T) {
		x := x.as(t)
		before := x.at()
		x.do(chromedp.Click(chromedp.CSS(".card h2 a")))
		x.leaves(before)
		x.back()
		if x.at() != before || eval[string](x, `document.getElementById("q").value`) != "médecin" {
			t.Error(x.at())
		}
	})
}

// as is the same tab in a part of a test.
func (x *tab) as(t *testing.T) *tab { return &tab{t, x.rig, x.ctx} }

// aName is a family name that many have here.
const aName = "mart"

func TestKeyboardAlone(t *testing.T) {
	x := start(t).open(t, 1280, 900)
	x.visit("/")
	x.press("\t")
	if got := eval[string](x, "document.activeElement.className"); got != "skip" {
		t.Errorf("the first stop is %q, not the link to the content", got)
	}
	x.tabTo("#q")
	x.types(aName)
	t.Run("what a screen reader is told", func(t *testing.T) {
		x := x.as(t)
		x.until(`/suggestion/.test(document.getElementById("said").textContent)`)
		if eval[string](x, `document.getElementById("q").getAttribute("aria-expanded")`) != "true" {
			t.Error("not said to be open")
		}
		x.press(kb.ArrowDown)
		chosen := eval[string](x, `(document.getElementById(document.getElementById("q").getAttribute("aria-activedescendant")) || {}).getAttribute("aria-selected")`)
		if chosen != "true" {
			t.Errorf("the option that the arrow is on is said to be selected: %q", chosen)
		}
	})
	t.Run("arrows go round, by way of the text", func(t *testing.T) {
		x := x.as(t)
		x.press(kb.ArrowUp)
		if eval[bool](x, `document.getElementById("q").hasAttribute("aria-activedescendant")`) {
			t.Error("above the first is the text")
		}
		x.press(kb.ArrowUp)
		if !eval[bool](x, `[...document.querySelectorAll("#suggestions [role=option]")].at(-1).getAttribute("aria-selected") === "true"`) {
			t.Error("above the text is the last")
		}
		x.press(kb.ArrowDown)
	})
	t.Run("Escape closes, an arrow opens again, and the text stays", func(t *testing.T) {
		x := x.as(t)
		x.press(kb.Escape)
		if !eval[bool](x, `document.getElementById("suggestions").hidden`) || eval[string](x, `document.getElementById("q").value`) != aName {
			t.Error("not closed, or the text is gone")
		}
		x.press(kb.ArrowDown)
		if eval[bool](x, `document.getElementById("suggestions").hidden`) {
			t.Error("not open again")
		}
	})
	t.Run("Enter opens the one chosen", func(t *testing.T) {
		x := x.as(t)
		x.press(kb.ArrowDown)
		to := eval[string](x, `document.querySelector("#suggestions [aria-selected=true]").dataset.to`)
		x.press(kb.Enter)
		x.leaves("/")
		if x.at() != to || !strings.HasPrefix(to, "/professionnels/") {
			t.Errorf("at %s, chosen %s", x.at(), to)
		}
	})
	t.Run("and the address can be copied", func(t *testing.T) {
		x := x.as(t)
		x.visit("/professionnels?has_mailbox=true")
		x.grantClipboard()
		x.tabTo("button.copy")
		want := eval[string](x, "document.activeElement.dataset.copy")
		x.press(kb.Enter)
		x.until(`document.getElementById("said").textContent === "Adresse copiée"`)
		if got := eval[string](x, "navigator.clipboard.readText()"); got != want || !strings.Contains(got, "@") {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

func (x *tab) grantClipboard() {
	x.Helper()
	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		_, err := chromedp.CallBrowser(x.ctx, browser.SetPermission, browser.SetPermissionParams{Permission: &browser.PermissionDescriptor{Name: name}, Setting: browser.PermissionSettingGranted,
			Origin: x.rig.url, BrowserContextID: chromedp.FromContext(x.ctx).BrowserContextID})
		if err != nil {
			x.Fatal(err)
		}
	}
}

func TestNothingMovesWhileTyping(t *testing.T) {
	x := start(t).open(t, 1280, 900)
	x.visit("/professionnels?q=infirmier")
	x.until(`document.querySelector(".filters a .n")`)
	eval[bool](x, `window.moved = 0; new PerformanceObserver((l) => { for (const e of l.getEntries()) window.moved += e.value; }).observe({type: "layout-shift", buffered: false}); true`)
	eval[chromedp.Void](x, `void document.getElementById("q").select()`)
	x.types(aName)
	x.press(kb.Escape)
	// Two frames later whatever moved has been seen.
	if moved := eval[float64](x, `new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(() => r(window.moved))))`); moved != 0 {
		t.Errorf("layout shift %v", moved)
	}
}

func TestCardIsDownloaded(t *testing.T) {
	r := start(t)
	x := r.open(t, 1280, 900)
	x.visit("/professionnels?has_mailbox=true")
	x.do(chromedp.Click(chromedp.CSS(".card h2 a")))
	x.leaves("/professionnels?has_mailbox=true")
	address := eval[string](x, `document.querySelector(".addr").innerText`)
	x.do(chromedp.Click(chromedp.CSS("a.button")))
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		files, _ := filepath.Glob(filepath.Join(r.downloads, "*.vcf"))
		if len(files) == 1 {
			if b, err := os.ReadFile(files[0]); err == nil && strings.HasSuffix(string(b), "END:VCARD\r\n") {
				if !strings.Contains(strings.ReplaceAll(string(b), "\r\n ", ""), address) {
					t.Errorf("%s is not in\n%s", address, b)
				}
				return
			}
		}
		if time.Now().After(end) {
			t.Fatal("no file", files)
		}
	}
}

func TestWithoutJavaScript(t *testing.T) {
	x := start(t).open(t, 1280, 900)
	call(x, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	x.visit("/")
	x.do(chromedp.Focus(chromedp.CSS("#q")), chromedp.KeyEvent("infirmier"), chromedp.KeyEvent(kb.Enter))
	x.leaves("/")
	if x.at() != "/professionnels?q=infirmier" {
		t.Fatal(x.at())
	}
	for selector, want := range map[string]int{".card": 20, "button.copy:not([hidden])": 0} {
		found, err := chromedp.Run(x.ctx, chromedp.Nodes(chromedp.CSSAll(selector), chromedp.AtLeast(0)))
		if err != nil || len(found) != want {
			t.Errorf("%d of %s, want %d: %v", len(found), selector, want, err)
		}
	}
	for _, link := range []string{".filters a", ".filters section a"} { // the filters, then the first of them
		before := x.at()
		x.do(chromedp.Click(chromedp.CSS(link)))
		x.leaves(before)
	}
	before := x.at()
	x.do(chromedp.Click(chromedp.CSS(".ask details summary")), chromedp.WaitVisible(chromedp.CSS("#f-family")),
		chromedp.SendKeys(chromedp.CSS("#f-family"), "a"), chromedp.KeyEvent(kb.Enter))
	x.leaves(before)
	if !strings.Contains(x.at(), "family=a") || !strings.Contains(x.at(), "q=infirmier") || strings.Contains(x.at(), "given=") {
		t.Error(x.at())
	}
}
