package whitelist_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"annuaire/internal/mailaddr"
	"annuaire/internal/whitelist"
)

const head = `<?xml version="1.0" encoding="UTF-8"?><ListeBlanche xmlns="https://listeblanche.mssante.fr/schema">`

func doc(domains ...string) string {
	var b strings.Builder
	b.WriteString(head)
	for _, d := range domains {
		fmt.Fprintf(&b, "<Domaine><Nom> %s\n</Nom><Statut>A</Statut></Domaine>", d)
	}
	return b.String() + "</ListeBlanche>"
}

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		rule, in, want string
		unreadable     int
		fails          string
	}{
		{"names come in one form, sorted, once each", doc("B.mssante.fr", "a.mssante.fr", "b.mssante.fr"), "a.mssante.fr b.mssante.fr", 0, ""},
		{"names in Unicode or punycode are the same", doc("chu-orléans.mssante.fr", "xn--chu-orlans-h7a.mssante.fr"), "xn--chu-orlans-h7a.mssante.fr", 0, ""},
		{"prefixes of the namespace are taken", `<l:L xmlns:l="https://listeblanche.mssante.fr/schema"><l:Domaine><l:Nom>a.fr</l:Nom></l:Domaine></l:L>`, "a.fr", 0, ""},
		{"a name that is no domain is counted", doc("a.fr", "not a domain", ""), "a.fr", 2, ""},
		{"a name elsewhere is none", head + "<Domaine><Operateur><Nom>x.fr</Nom></Operateur><Nom>a.fr</Nom></Domaine></ListeBlanche>", "a.fr", 0, ""},
		{"Latin-1 is read", strings.Replace(doc("chu-orl\xe9ans.fr"), "UTF-8", "ISO-8859-1", 1), "xn--chu-orlans-h7a.fr", 0, ""},
		{"another namespace is another document", strings.Replace(doc("a.fr"), "listeblanche.mssante", "x", 1), "", 0, "no domain"},
		{"a page of an error is none", "<html><body>503</body></html>", "", 0, "no domain"},
		{"a list cut short is bad", doc("a.fr")[:len(doc("a.fr"))-10], "", 0, "unexpected EOF"},
		{"an empty one too", "", "", 0, "no domain"},
		{"an unknown entity too", head + "<Domaine><Nom>&x;</Nom></Domaine></ListeBlanche>", "", 0, "entity"},
		{"a huge one too", head + "<Domaine><Nom>" + strings.Repeat("a", whitelist.MaxBytes+1), "", 0, "larger than"},
		{"a deep one too", head + strings.Repeat("<a>", 1000), "", 0, "within"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, unreadable, err := whitelist.Parse(strings.NewReader(tt.in))
			if tt.fails != "" {
				if err == nil || !strings.Contains(err.Error(), tt.fails) {
					t.Fatal(got, err)
				}
				return
			}
			if err != nil || strings.Join(got, " ") != tt.want || unreadable != tt.unreadable {
				t.Errorf("%v %d %v", got, unreadable, err)
			}
		})
	}
}

// Whatever is taken is a domain in the form of comparison.
func FuzzParse(f *testing.F) {
	f.Add(doc("a.fr", "chu-orléans.mssante.fr"))
	f.Add(head + "<Domaine><Nom>a<!-- -->.fr</Nom></Domaine><Domaine/></ListeBlanche>")
	f.Add("<?xml version='1.0' encoding='windows-1252'?><a/>")
	f.Fuzz(func(t *testing.T, s string) {
		domains, _, err := whitelist.Parse(strings.NewReader(s))
		if err != nil {
			return
		}
		if len(domains) == 0 || !slices.IsSorted(domains) {
			t.Fatal(domains)
		}
		for _, d := range domains {
			if again, err := mailaddr.ASCII(d); err != nil || again != d {
				t.Fatalf("%q %q %v", d, again, err)
			}
		}
	})
}

