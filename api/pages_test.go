package api

import (
	"compress/gzip"
	"context"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"annuaire"
	"annuaire/api/web"
	"annuaire/internal/limits"
)

// pageServer serves the pages of d in training.
func pageServer(d *fakeDirectory) *Server {
	return New(Options{Directory: d, Runs: d, Pages: true, Training: true, Now: func() time.Time { return extractTime.Add(25 * time.Hour) }})
}

// dom is a page read by another's parser.
type dom struct {
	*testing.T
	root *html.Node
}

func parsed(t *testing.T, body string) dom {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return dom{t, root}
}

// all returns the elements of a name.
func (d dom) all(name string) (out []*html.Node) {
	for n := range d.root.Descendants() {
		if n.Type == html.ElementNode && n.Data == name {
			out = append(out, n)
		}
	}
	return out
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// inert checks that nothing in a page runs or loads but our two scripts and our style sheet, and that nothing leads to a script.
func (d dom) inert() {
	d.Helper()
	for _, s := range d.all("script") {
		if !strings.HasPrefix(attr(s, "src"), "/assets/") || textOf(s) != "" {
			d.Errorf("a script that is not ours: %v %q", s.Attr, textOf(s))
		}
	}
	if n := len(d.all("script")); n != 2 {
		d.Errorf("%d scripts", n)
	}
	for n := range d.root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "style", "img", "iframe", "object", "embed", "base", "video", "audio":
			d.Errorf("<%s>: %v", n.Data, n.Attr)
		}
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc", a.Key == "formaction":
				d.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			case a.Key == "href" && !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "#") && !strings.HasPrefix(a.Val, "tel:") && !strings.HasPrefix(a.Val, "https://www.etalab.gouv.fr/"),
				(a.Key == "action" || a.Key == "src" || a.Key == "data-to") && !strings.HasPrefix(a.Val, "/"), strings.HasPrefix(a.Val, "//") && a.Key != "value" && a.Key != "data-copy":
				d.Errorf("<%s %s=%q> leads elsewhere", n.Data, a.Key, a.Val)
			}
		}
	}
}

// theURL is an address of each page, of records that the fake has.
func theURL(p web.Page) string {
	id := "899012345679"
	if strings.Contains(p.Path, web.PathStructures) {
		id = "F990000001"
	}
	u := strings.Replace(p.Path, ":id", id, 1)
	if strings.HasSuffix(p.Path, web.PathSuggest) {
		u += "?q=ex"
	}
	return u
}

func TestEveryPage(t *testing.T) {
	t.Parallel()
	d := newFake()
	d.runs = someRuns
	s := pageServer(d)
	titles := map[string]string{}
	for _, p := range web.Pages {
		t.Run("is whole and safe: "+p.Path, func(t *testing.T) {
			w := do(t, s, "GET", theURL(p))
			if w.Code != 200 {
				t.Fatalf("%d: %s", w.Code, w.Body)
			}
			if w.Header().Get("Set-Cookie") != "" || w.Header().Get("Content-Security-Policy") != web.Policy || w.Header().Get("Referrer-Policy") != "no-referrer" || w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("headers %v", w.Header())
			}
			if strings.Contains(p.Path, ".vcf") || strings.HasSuffix(p.Path, web.PathSuggest) {
				return
			}
			page := parsed(t, w.Body.String())
			page.inert()
			lang := "fr"
			if web.IsEnglish(p.Path) {
				lang = "en"
			}
			title := textOf(page.all("title")[0])
			if other, twice := titles[title]; twice && lang == "fr" {
				t.Errorf("%s is the title of %s too", title, other)
			}
			titles[title] = p.Path
			if got := attr(page.all("html")[0], "lang"); got != lang || w.Header().Get("Content-Language") != lang || len(page.all("h1")) != 1 || len(page.all("main")) != 1 {
				t.Errorf("lang %s, %d h1, %d main", got, len(page.all("h1")), len(page.all("main")))
			}
			said := textOf(page.root)
			for _, want := range []string{"FORMATION", "15", "112", "Agence du Numérique en Santé"} {
				if !strings.Contains(said, want) {
					t.Errorf("does not say %s", want)
				}
			}
			for _, n := range page.all("nav") {
				if attr(n, "aria-label") == "" {
					t.Errorf("a nav without a name: %s", textOf(n))
				}
			}
		})
	}
}

