package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// list asks the go command for every package of the module.
func list(t *testing.T) (pkgs []pkg) {
	t.Helper()
	touch(t)
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Name,Doc,GoFiles,Imports", "./...")
	cmd.Dir = "../.."
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
}

// touch lists the folders of the module from this process: the go command repeats an old verdict as long as what a test opened
// itself is unchanged, and does not see what go list opens.
func touch(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (d.Name() == ".git" || d.Name() == "testdata" || d.Name() == "bin") {
			return filepath.SkipDir
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestArchitecture(t *testing.T) {
	pkgs := list(t)
	for _, broken := range check(pkgs, rules) {
		t.Error(broken)
	}
	t.Run("every rule is about a package that exists", func(t *testing.T) {
		for _, r := range rules {
			for _, pattern := range slices.Concat(r.pkgs, r.may) {
				if !slices.ContainsFunc(pkgs, func(p pkg) bool { short, ours := rel(p.ImportPath); return ours && matches(pattern, short) }) {
					t.Errorf("no package matches %q", pattern)
				}
			}
		}
	})
}

// The checker finds what it is there to find: each case is a healthy graph with one thing wrong.
func TestCheck(t *testing.T) {
	testRules := []rule{
		{pkgs: []string{"."}, only: true, why: "the domain"},
		{pkgs: []string{"leaf"}, why: "a leaf"},
		{pkgs: []string{"api"}, may: []string{".", "internal/..."}, why: "a front"},
		{pkgs: []string{"internal/obs"}, why: "a leaf"},
		{pkgs: []string{"sync", "sync/run"}, may: []string{"."}, why: "importers"},
		{pkgs: []string{"cmd/annuaire"}, may: []string{"api"}, why: "wiring"},
	}
	healthy := func() map[string]*pkg {
		return map[string]*pkg{
			".":            {ImportPath: "annuaire", Name: "annuaire", Doc: "x", Imports: []string{"fmt", "encoding/json"}},
			"leaf":         {ImportPath: "annuaire/leaf", Name: "leaf", Doc: "x", Imports: []string{"example.org/other"}},
			"api":          {ImportPath: "annuaire/api", Name: "api", Doc: "x", Imports: []string{"annuaire", "annuaire/internal/obs"}},
			"internal/obs": {ImportPath: "annuaire/internal/obs", Name: "obs", Doc: "x"},
			"sync/run":     {ImportPath: "annuaire/sync/run", Name: "run", Doc: "x", Imports: []string{"sync"}},
			"cmd/annuaire": {ImportPath: "annuaire/cmd/annuaire", Name: "main", Doc: "x", Imports: []string{"annuaire/api"}},
			"elsewhere":    {ImportPath: "example.org/other", Name: "x", Imports: []string{"annuaire/cmd/annuaire"}},
		}
	}
	for _, tt := range []struct {
		rule  string
		spoil func(map[string]*pkg)
		want  string // a part of the one line, "" for none
	}{
		{"a healthy graph passes", func(map[string]*pkg) {}, ""},
		{"the root imports no other module", func(g map[string]*pkg) { g["."].Imports = []string{"example.org/other"} }, ". imports example.org/other: the domain"},
		{"the root imports none of ours", func(g map[string]*pkg) { g["."].Imports = []string{"annuaire/leaf"} }, ". imports annuaire/leaf"},
		{"a leaf imports none of ours", func(g map[string]*pkg) { g["leaf"].Imports = []string{"annuaire"} }, "leaf imports annuaire: a leaf"},
		{"a package imports only what its rule names", func(g map[string]*pkg) { g["api"].Imports = []string{"annuaire/leaf"} }, "api imports annuaire/leaf: a front"},
		{"nobody imports a command", func(g map[string]*pkg) { g["api"].Imports = []string{"annuaire/cmd/annuaire"} }, "nobody imports a command"},
		{"a package without a rule is refused", func(g map[string]*pkg) { g["leaf"].ImportPath = "annuaire/leaf/inner"; g["leaf"].Name = "inner" }, "leaf/inner: 0 rules"},
		{"a package comment is due", func(g map[string]*pkg) { g["leaf"].Doc = " \n" }, "leaf: it has no package comment"},
		{"no package is named sync", func(g map[string]*pkg) { g["sync/run"].Name = "sync" }, "shadows the standard one"},
		{"the folder sync holds no Go file", func(g map[string]*pkg) {
			g["sync"] = &pkg{ImportPath: "annuaire/sync", Name: "main", Doc: "x", GoFiles: []string{"a.go"}}
		}, "sync/ is an umbrella and holds no Go file, found a.go"},
		{"a package bears the name of its folder", func(g map[string]*pkg) { g["leaf"].Name = "other" }, "does not bear the name"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			graph := healthy()
			tt.spoil(graph)
			var pkgs []pkg
			for _, p := range graph {
				pkgs = append(pkgs, *p)
			}
			got := strings.Join(check(pkgs, testRules), "\n")
			if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q in it", got, tt.want)
			}
		})
	}
	t.Run("a package under two rules is refused", func(t *testing.T) {
		two := append([]rule{{pkgs: []string{"internal/..."}}}, testRules...)
		if got := check([]pkg{*healthy()["internal/obs"]}, two); len(got) != 1 || !strings.Contains(got[0], "2 rules") {
			t.Error(got)
		}
	})
}