func write(t *testing.T, path, text string, at time.Time) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, o whitelist.Options) *whitelist.List {
	t.Helper()
	l, err := whitelist.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestListOfAFile(t *testing.T) {
	dir := t.TempDir()
	path, keep := filepath.Join(dir, "list.xml"), filepath.Join(dir, "copy.xml")
	day := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	write(t, path, doc("a.mssante.fr", "chu-orléans.mssante.fr"), day)
	o := whitelist.Options{Source: path, Copy: keep, Extra: []string{"interop-mssante.apicrypt.org"}}
	l := open(t, o)
	expect := func(t *testing.T, listed string, domains int, as time.Time, problem bool) {
		t.Helper()
		if st := l.Status(); !l.Listed(listed) || st.Domains != domains || !st.As.Equal(as) || (st.Problem != "") != problem || !st.Configured {
			t.Errorf("%s: %v %+v", listed, l.Listed(listed), st)
		}
	}
	t.Run("its domains are listed", func(t *testing.T) { expect(t, "a.mssante.fr", 3, day, false) })
	t.Run("in any form", func(t *testing.T) { expect(t, "CHU-ORLÉANS.mssante.fr", 3, day, false) })
	t.Run("added domains too", func(t *testing.T) { expect(t, "interop-mssante.apicrypt.org", 3, day, false) })
	t.Run("by their exact name only", func(t *testing.T) {
		for _, d := range []string{"x.a.mssante.fr", "mssante.fr", "", "a.mssante.fr.", "*"} {
			if l.Listed(d) {
				t.Error(d)
			}
		}
	})
	t.Run("a changed file is taken up", func(t *testing.T) {
		write(t, path, doc("b.mssante.fr"), day.Add(time.Hour))
		if err := l.Refresh(t.Context()); err != nil || l.Listed("a.mssante.fr") {
			t.Error(err)
		}
		expect(t, "b.mssante.fr", 2, day.Add(time.Hour), false)
	})
	t.Run("a bad one changes nothing, and is told", func(t *testing.T) {
		write(t, path, "<html/>", day.Add(2*time.Hour))
		if err := l.Refresh(t.Context()); err == nil {
			t.Error("no error")
		}
		expect(t, "b.mssante.fr", 2, day.Add(time.Hour), true)
	})
	t.Run("over a restart too", func(t *testing.T) {
		l = open(t, o)
		expect(t, "b.mssante.fr", 2, day.Add(time.Hour), true)
	})
	t.Run("so does a file that is gone", func(t *testing.T) {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		err := l.Refresh(t.Context())
		expect(t, "b.mssante.fr", 2, day.Add(time.Hour), true)
		if err == nil || strings.Contains(err.Error(), dir) {
			t.Errorf("%v tells a path", err)
		}
	})
	t.Run("and a good one is good again", func(t *testing.T) {
		write(t, path, doc("c.mssante.fr"), day.Add(3*time.Hour))
		if err := l.Refresh(t.Context()); err != nil {
			t.Error(err)
		}
		expect(t, "c.mssante.fr", 2, day.Add(3*time.Hour), false)
	})
}

func TestListOfAnAddress(t *testing.T) {
	var answer atomic.Value
	var asked atomic.Int32
	answer.Store(doc("a.mssante.fr"))
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		if s := answer.Load().(string); s != "" {
			_, _ = w.Write([]byte(s))
			return
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer srv.Close()
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	o := whitelist.Options{Source: srv.URL, Copy: filepath.Join(t.TempDir(), "c.xml"), Every: time.Hour, Now: func() time.Time { return now }}
	l := open(t, o)
	if !l.Listed("a.mssante.fr") || !l.Status().As.Equal(now) {
		t.Error(l.Status())
	}
	t.Run("it is not asked again at once", func(t *testing.T) {
		if err := l.Refresh(t.Context()); err != nil || asked.Load() != 1 {
			t.Error(err, asked.Load())
		}
	})
	t.Run("but after a while", func(t *testing.T) {
		answer.Store(doc("b.mssante.fr"))
		now = now.Add(time.Hour)
		if err := l.Refresh(t.Context()); err != nil || !l.Listed("b.mssante.fr") {
			t.Error(err, l.Status())
		}
	})
	t.Run("an address that fails changes nothing", func(t *testing.T) {
		answer.Store("")
		now = now.Add(2 * time.Hour)
		if err := l.Refresh(t.Context()); err == nil || !l.Listed("b.mssante.fr") || l.Status().Problem == "" {
			t.Error(err, l.Status())
		}
	})
	t.Run("nor does one that is too long", func(t *testing.T) {
		answer.Store(strings.Repeat(" ", whitelist.MaxBytes+2))
		now = now.Add(2 * time.Hour)
		if err := l.Refresh(t.Context()); err == nil || !l.Listed("b.mssante.fr") {
			t.Error(err)
		}
	})
	t.Run("the last good list is there after a restart", func(t *testing.T) {
		answer.Store("")
		if l := open(t, o); !l.Listed("b.mssante.fr") || l.Status().Problem == "" {
			t.Error(l.Status())
		}
	})
}

func TestWithoutAList(t *testing.T) {
	l := open(t, whitelist.Options{})
	if l.Configured() || l.Listed("a.mssante.fr") || l.Refresh(t.Context()) != nil {
		t.Error(l.Status())
	}
	if _, err := whitelist.Open(t.Context(), whitelist.Options{Extra: []string{"no domain"}}); err == nil {
		t.Error("an added domain that is none is taken")
	}
	if l := open(t, whitelist.Options{Extra: []string{"A.fr"}}); !l.Configured() || !l.Listed("a.fr") {
		t.Error(l.Status())
	}
}
