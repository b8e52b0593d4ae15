package relevance

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"annuaire/api"
	"annuaire/fixtures"
	"annuaire/internal/directory"
	"annuaire/sync/run"
)

var update = flag.Bool("update", false, "write the golden file")

// The aims of the suite, at any size.
const (
	aimAll   = 0.98
	aimClass = 0.95
)

func TestRelevance(t *testing.T) {
	if testing.Short() {
		t.Skip("20 000 people")
	}
	extracts := filepath.Join(t.TempDir(), "extracts")
	if _, err := fixtures.Generate(t.Context(), fixtures.Options{People: 20_000, Seed: 7, Out: extracts}); err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join(extracts, "*Personne_activite*.txt"))
	if err != nil || len(paths) != 1 {
		t.Fatal(paths, err)
	}
	f, err := os.Open(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	people, err := ReadPeople(f)
	if err != nil {
		t.Fatal(err)
	}
	questions := Questions(people, 1)
	if len(questions) < 400 {
		t.Fatalf("%d questions", len(questions))
	}
	d, err := directory.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := run.Sync(t.Context(), d, run.Options{From: []string{extracts}}); err != nil {
		t.Fatal(err)
	}
	srv := api.New(api.Options{Directory: d, Budget: 10 * time.Minute}) // what is right is asked here, not what is quick on a busy machine
	scores, err := Run(questions, func(text string) ([]string, error) {
		w := httptest.NewRecorder()
		srv.ServeHTTP(w, httptest.NewRequest("GET", "/v1/professionals?fields=id&q="+url.QueryEscape(text), nil))
		var page struct{ Items []struct{ ID string } }
		err := json.Unmarshal(w.Body.Bytes(), &page)
		if err == nil && w.Code != http.StatusOK {
			err = fmt.Errorf("%s: status %d", text, w.Code)
		}
		var ids []string
		for _, it := range page.Items {
			ids = append(ids, it.ID)
		}
		return ids, err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scores {
		t.Run(s.Class, func(t *testing.T) {
			aim := aimClass
			if s.Class == "all" {
				aim = aimAll
			}
			if s.Recall5() < aim {
				t.Errorf("recall@5 %.3f, aim %.2f; missed:\n%s", s.Recall5(), aim, strings.Join(s.Misses, "\n"))
			}
		})
	}
	got := Table(scores) + "\n" + Missed(scores)
	const golden = "testdata/relevance_20000.golden"
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

func TestScores(t *testing.T) {
	questions := []Question{{"a", "x", "1"}, {"a", "y", "2"}, {"b", "z", "3"}}
	answers := map[string][]string{"x": {"1", "2"}, "y": {"9", "2"}, "z": nil}
	scores, err := Run(questions, func(text string) ([]string, error) { return answers[text], nil })
	if err != nil || len(scores) != 3 {
		t.Fatal(scores, err)
	}
	if a := scores[0]; a.Recall1() != 0.5 || a.Recall5() != 1 || a.MRR() != 0.75 {
		t.Errorf("%+v", a)
	}
	if all := scores[2]; all.N != 3 || all.InFive != 2 {
		t.Errorf("%+v", all)
	}
	if m := Missed(scores); m != "- b: z\n" {
		t.Error(m)
	}
}
