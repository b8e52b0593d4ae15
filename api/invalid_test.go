package api

import (
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"annuaire/internal/names"
)

// problemIn reads a problem and checks what all of them share.
func problemIn(t testing.TB, w *httptest.ResponseRecorder) Problem {
	t.Helper()
	var p Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("not a problem: %v: %s", err, w.Body)
	}
	if ct := w.Header().Get("Content-Type"); ct != "application/problem+json" {
		t.Errorf("content type %q", ct)
	}
	if p.Status != w.Code || p.RequestID == "" || p.RequestID != w.Header().Get("X-Request-Id") || p.Title == "" || p.Detail == "" {
		t.Errorf("status %d, problem %+v", w.Code, p)
	}
	return p
}

func numbered(name string, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(name + "=" + strconv.Itoa(i) + "&")
	}
	return b.String()
}

func TestBadParameters(t *testing.T) {
	t.Parallel()
	tests := []struct{ rule, url, param, nearest, says string }{
		{"an unknown parameter names the nearest", "/v1/professionals?famly=x", "famly", "family", "« famly »"},
		{"two letters swapped are near", "/v1/professionals?ctiy=x", "ctiy", "city", ""},
		{"a French word is near its parameter", "/v1/professionals?d%C3%A9partement=48", "département", "department", ""},
		{"case counts", "/v1/professionals?Family=x", "Family", "family", ""},
		{"a parameter of another route is unknown", "/v1/structures?familly=x", "familly", "", "inconnu"},
		{"facets are about professionals", "/v1/mailboxes?facets=city", "facets", "", "inconnu"},
		{"an empty name is unknown", "/v1/professionals?=x", "", "", "inconnu"},
		{"a record takes fields only", "/v1/professionals/899012345679?field=id", "field", "fields", ""},
		{"where there are no parameters, that is said", "/v1/professionals/899012345679/history?page=2", "page", "", "il n'y en a pas ici"},
		{"the first mistake is told", "/v1/professionals?limit=0&famly=x", "limit", "", ""},

		{"an empty value", "/v1/professionals?family=", "family", "", "vide"},
		{"a parameter without a value", "/v1/professionals?family", "family", "", "vide"},
		{"a value of spaces", "/v1/professionals?family=+%20", "family", "", "vide"},
		{"an empty value among codes", "/v1/professionals?profession=10,,21", "profession", "", "vide"},
		{"a comma at the end", "/v1/professionals?postal_code=48000,", "postal_code", "", "vide"},
		{"an empty value after a label", "/v1/professionals?profession=m%C3%A9decin,", "profession", "", "vide"},
		{"a value of signs", "/v1/professionals?family=--%27", "family", "", "ni lettre ni chiffre"},
		{"a value of 201 letters", "/v1/professionals?family=" + strings.Repeat("%C3%A9", 201), "family", "", "200"},
		{"101 values", "/v1/professionals?" + numbered("family", 101), "family", "", "100"},
		{"101 values in one", "/v1/professionals?profession=" + strings.Repeat("10,", 100) + "10", "profession", "", "100"},
		{"a query string of 10 kB", "/v1/professionals?city=x&family=" + strings.Repeat("x", 10_000), "family", "", "8192"},
		{"a query string of 20 kB", "/v1/professionals?city=x&family=" + strings.Repeat("x", 20_000), "family", "", "8192"},
		{"letters that take more than 8 KiB once encoded", "/v1/professionals?" + strings.Repeat("family="+strings.Repeat("é", 190)+"&", 9), "family", "", "8192"},
		{"invalid UTF-8", "/v1/professionals?family=%ff", "family", "", "UTF-8"},
		{"invalid UTF-8 in a name", "/v1/professionals?fam%ffily=x", "fam%ffily", "", "mal encodé"},
		{"NUL", "/v1/professionals?city=a%00b", "city", "", "nul"},
		{"a broken escape", "/v1/professionals?city=%zz", "city", "", "mal encodé"},

		{"limit 0", "/v1/professionals?limit=0", "limit", "", "de 1 à 200"},
		{"limit 201", "/v1/structures?limit=201", "limit", "", "de 1 à 200"},
		{"limit x", "/v1/mailboxes?limit=x", "limit", "", "de 1 à 200"},
		{"limit -1", "/v1/professionals?limit=-1", "limit", "", "de 1 à 200"},
		{"limit +5", "/v1/professionals?limit=%2B5", "limit", "", "de 1 à 200"},
		{"a limit beyond integers", "/v1/professionals?limit=99999999999999999999", "limit", "", "de 1 à 200"},
		{"more suggestions than there may be", "/v1/suggest?q=a&limit=21", "limit", "", "de 1 à 20 "},
		{"limit twice", "/v1/professionals?limit=5&limit=5", "limit", "", "plus d'une fois"},
		{"match misspelt", "/v1/professionals?match=exat", "match", "exact", "tolerant, prefix, exact"},
		{"sort misspelt", "/v1/professionals?sort=nom", "sort", "name", ""},
		{"q twice", "/v1/professionals?q=dupont&q=martin", "q", "", "plus d'une fois"},
		{"an empty q", "/v1/professionals?q=", "q", "", "vide"},
		{"a q of signs", "/v1/professionals?q=...", "q", "", "ni lettre ni chiffre"},
		{"10 kB of q", "/v1/professionals?q=" + strings.Repeat("x", 10_000), "q", "", "8192"},
		{"a q of 201 characters", "/v1/structures?q=" + strings.Repeat("é", 201), "q", "", "200 caractères"},
		{"a q with NUL", "/v1/professionals?q=a%00b", "q", "", "nul"},
		{"a q that is not UTF-8", "/v1/professionals?q=%ff", "q", "", "UTF-8"},
		{"an unknown facet", "/v1/professionals?facets=profession,citty", "facets", "city", ""},
		{"an unknown field", "/v1/professionals?fields=id,familly", "fields", "family", ""},
		{"a field of another route", "/v1/structures?fields=practices", "fields", "", ""},
		{"explain=maybe", "/v1/professionals?explain=maybe", "explain", "", "true, false"},

		{"has_mailbox=yes", "/v1/professionals?has_mailbox=yes", "has_mailbox", "", "true, false"},
		{"setting=campagne", "/v1/professionals?setting=campagne", "setting", "", "ville, hopital"},
		{"rpps of 10 digits", "/v1/professionals?rpps=9901234567", "rpps", "", "11 chiffres"},
		{"rpps with a letter", "/v1/professionals?rpps=9901234567a", "rpps", "", "11 chiffres"},
		{"id of a wrong length", "/v1/professionals?id=12", "id", "", "IdNatPP"},
		{"finess too short", "/v1/professionals?finess=1234", "finess", "", "FINESS"},
		{"siret of 13 digits", "/v1/professionals?siret=9900000030000", "siret", "", "14 chiffres"},
		{"siren with letters", "/v1/professionals?siren=abcdefghi", "siren", "", "9 chiffres"},
		{"insee of four", "/v1/professionals?insee=4809", "insee", "", "INSEE"},
		{"a postal code with a sign", "/v1/professionals?postal_code=48*", "postal_code", "", "code postal"},
		{"a mailbox without a domain", "/v1/professionals?mailbox=zelie", "mailbox", "", "adresse complète"},
		{"a mailbox with a space", "/v1/mailboxes?mailbox=a%20b@c.fr", "mailbox", "", "adresse complète"},
		{"an unknown kind", "/v1/mailboxes?kind=PERS", "kind", "PER", "CAB"},

		{"a cursor that is none", "/v1/professionals?cursor=abc", "cursor", "", "illisible"},
		{"a cursor of other bytes", "/v1/professionals?cursor=%C3%A9", "cursor", "", "illisible"},
		{"a cursor of 3 kB", "/v1/professionals?cursor=" + strings.Repeat("A", 3000), "cursor", "", ""},

		{"a national id in a path", "/v1/professionals/12", "id", "", "IdNatPP"},
		{"an address in a path", "/v1/mailboxes/zelie", "address", "", "adresse complète"},
		{"invalid UTF-8 in a path", "/v1/structures/%ff", "id", "", "encodé"},
		{"NUL in a path", "/v1/structures/a%00", "id", "", "encodé"},
		{"spaces in a path", "/v1/structures/%20", "id", "", "vide"},
		{"201 letters in a path", "/v1/structures/" + strings.Repeat("a", 201), "id", "", "200"},
	}
	var log lockedBuffer
	s := New(Options{Directory: newFake(), Logger: slog.New(slog.NewJSONHandler(&log, nil))})
	t.Cleanup(func() {
		if all := log.String(); strings.Contains(all, `"level":"ERROR"`) || strings.Contains(all, `"level":"WARN"`) || strings.Contains(all, "xxxx") {
			t.Errorf("a mistake of a client is no error of ours: %s", all)
		}
	})
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			w := do(t, s, "GET", tt.url)
			p := problemIn(t, w)
			if p.Status != 400 || p.Type != "/problems/invalid" || p.Parameter != tt.param {
				t.Errorf("problem %+v, want 400 naming %q", p, tt.param)
			}
			if tt.nearest != "" && p.Nearest != tt.nearest {
				t.Errorf("nearest %q, want %q", p.Nearest, tt.nearest)
			}
			if strings.Contains(p.Detail, "inconnu : «") && p.Nearest == "" {
				t.Error("an unknown parameter without the nearest one")
			}
			if !strings.Contains(p.Detail, tt.says) {
				t.Errorf("detail %q does not say %q", p.Detail, tt.says)
			}
			if n := len([]rune(p.Detail)); n > 400 {
				t.Errorf("detail of %d characters", n)
			}
		})
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	for in, want := range map[[2]string]int{
		{"", ""}: 0, {"", "abc"}: 3, {"abc", ""}: 3, {"abc", "abc"}: 0, {"abc", "acb"}: 1, {"abc", "abd"}: 1, {"ab", "abc"}: 1, {"kitten", "sitting"}: 3,
	} {
		if got := names.Distance(in[0], in[1]); got != want {
			t.Errorf("distance(%q, %q) = %d, want %d", in[0], in[1], got, want)
		}
	}
	if got := nearest("x", nil); got != "" {
		t.Errorf("nearest of nothing = %q", got)
	}
	if got := nearest(strings.Repeat("family", 10_000), []string{"city", "family"}); got != "family" {
		t.Errorf("nearest of a long name = %q", got)
	}
}
