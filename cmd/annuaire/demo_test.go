package main

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
)

// Whatever demo prints to be tried has an answer, also with few people; and it leaves nothing behind.
func TestDemo(t *testing.T) {
	tmp := t.TempDir()
	p := start(t, "Ctrl-C", []string{"TMPDIR=" + tmp}, "demo", "--people", "2000", "--http", "127.0.0.1:0", "--ldap", "127.0.0.1:0", "--idp", "127.0.0.1:0")
	said := p.text()
	for _, part := range []string{"2000 people", "FORMATION", "REST", "LDAP", "old"} {
		if !strings.Contains(said, part) {
			t.Errorf("no %q in:\n%s", part, said)
		}
	}
	t.Run("its page is the first address it gives, and it is there", func(t *testing.T) {
		first := regexp.MustCompile(`http://\S+`).FindString(said)
		if first != p.url+"/" {
			t.Errorf("%s, want %s/", first, p.url)
		}
		if status, body := htmlPage(t, first); status != 200 || !strings.Contains(body, "FORMATION") || !strings.Contains(body, "<h1>") {
			t.Error(status, body)
		}
	})
	urls := regexp.MustCompile(`curl -s '(http[^']+)'`).FindAllStringSubmatch(said, -1)
	if len(urls) < 4 {
		t.Errorf("%d questions to try in:\n%s", len(urls), said)
	}
	for _, u := range urls {
		t.Run(strings.TrimPrefix(u[1], p.url), func(t *testing.T) {
			if status, body, err := get(u[1]); err != nil || status != 200 || body.Total == 0 {
				t.Error(status, body.Total, body.Detail, err)
			}
		})
	}
	t.Run("the command to try has an answer too", func(t *testing.T) {
		m := regexp.MustCompile(`(?m)^ +annuaire (search .+)$`).FindStringSubmatch(said)
		if m == nil {
			t.Fatal("no command in:\n", said)
		}
		if res := must(t, nil, strings.Fields(m[1])...); strings.Contains(res.out, `"total":0`) || !strings.Contains(res.out, `"items":[{`) {
			t.Error(res.out)
		}
	})
	t.Run("and so has the question over LDAP", func(t *testing.T) {
		m := regexp.MustCompile(`ldapsearch -x -H ldap://\S+ -b (\S+) '([^']+)'`).FindStringSubmatch(said)
		if m == nil {
			t.Fatal("none in:\n", said)
		}
		if got := find(t, p.dial(t, "ldap", nil), m[1], m[2]); len(got) == 0 {
			t.Error(m[0])
		}
	})
	t.Run("one signs in as a professional as it says, and is one", func(t *testing.T) {
		m := regexp.MustCompile(`-d (username=\d{12}) (http://\S+)`).FindStringSubmatch(said)
		if m == nil {
			t.Fatal("none in:\n", said)
		}
		res, err := http.Post(m[2], "application/x-www-form-urlencoded", strings.NewReader(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var tokens struct {
			Access    string `json:"access_token"`
			Formation string
		}
		if err := json.NewDecoder(res.Body).Decode(&tokens); err != nil || !strings.HasPrefix(tokens.Formation, "FORMATION") {
			t.Fatal(tokens, err)
		}
		if code, body := fetch(t, http.DefaultClient, p.url+"/v1/tokens", tokens.Access); code != 403 || !strings.Contains(body, "role_lacking") {
			t.Error(code, body)
		}
		for _, u := range regexp.MustCompile(`Bearer \$TOKEN" '(http[^']+)'`).FindAllStringSubmatch(said, -1) {
			if code, body := fetch(t, http.DefaultClient, u[1], tokens.Access); code != 200 {
				t.Error(u[1], code, body)
			}
		}
	})
	t.Run("its identity provider is on this machine alone", func(t *testing.T) {
		if res := typed(t, "demo", "--people", "10", "--http", "127.0.0.1:0", "--ldap", "127.0.0.1:0", "--idp", "0.0.0.0:0"); res.code != 2 {
			t.Error(res)
		}
	})
	t.Run("everything says that it is for training", func(t *testing.T) {
		if res := p.wants(t, 200, "/readyz"); res.Status != "ready" {
			t.Error(res)
		}
	})
	if code := p.stop(t); code != 0 {
		t.Errorf("exit code %d\n%s", code, p.text())
	}
	if names, err := os.ReadDir(tmp); err != nil || len(names) > 0 {
		t.Error("it leaves", names, err)
	}
}
