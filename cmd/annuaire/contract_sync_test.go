package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"annuaire/internal/cli"
)

// TestContractExitCodes has one command end with each code of DESIGN 7, in its order, and the rest of the line that follows it. All ways to a code:
// TestUsageExitCodes, TestInputExitCodes, TestGateOfTheCommand.
func TestContractExitCodes(t *testing.T) {
	data, day1, day2 := filepath.Join(t.TempDir(), "data"), contractExtracts(t, t.TempDir(), 1), contractExtracts(t, t.TempDir(), 2)
	closes := []string{"ANNUAIRE_SYNC_GATE_ALONE=1"} // one of six is too many
	for _, tt := range []struct {
		line    string
		code    int
		args    []string
		outcome string
	}{
		{"0 done", 0, []string{"sync", "--from", day1, "--json"}, "loaded"},
		{"1 failed", 1, []string{"sync", "abort", "--reason", "there is none"}, ""},
		{"2 bad usage", 2, []string{"sync", "--from", day1, "--nonsense"}, ""},
		{"3 nothing to do", 3, []string{"sync", "--from", day1, "--json"}, "unchanged"},
		{"4 input rejected, data untouched", 4, []string{"sync", "--from", t.TempDir(), "--json"}, ""},
		{"5 gate closed, approval needed", 5, []string{"sync", "--from", day2, "--json"}, "awaiting_approval"},
		{"--dry-run: the same report, nothing written", 0, []string{"sync", "--from", day2, "--json", "--dry-run"}, "dry_run"},
		{"--yes is the person's approval at the gate", 0, []string{"sync", "--from", day2, "--json", "--yes"}, "applied"},
		{"an extract older than the loaded one without --allow-older", 4, []string{"sync", "--from", day1, "--json"}, ""},
		{"--allow-older", 0, []string{"sync", "--from", day1, "--json", "--allow-older", "--yes"}, "applied"},
	} {
		t.Run(tt.line, func(t *testing.T) {
			res := typedWith(t, closes, append(tt.args, "--data", data)...)
			if res.code != tt.code {
				t.Fatalf("%d, want %d\n%s%s", res.code, tt.code, res.out, res.err)
			}
			if tt.outcome == "" {
				return
			}
			var keys map[string]json.RawMessage
			if err := json.Unmarshal([]byte(res.out), &keys); err != nil {
				t.Fatal("--json prints one object:", err, res.out)
			}
			for _, key := range []string{"run", "extract", "outcome", "rows", "rejected", "people", "structures", "mailboxes"} {
				if _, ok := keys[key]; !ok {
					t.Errorf("no %s among %v", key, slices.Sorted(maps.Keys(keys)))
				}
			}
			response{200, nil, res.out}.says(t, 200, "outcome = "+tt.outcome)
		})
	}
	t.Run("what --json says of a first load", func(t *testing.T) {
		out := must(t, nil, "sync", "--data", filepath.Join(t.TempDir(), "data"), "--from", day1, "--json").out
		response{200, nil, out}.says(t, 200, "run = 000001", "extract = 2026-11-01T03:12:00Z", "outcome = loaded", `people = {"changed":0,"created":6,"gone":0}`, `structures = {"changed":0,"created":4,"gone":0}`,
			`mailboxes = {"changed":0,"created":7,"gone":0}`, "rejected = 0", "rows."+peopleFile+" = 8", "rows."+mailboxFile+" = 7")
	})
}

// TestContractSources holds "sync --from" against DESIGN 7. What a source directory may hold, and what is refused: TestSources, TestInputExitCodes.
func TestContractSources(t *testing.T) {
	src, env := published(t, set{300, 1, 0})
	files := []string{src.URL + "/PS_LibreAcces", src.URL + "/Extraction_Correspondance_MSSante"}
	env = append(env, "ANNUAIRE_SYNC_DATAGOUV="+strings.Join(files, ","), "ANNUAIRE_SYNC_DATAGOUV_METADATA=")
	for line, from := range map[string][]string{"PATH": {extracts(t, set{300, 1, 0})}, "URL, as often as there are files": files, "ans": {"ans"}, "datagouv": {"datagouv"}, "none: those of the configuration": nil} {
		t.Run("--from "+line, func(t *testing.T) {
			args := []string{"sync", "--json", "--data", filepath.Join(t.TempDir(), "data")}
			for _, f := range from {
				args = append(args, "--from", f)
			}
			res := typedWith(t, env, args...)
			response{200, nil, res.out}.says(t, 200, "outcome = loaded", "people.created = 300", "mailboxes_extract ~ 2026-11-01")
		})
	}
	for line, hours := range map[string]time.Duration{"names without a timestamp use the file's date, at most 24 h apart": 23, "names without a timestamp: not further apart": 25} {
		t.Run(line, func(t *testing.T) {
			dir := t.TempDir()
			must(t, nil, "fixtures", "--people", "300", "--names", "datagouv", "--out", dir)
			at := time.Date(2026, time.November, 1, 3, 12, 0, 0, time.UTC)
			for name := range contents(t, dir) {
				its := at
				if strings.Contains(name, "savoirfaire") {
					its = at.Add(hours * time.Hour)
				}
				if err := os.Chtimes(filepath.Join(dir, name), its, its); err != nil {
					t.Fatal(err)
				}
			}
			must(t, []int{map[bool]int{true: 0, false: cli.ExitInput}[hours < 24]}, "sync", "--data", filepath.Join(t.TempDir(), "data"), "--from", dir)
		})
	}
}
