package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"annuaire"
	"annuaire/internal/store"
)

// report decodes what sync --json prints, which must be exactly one object.
func report(t *testing.T, out string) (run store.Run) {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(out))
	if err := dec.Decode(&run); err != nil {
		t.Fatalf("%v in %q", err, out)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		t.Fatalf("more than one object: %q", out)
	}
	return run
}

func TestSyncReport(t *testing.T) {
	from, data := extracts(t, set{300, 1, 0}), filepath.Join(t.TempDir(), "data")
	out := must(t, nil, "sync", "--data", data, "--from", from, "--json").out
	rep := report(t, out)
	t.Run("it has the keys of the contract", func(t *testing.T) {
		var keys map[string]json.RawMessage
		if err := json.Unmarshal([]byte(out), &keys); err != nil {
			t.Fatal(err)
		}
		for _, k := range []string{"run", "extract", "outcome", "rows", "rejected", "people", "structures", "mailboxes"} {
			if _, ok := keys[k]; !ok {
				t.Errorf("no %q", k)
			}
		}
		for _, k := range []string{"people", "structures", "mailboxes"} {
			var counts map[string]int
			if err := json.Unmarshal(keys[k], &counts); err != nil || len(counts) != 3 {
				t.Error(k, err, counts)
			}
			for _, op := range []string{"created", "changed", "gone"} {
				if _, ok := counts[op]; !ok {
					t.Errorf("%s has no %q", k, op)
				}
			}
		}
	})
	t.Run("it counts what the files hold", func(t *testing.T) {
		want := annuaire.Counts{Created: 300}
		if rep.ID != "000001" || rep.Outcome != store.OutcomeLoaded || rep.People != want || rep.Structures.Created == 0 || rep.Mailboxes.Created == 0 {
			t.Errorf("%+v", rep)
		}
		for _, file := range []string{peopleFile, skillFile, diplomaFile, mailboxFile} {
			if got, want := rep.Rows[file], int64(rows(t, set{300, 1, 0}, file)); got != want {
				t.Errorf("%s: %d rows, want %d", file, got, want)
			}
		}
		if got := rep.Extract.Format("2006-01-02T15:04Z07:00"); got != "2026-11-01T03:12Z" {
			t.Error("extract of", got)
		}
	})
	t.Run("nothing new is one object too, with exit code 3", func(t *testing.T) {
		again := report(t, must(t, []int{3}, "sync", "--data", data, "--from", from, "--json").out)
		if again.Outcome != store.OutcomeUnchanged || again.People.Total()+again.Structures.Total()+again.Mailboxes.Total() != 0 {
			t.Errorf("%+v", again)
		}
	})
	t.Run("without --json it is for people", func(t *testing.T) {
		res := must(t, nil, "sync", "--data", data, "--from", extracts(t, set{300, 1, 9}))
		for _, part := range []string{"run 000002 applied", "created", "people", "structures", "mailboxes"} {
			if !strings.Contains(res.out, part) {
				t.Errorf("no %q in:\n%s", part, res.out)
			}
		}
	})
}

// A dry run says what the run would do, and writes nothing: not a byte of the data directory differs after it.
func TestDryRun(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "data")
	day0 := loaded(t, extracts(t, set{300, 1, 0}))
	for _, tt := range []struct {
		rule, data string
		to         set
		more       string
	}{
		{"of a first load", empty, set{300, 1, 0}, "--dry-run"},
		{"of a small delta", day0, set{300, 1, 9}, "--dry-run"},
		{"of another country, long for -n", day0, set{300, 2, 10}, "-n"},
		{"of an older extract", day0, set{300, 1, 9}, "--allow-older"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			before := files(t, tt.data)
			args := []string{"sync", "--data", tt.data, "--from", extracts(t, tt.to), "--json", tt.more}
			dry := report(t, must(t, nil, append(args, "--dry-run")...).out)
			if d := cmp.Diff(before, files(t, tt.data)); d != "" {
				t.Fatal("the dry run wrote something", d)
			}
			if tt.more != "--allow-older" {
				args = args[:len(args)-1]
			}
			wet := report(t, must(t, nil, append(args, "--yes")...).out)
			if dry.Outcome != store.OutcomeDryRun || dry.ID != "" || dry.Generation != "" {
				t.Errorf("%+v", dry)
			}
			ignore := cmpopts.IgnoreFields(store.Run{}, "ID", "Outcome", "Started", "Seconds", "Generation", "Gate")
			if d := cmp.Diff(wet, dry, ignore); d != "" {
				t.Error("what was announced is not what was done", d)
			}
		})
	}
}

// The PS files come in no order: the same rows in another one change nobody. (That of the MSSanté file is the order of
// preference of mailboxes, and stays.)
func TestShuffledRowsChangeNothing(t *testing.T) {
	s := set{1000, 3, 0}
	data := loaded(t, extracts(t, s))
	before := stored(t, data)
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("order ", seed), func(t *testing.T) {
			dir := t.TempDir()
			copyTree(t, extracts(t, s), dir)
			for _, file := range []string{peopleFile, skillFile, diplomaFile} {
				shuffle(t, fileIn(t, dir, file), seed)
			}
			rep := report(t, must(t, []int{3}, "sync", "--data", data, "--from", dir, "--json").out)
			if rep.Outcome != store.OutcomeUnchanged || rep.Rows[peopleFile] == 0 || rep.People.Total()+rep.Structures.Total()+rep.Mailboxes.Total() > 0 {
				t.Errorf("%+v", rep)
			}
			same(t, "other order", before, stored(t, data))
			checked(t, data)
			fresh := loaded(t, dir)
			same(t, "a first load in another order", before, stored(t, fresh))
			checked(t, fresh)
		})
	}
}

func shuffle(t *testing.T, path string, seed uint64) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(b), "\n")
	data := lines[1 : len(lines)-1] // the header stays, and what follows the last line end is no line
	rand.New(rand.NewPCG(seed, 1)).Shuffle(len(data), func(i, j int) { data[i], data[j] = data[j], data[i] })
	if err := os.WriteFile(path, []byte(strings.Join(lines, "")), 0o600); err != nil {
		t.Fatal(err)
	}
}
