package docs

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

var (
	asked = regexp.MustCompile(`^((?:GET|PUT|POST|PATCH|DELETE)(?:, (?:GET|PUT|POST|PATCH|DELETE))*) (/[^ ?]*)`)
	part  = regexp.MustCompile(`\{[^}]*\}`)
)

// Each "GET /v1/..." of a page is an operation of the contract; whatever stands for a part of the path.
func TestRoutesThatPagesNameAreInTheContract(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(root, "api", "openapi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var contract struct{ Paths map[string]map[string]any }
	if err := yaml.Unmarshal(b, &contract); err != nil || len(contract.Paths) < 40 {
		t.Fatal(len(contract.Paths), err)
	}
	operations := map[string]bool{}
	for path, methods := range contract.Paths {
		for m := range methods {
			operations[strings.ToUpper(m)+" "+part.ReplaceAllString(path, "{}")] = true
		}
	}
	seen := 0
	for _, p := range pages(t) {
		p.spans(func(line int, code string) {
			m := asked.FindStringSubmatch(code)
			if m == nil || strings.ContainsAny(m[2], "[…") {
				return
			}
			path := part.ReplaceAllString(m[2], "{}")
			path = regexp.MustCompile(`/[A-Z]+$`).ReplaceAllString(path, "/{}") // RUN, ID
			for method := range strings.SplitSeq(m[1], ", ") {
				if seen++; !operations[method+" "+path] {
					t.Errorf("%s:%d: no operation %s %s", p.path, line, method, m[2])
				}
			}
		})
	}
	if seen < 25 {
		t.Error("routes seen: ", seen)
	}
}

// metricName is one of ours in full: `_rows` and the like, said after another, are not looked at.
var metricName = regexp.MustCompile(`\bannuaire_[a-z]+_[a-z_]*[a-z]\b`)

// rare are metrics of what the demo does not do.
var rare = map[string]bool{
	"annuaire_auth_refused_total": true, "annuaire_sync_runs_total": true, // from the first one on
	"annuaire_sync_stage": true, "annuaire_sync_stage_progress_ratio": true, // while a run is under way
	"annuaire_whitelist_domains": true, "annuaire_whitelist_good": true, "annuaire_whitelist_timestamp_seconds": true, // with a white list
}

// measured checks that each metric that a page names is measured by the program that answers at url.
func measured(t *testing.T, url string) {
	t.Helper()
	res, err := http.Get(url + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, p := range pages(t) {
		p.spans(func(line int, code string) {
			for _, name := range metricName.FindAllString(code, -1) {
				if seen++; !rare[name] && !strings.Contains(string(b), "\n"+name) {
					t.Errorf("%s:%d: %s is not measured", p.path, line, name)
				}
			}
		})
	}
	if seen < 20 {
		t.Error("metrics seen: ", seen)
	}
}
