package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

func deployed(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../../deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestDeploy holds what operators install against the program: a metric that does not exist makes an alarm that never rings.
func TestDeploy(t *testing.T) {
	data := loaded(t, extracts(t, set{300, 1, 0}))
	p, _ := serving(t, data, "")
	defer p.stop(t)
	p.wants(t, 200, "/v1/professionals?limit=1")
	syncTo(t, data, set{300, 1, 9})
	asked := launch(t, command(t.Context(), "sync", "--data", data, "--from", extracts(t, set{7000, 2, 21})))
	measured := ""
	for { // some metrics are there only while a run is under way
		_, text := fetch(t, http.DefaultClient, p.url+"/metrics", "")
		measured += text
		select {
		case <-asked:
		default:
			continue
		}
		break
	}
	names := regexp.MustCompile(`\b(?:annuaire|process|go)_[a-z_]+`)
	known := map[string]bool{"annuaire_sync_stage": true, "annuaire_sync_stage_progress_ratio": true} // a run may be too short to be seen
	for _, n := range names.FindAllString(measured, -1) {
		known[n] = true
	}
	var rules struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr, For string
				Labels           map[string]string
				Annotations      map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(deployed(t, "prometheus/alerts.yml"), &rules); err != nil {
		t.Fatal(err)
	}
	operations, err := os.ReadFile("../../docs/OPERATIONS.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules.Groups[0].Rules {
		t.Run(r.Alert+" rings for something that is measured, and says what to do", func(t *testing.T) {
			for _, n := range names.FindAllString(r.Expr, -1) {
				if !known[n] {
					t.Errorf("%s does not exist", n)
				}
			}
			if r.Annotations["runbook"] != "docs/OPERATIONS.md#"+strings.ToLower(r.Alert) || !bytes.Contains(operations, []byte("\n### "+r.Alert+"\n")) {
				t.Error("OPERATIONS.md has no section of this name")
			}
			if r.Labels["severity"] == "" || r.Annotations["summary"] == "" {
				t.Errorf("%+v", r)
			}
		})
	}
	t.Run("every panel of the board shows something that is measured", func(t *testing.T) {
		var board struct {
			Panels []struct {
				Title   string
				Targets []struct{ Expr string }
			}
		}
		if err := json.Unmarshal(deployed(t, "grafana/annuaire.json"), &board); err != nil || len(board.Panels) < 10 {
			t.Fatal(err)
		}
		for _, panel := range board.Panels {
			for _, target := range panel.Targets {
				for _, n := range names.FindAllString(target.Expr, -1) {
					if !known[n] {
						t.Errorf("%s: %s does not exist", panel.Title, n)
					}
				}
			}
		}
	})
	t.Run("the unit and the image start the program with flags that it has", func(t *testing.T) {
		for _, file := range []string{"annuaire.service", "annuaire-backup.service", "Dockerfile"} {
			for _, m := range regexp.MustCompile(`annuaire"?[, ]+"?(serve|backup|healthcheck)"?([^\n]*)`).FindAllStringSubmatch(string(deployed(t, file)), -1) {
				c, _, err := newRoot().Find([]string{m[1]})
				if err != nil {
					t.Fatal(err)
				}
				for _, flag := range regexp.MustCompile(`--([a-z-]+)`).FindAllStringSubmatch(m[2], -1) {
					if c.Flags().Lookup(flag[1]) == nil {
						t.Errorf("%s: %s has no --%s", file, m[1], flag[1])
					}
				}
			}
		}
	})
}
