package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"annuaire"
	"annuaire/api"
	"annuaire/internal/directory"
	"annuaire/internal/store"
)

// state is what a data directory shows: the hash of every record, without where it comes from, with the boxes of each person;
// and the whole answers, without what they took, to a set of questions.
type state struct {
	Records map[string]string
	Answers map[string]string
}

// asked is put to every state. They cross every kind of field, with totals, facets and first pages.
var asked = []string{
	"professionals?limit=200&facets=profession,specialty,department,region,mode,sector,city",
	"professionals?family=martin", "professionals?name=marie&sort=name", "professionals?family=d&match=prefix&limit=200",
	"professionals?profession=médecin&department=75,69,13", "professionals?profession=infirmier&mode=L&facets=city",
	"professionals?specialty=SM54&region=11", "professionals?structure=pharmacie&limit=50", "professionals?postal_code=75&profession=10",
	"professionals?has_mailbox=true&sort=name&limit=100", "professionals?city=lyon&sector=SA07", "professionals?setting=hopital&limit=5",
	"structures?limit=200", "structures?structure=centre+hospitalier", "mailboxes?limit=200", "mailboxes?kind=ORG",
}

// shown reads the state of a data directory that no process holds. A directory with nothing loaded has the zero state.
func shown(t *testing.T, data string) state {
	t.Helper()
	d, err := directory.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, d)
	s := state{Records: recordsOf(t, d)}
	if s.Records != nil {
		s.Answers = answers(t, api.New(api.Options{Directory: d}))
	}
	return s
}

// stored reads the records alone, which says as much where check has found that the indexes agree with them.
func stored(t *testing.T, data string) state {
	t.Helper()
	d, err := directory.Peek(data)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, d)
	return state{Records: recordsOf(t, d)}
}

func closed(t *testing.T, d *directory.Directory) {
	t.Helper()
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

func recordsOf(t *testing.T, d *directory.Directory) (out map[string]string) {
	t.Helper()
	err := d.Use(func(g *directory.Generation) error {
		if g == nil {
			return nil
		}
		return g.Store.Read(func(r store.Reader) (err error) { out, err = records(r); return err })
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func records(r store.Reader) (map[string]string, error) {
	out := map[string]string{}
	err := errors.Join(
		r.EachPerson(func(p annuaire.Professional) error {
			boxes, err := r.MailboxesOf(p.ID)
			for _, b := range boxes {
				out["boxes of "+p.ID] += b.Address + " "
			}
			digest(out, annuaire.KindPerson, p.ID, &p)
			return err
		}),
		r.EachStructure(func(s annuaire.Structure) error { digest(out, annuaire.KindStructure, s.ID, &s); return nil }),
		r.EachMailbox(func(m annuaire.Mailbox) error { digest(out, annuaire.KindMailbox, m.Address, &m); return nil }))
	return out, err
}

func digest[T store.Record](out map[string]string, kind annuaire.Kind, id string, rec *T) {
	_, hash := store.Body(rec)
	out[string(kind)+" "+id] = fmt.Sprintf("%016x", hash)
}

func answers(t *testing.T, h http.Handler) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, q := range asked {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/v1/"+q, nil))
		var body any
		if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil || rec.Code != http.StatusOK {
			t.Fatalf("%s: %d %v\n%s", q, rec.Code, err, rec.Body)
		}
		b, err := json.MarshalIndent(timeless(body), "", " ")
		if err != nil {
			t.Fatal(err)
		}
		out[q] = string(b)
	}
	return out
}

// timeless removes from an answer what two runs that end in the same state may differ in.
func timeless(v any) any {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "took_ms")
		delete(v, "source")
		for k := range v {
			v[k] = timeless(v[k])
		}
	case []any:
		for i := range v {
			v[i] = timeless(v[i])
		}
	}
	return v
}

func same(t *testing.T, what string, want, got state) {
	t.Helper()
	if d := got.differs(want); d != "" {
		t.Errorf("%s (- wanted, + found):\n%s", what, d)
	}
}

// checked has the program verify a data directory that something is loaded in.
func checked(t *testing.T, data string) {
	t.Helper()
	if res := typed(t, "check", "--data", data); res.code != 0 || !strings.Contains(res.out, ": 0 problems") {
		t.Fatalf("check: exit code %d\n%s%s", res.code, res.out, res.err)
	}
}

// files reads every file under a folder, by its path; folders are there as "".
func files(t *testing.T, root string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			out[path] = ""
			return err
		}
		b, err := os.ReadFile(path)
		out[path] = string(b)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return out
}

// differs says how s is not other, "" when it is.
func (s state) differs(other state) string {
	if maps.Equal(s.Records, other.Records) && maps.Equal(s.Answers, other.Answers) { // cmp takes its time
		return ""
	}
	return cmp.Diff(other, s)
}