func TestPagesAreLight(t *testing.T) {
	t.Parallel()
	d := newFake()
	for range 20 { // a full page
		d.people = append(d.people, d.people[0])
	}
	s := pageServer(d)
	get := func(u string) int {
		w := do(t, s, "GET", u, "Accept-Encoding", "gzip")
		if w.Code != 200 || w.Header().Get("Content-Encoding") != "gzip" {
			t.Errorf("%s: %d, %s", u, w.Code, w.Header().Get("Content-Encoding"))
		}
		return w.Body.Len()
	}
	assets := 0
	page := parsed(t, do(t, s, "GET", "/").Body.String())
	for _, name := range []string{"link", "script"} {
		for _, n := range page.all(name) {
			u := attr(n, "src") + attr(n, "href")
			if strings.HasPrefix(u, "/assets/") && !strings.HasSuffix(u, ".svg") {
				assets += get(u)
			}
		}
	}
	if assets == 0 {
		t.Fatal("no assets")
	}
	for _, u := range []string{"/", "/professionnels?q=exemple", "/professionnels/899012345679", "/structures/F990000001", "/etat"} {
		if n := get(u) + assets; n > 60_000 {
			t.Errorf("%s and all it loads: %d bytes compressed", u, n)
		} else {
			t.Logf("%s: %d bytes with all it loads", u, n)
		}
	}
}

func TestAssets(t *testing.T) {
	t.Parallel()
	s := pageServer(newFake())
	css := ""
	for _, n := range parsed(t, do(t, s, "GET", "/").Body.String()).all("link") {
		if strings.HasSuffix(attr(n, "href"), ".css") {
			css = attr(n, "href")
		}
	}
	w := do(t, s, "GET", css)
	if w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("%s: %d %v", css, w.Code, w.Header())
	}
	for _, u := range []string{"/assets/000000000000/site.css", "/assets/x/y", strings.Replace(css, "site.css", "htmx.LICENSE", 1), strings.Replace(css, "site.css", "..%2fsite.go", 1), "/assets/"} {
		if w := do(t, s, "GET", u); w.Code != 404 {
			t.Errorf("%s: %d", u, w.Code)
		}
	}
}

func TestErrorsArePages(t *testing.T) {
	t.Parallel()
	browser := []string{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}
	for _, tt := range []struct {
		rule, method, url string
		headers           []string
		err               error
		status            int
		says              string
	}{
		{"an unknown address, to a browser", "GET", "/nowhere", browser, nil, 404, "Page introuvable"},
		{"an unknown English address", "GET", "/en/nowhere", browser, nil, 404, "Page not found"},
		{"somebody unknown", "GET", "/professionnels/899099999999", nil, nil, 404, "Inconnu de l'annuaire."},
		{"no identifier at all", "GET", "/professionnels/abc", nil, nil, 400, "identifiant national"},
		{"a question that cannot be read", "GET", "/professionnels?q=%zz", nil, nil, 400, "mal encodée"},
		{"an error of ours says nothing and gives the number to quote", "GET", "/structures/F990000001", []string{"X-Request-Id", "abc-123"}, annuaire.Errorf(annuaire.CodeInternal, "", "secret", "secret", nil), 500, "abc-123"},
		{"a directory without data", "GET", "/professionnels?q=x", nil, annuaire.Errorf(annuaire.CodeUnavailable, "", "Chargement en cours.", "Loading.", nil), 503, "Chargement"},
		{"a wrong method", "POST", "/professionnels", nil, nil, 405, "Méthode non permise"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			d := newFake()
			if tt.err != nil {
				d.fail = func(context.Context, string) error { return tt.err }
			}
			w := do(t, pageServer(d), tt.method, tt.url, tt.headers...)
			body := html.UnescapeString(w.Body.String())
			if w.Code != tt.status || !strings.Contains(body, tt.says) || strings.Contains(body, "secret") || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
				t.Errorf("%d %s: %s", w.Code, w.Header().Get("Content-Type"), body)
			}
			parsed(t, w.Body.String()).inert()
		})
	}
	t.Run("a program that asks for an unknown address gets a problem", func(t *testing.T) {
		for _, headers := range [][]string{nil, {"Accept", "application/json"}} {
			problemIn(t, do(t, pageServer(newFake()), "GET", "/nowhere", headers...))
		}
		problemIn(t, do(t, pageServer(newFake()), "GET", "/v1/nowhere", browser...))
	})
	t.Run("whoever asks too much is told how long to wait", func(t *testing.T) {
		s := New(Options{Directory: newFake(), Pages: true, Limits: Limits{Anonymous: limits.Class{RPS: 0.1, Burst: 1}}, Now: func() time.Time { return extractTime }})
		do(t, s, "GET", "/")
		w := do(t, s, "GET", "/en/professionnels?q=x")
		if w.Code != 429 || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), w.Header().Get("Retry-After")+"\u00a0second") {
			t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
		}
	})
	t.Run("a page of nothing repeats no address", func(t *testing.T) {
		if body := do(t, pageServer(newFake()), "GET", "/en//evil.example", browser...).Body.String(); strings.Contains(body, "evil") {
			t.Error(body)
		}
	})
}

