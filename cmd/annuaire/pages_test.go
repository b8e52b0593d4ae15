package main

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// htmlPage gets a page as a browser does.
func htmlPage(t *testing.T, u string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, u, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/html")
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, html.UnescapeString(string(b))
}

var (
	filterLink = regexp.MustCompile(`<li><a href="(/professionnels\?[^"]+)"><span class="l">([^<]*)</span> <span class="n">([^<]+)</span>`)
	totalShown = regexp.MustCompile(`<strong>(\d[\d\x{202f}]*)\x{a0}(?:professionnels?|structures?)</strong>`)
)

// number reads a number as pages write them.
func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(strings.ReplaceAll(s, "\u202f", ""))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func totalOf(t *testing.T, body string) int {
	t.Helper()
	m := totalShown.FindStringSubmatch(body)
	if m == nil {
		t.Fatal("no total in ", body)
	}
	return number(t, m[1])
}

// The pages over real indexes: what a filter promises is what it leads to, and nobody is left without a way on.
func TestPages(t *testing.T) {
	data := loaded(t, extracts(t, set{7000, 1, 0}))
	p := start(t, "data of", []string{"ANNUAIRE_LIMITS_ANONYMOUS_RPS=0"}, "serve", "--data", data, "--http", "127.0.0.1:0")
	get := func(t *testing.T, path string) string {
		t.Helper()
		status, body := htmlPage(t, p.url+path)
		if status != 200 {
			t.Fatalf("%s: %d %s", path, status, body)
		}
		return body
	}
	t.Run("every filter leads to as many as it says, and the same as REST", func(t *testing.T) {
		tried := 0
		for _, q := range []string{"", "?q=infirmier", "?q=m%C3%A9decin+paris", "?department=69", "?profession=10&profession=60", "?q=m%C3%A9decin&has_mailbox=true", "?city=lyon&mode=L"} {
			body := get(t, "/filtres"+q)
			if total := p.wants(t, 200, "/v1/professionals"+q).Total; total != totalOf(t, body) {
				t.Errorf("%s: %d, over REST %d", q, totalOf(t, body), total)
			}
			links := filterLink.FindAllStringSubmatch(body, -1)
			for i := 0; i < len(links); i += 1 + len(links)/8 { // some of each
				tried++
				if got, want := totalOf(t, get(t, links[i][1])), number(t, links[i][3]); got != want {
					t.Errorf("%s: %s says %d, leads to %d", q, links[i][1], want, got)
				}
			}
		}
		if tried < 30 {
			t.Errorf("%d filters tried", tried)
		}
	})
	t.Run("from somebody to where they practise, and back to them", func(t *testing.T) {
		body := get(t, "/professionnels?q=m%C3%A9decin&has_mailbox=true")
		person := regexp.MustCompile(`<h2><a href="(/professionnels/[^"]+)"`).FindStringSubmatch(body)[1]
		structure := regexp.MustCompile(`<a class="at" href="(/structures/[^"]+)"`).FindStringSubmatch(body)[1]
		if !strings.Contains(get(t, person), structure) || !strings.Contains(get(t, structure), person) {
			t.Error(person, structure)
		}
		all := regexp.MustCompile(`href="(/professionnels\?structure_id=[^"&]+)"`).FindStringSubmatch(get(t, structure))
		if all == nil || totalOf(t, get(t, all[1])) == 0 {
			t.Error("nobody there:", all)
		}
	})
	t.Run("what was mistyped is put right, with how many there are", func(t *testing.T) {
		body := get(t, "/professionnels?q="+url.QueryEscape("martn infirmer"))
		proposed := regexp.MustCompile(`<li><a href="(/professionnels\?q=[^"]+)">([^<]+)</a> <span class="n">(\d+)</span>`).FindAllStringSubmatch(body, -1)
		texts := ""
		for _, m := range proposed {
			texts += m[2] + "; "
			if got := totalOf(t, get(t, m[1])); got != number(t, m[3]) {
				t.Errorf("%s leads to %d, said %s", m[1], got, m[3])
			}
		}
		if !strings.Contains(texts, "martin infirmier") {
			t.Errorf("proposed: %s", texts)
		}
	})
	t.Run("where nothing is found it is said which criterion is at fault", func(t *testing.T) {
		body := get(t, "/professionnels?q=infirmier&city=zzyzzx")
		m := regexp.MustCompile(`<a href="(/professionnels\?q=infirmier)">Commune : zzyzzx</a> <span class="n">([^<]+)</span>`).FindStringSubmatch(body)
		if m == nil || totalOf(t, get(t, m[1])) != number(t, m[2]) {
			t.Error(m, body)
		}
	})
	t.Run("every département is on the map", func(t *testing.T) {
		sum := 0
		for _, m := range regexp.MustCompile(`\((\w+)\) : (\d[\d\x{202f}]*)</title>`).FindAllStringSubmatch(get(t, "/etat"), -1) {
			sum += number(t, m[2])
		}
		if total := p.wants(t, 200, "/v1/professionals").Total; sum < total/2 {
			t.Errorf("%d on the map, %d in all", sum, total)
		}
	})
	t.Run("nothing that was asked is in its log", func(t *testing.T) {
		if strings.Contains(p.text(), "zzyzzx") || strings.Contains(p.text(), "martn") {
			t.Error(p.text())
		}
	})
}

func TestPagesOff(t *testing.T) {
	data := loaded(t, extracts(t, set{300, 1, 0}))
	p := start(t, "data of", []string{"ANNUAIRE_HTTP_PAGES=false"}, "serve", "--data", data, "--http", "127.0.0.1:0")
	if status, _ := htmlPage(t, p.url+"/"); status != 404 || strings.Contains(p.text(), "page ") {
		t.Error(status, p.text())
	}
	p.wants(t, 200, "/v1/professionals")
}