func TestPagesCanBeOff(t *testing.T) {
	t.Parallel()
	s := newServer(newFake())
	for _, u := range []string{"/", "/professionnels?q=x", "/etat", "/robots.txt"} {
		if w := do(t, s, "GET", u, "Accept", "text/html"); w.Code != 404 || w.Header().Get("Content-Type") != mimeProblem {
			t.Errorf("%s: %d %s", u, w.Code, w.Header().Get("Content-Type"))
		}
	}
}

func TestCompressedPagesAreWhole(t *testing.T) {
	t.Parallel()
	s := pageServer(newFake())
	w := do(t, s, "GET", "/professionnels/899012345679", "Accept-Encoding", "gzip")
	r, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(r); err != nil || string(b) != do(t, s, "GET", "/professionnels/899012345679").Body.String() {
		t.Error(err, len(b))
	}
}

// hostile is what a stranger may put anywhere.
var hostile = []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onfocus='alert(1)`, "javascript:alert(1)", "\u202eevil\u202c", `{{.Of}}`, "</title><svg onload=alert(1)>", "//evil.example", "`${alert(1)}`", "a\r\nSet-Cookie: x=1"}

func TestWhatIsAskedIsInert(t *testing.T) {
	t.Parallel()
	s := pageServer(newFake())
	names := []string{"unknown"}
	for _, p := range params {
		if p.on&onSearches != 0 {
			names = append(names, p.name)
		}
	}
	try := func(path, name, x string) {
		u := path + "?" + name + "=" + url.QueryEscape(x)
		w := do(t, s, "GET", u)
		if w.Code >= 500 || w.Header().Get("Set-Cookie") != "" {
			t.Fatalf("%s: %d %v", u, w.Code, w.Header())
		}
		parsed(t, w.Body.String()).inert()
	}
	for _, name := range names {
		for _, x := range hostile {
			try("/professionnels", name, x)
		}
		for _, path := range []string{"/en/professionnels", "/structures", "/recherche"} {
			try(path, name, strings.Join(hostile, " "))
		}
	}
	for _, x := range hostile {
		for _, path := range []string{"/professionnels/", "/structures/", "/en/structures/", "/nowhere/"} {
			parsed(t, do(t, s, "GET", path+url.PathEscape(x), "Accept", "text/html").Body.String()).inert()
		}
		u := "/professionnels?" + url.QueryEscape(x) + "=1"
		parsed(t, do(t, s, "GET", u).Body.String()).inert()
	}
}

func TestWhatTheDirectoryHoldsIsInert(t *testing.T) {
	t.Parallel()
	for _, x := range hostile {
		d := newFake()
		c := annuaire.Coded{Code: x, Label: x}
		ref := &annuaire.StructureRef{ID: "F990000001", Name: x, TradeName: x}
		addr := &annuaire.Address{Lines: []string{x}, PostalCode: x, City: x, Country: c}
		d.people = []annuaire.Item[annuaire.Professional]{{Value: annuaire.Professional{ID: "899012345679", Title: x, Family: x, Given: x,
			Practices:  []annuaire.Practice{{Profession: c, Category: c, Specialties: []annuaire.Specialty{{Coded: c}}, Diplomas: []annuaire.Diploma{{Coded: c}}, Authorisations: []annuaire.Authorisation{{Type: c, Discipline: c}}}},
			Activities: []annuaire.Activity{{Profession: x, Category: x, Mode: c, Sector: c, Section: c, Role: c, Authority: x, Structure: ref, Address: addr, Phones: []string{x}}}},
			Mailboxes: []annuaire.Mailbox{{Address: x, Kind: annuaire.KindPER, Description: x, Attachments: []annuaire.Attachment{{Name: x, Service: x}}}}}}
		d.structures = []annuaire.Item[annuaire.Structure]{{Value: annuaire.Structure{ID: "F990000001", Name: x, TradeName: x, FINESS: x, SIRET: x, Sector: c, Address: addr, Phones: []string{x}, Fax: x, Emails: []string{x}}}}
		d.facets = map[annuaire.Field][]annuaire.FacetCount{"profession": {{Coded: c, Count: 1}, {Coded: c, Count: 2}}, "region": {{Coded: c, Count: 1}}, "department": {{Coded: c, Count: 1}}}
		s := pageServer(d)
		for _, u := range []string{"/professionnels?q=x", "/en/professionnels/899012345679", "/professionnels/899012345679", "/structures/F990000001", "/structures", "/etat", "/recherche"} {
			w := do(t, s, "GET", u)
			if w.Code != 200 {
				t.Fatalf("%s: %d %s", u, w.Code, w.Body)
			}
			for _, n := range parsed(t, w.Body.String()).all("a") {
				if strings.HasPrefix(attr(n, "href"), "tel:") {
					t.Errorf("%s: what is no number is a link: %s", u, attr(n, "href"))
				}
			}
			parsed(t, w.Body.String()).inert()
		}
	}
}
