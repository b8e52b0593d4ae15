package main

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"annuaire/internal/store"
	"annuaire/sync/extract"
)

func TestUsageExitCodes(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.toml")
	if err := os.WriteFile(bad, []byte("dta = \"x\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	data := loaded(t, extracts(t, set{300, 1, 0}))
	for _, tt := range []struct {
		rule string
		args []string
		code int
		says string
	}{
		{"help is done", []string{"--help"}, 0, ""},
		{"no command at all shows the help", nil, 0, ""},
		{"an unknown command is bad usage", []string{"synch"}, 2, "unknown command"},
		{"an unknown sub-command is bad usage", []string{"config", "chek"}, 2, "unknown command"},
		{"an unknown flag is bad usage", []string{"sync", "--form", "x"}, 2, "unknown flag: --form"},
		{"a flag without its value is bad usage", []string{"sync", "--from"}, 2, "needs an argument"},
		{"a flag that wants a number is not content with a word", []string{"fixtures", "--people", "many"}, 2, "--people"},
		{"sync needs a source", []string{"sync", "--data", data}, 2, "--from"},
		{"sync takes no arguments", []string{"sync", "extracts"}, 2, "extracts"},
		{"an alert has a number", []string{"alert", "show"}, 2, "accepts 1 arg"},
		{"an audience has a name", []string{"alert", "audience", "save"}, 2, "requires at least 1 arg"},
		{"a token has an id", []string{"token", "revoke"}, 2, "accepts 1 arg"},
		{"a restore is of a file", []string{"restore"}, 2, "accepts 1 arg"},
		{"fixtures need a place", []string{"fixtures"}, 2, "--out"},
		{"fixtures of too few people are bad usage", []string{"fixtures", "--people", "3", "--out", t.TempDir()}, 2, "10"},
		{"an unknown key of the configuration is bad configuration", []string{"check", "--config", bad}, 2, "dta"},
		{"an address without port is bad configuration", []string{"serve", "--data", data, "--http", "localhost"}, 2, "listen.http"},
		{"an unknown search parameter names the nearest", []string{"search", "--data", data, "famly=x"}, 2, "family"},
		{"a search with nothing loaded has failed", []string{"search", "--data", t.TempDir(), "x"}, 1, "aucune donnée"},
		{"a check with nothing loaded has failed", []string{"check", "--data", t.TempDir()}, 1, "no extract loaded yet"},
		{"a data directory that is a file has failed", []string{"check", "--data", bad}, 1, "bad.toml"},
		{"a configuration that is right is done", []string{"config", "check"}, 0, ""},
		{"a healthcheck without server has failed", []string{"healthcheck", "--http", free(t)}, 1, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			res := typed(t, tt.args...)
			if res.code != tt.code || !strings.Contains(res.err, tt.says) {
				t.Errorf("exit code %d, want %d, with %q in:\n%s", res.code, tt.code, tt.says, res.err)
			}
			if tt.code != 0 && res.out != "" {
				t.Errorf("a failure writes on the standard output: %s", res.out)
			}
		})
	}
	t.Run("an unknown variable is bad configuration", func(t *testing.T) {
		if res := typedWith(t, []string{"ANNUAIRE_DTA=x"}, "config", "check"); res.code != 2 || !strings.Contains(res.err, "ANNUAIRE_DTA") {
			t.Error(res)
		}
	})
	t.Run("a data directory that another process holds is refused, at once and by name", func(t *testing.T) {
		l, err := store.OpenLedger(filepath.Join(data, "annuaire.db"))
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		for _, args := range [][]string{{"search", "x"}, {"check"}, {"serve"}, {"sync", "--from", extracts(t, set{300, 1, 0})}} {
			if res := typed(t, append(args, "--data", data)...); res.code != 1 || !strings.Contains(res.err, "in use by another annuaire process") {
				t.Error(args, res)
			}
		}
	})
}

// free returns an address of this machine on which nobody listens.
func free(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// What is refused with exit code 4 leaves the answers, and the generation in use, as they were.
func TestInputExitCodes(t *testing.T) {
	today, tomorrow := set{300, 1, 1}, set{300, 1, 2}
	data := loaded(t, extracts(t, today))
	answered := shown(t, data)
	before, current := stored(t, data), files(t, filepath.Join(data, "CURRENT"))
	tooMany := rows(t, tomorrow, peopleFile)/100 + 1
	remove := func([]string) []string { return nil }
	junk, other := filepath.Join(t.TempDir(), "PS_LibreAcces_202611040312.zip"), filepath.Join(t.TempDir(), "README.txt")
	if err := errors.Join(os.WriteFile(junk, []byte("PK\x03\x04 not a ZIP"), 0o600), os.WriteFile(other, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		rule, from string
		code       int
		says       string
	}{
		{"a folder that does not exist", filepath.Join(t.TempDir(), "nowhere"), 4, "nowhere"},
		{"a folder without extracts", t.TempDir(), 4, "no extract found"},
		{"a file that is no extract", other, 4, "README"},
		{"a broken archive", junk, 4, "zip"},
		{"no Personne_activite", edited(t, tomorrow, peopleFile, remove), 4, "Personne_activite"},
		{"no SavoirFaire", edited(t, tomorrow, skillFile, remove), 4, "SavoirFaire"},
		{"no Dipl_AutExerc", edited(t, tomorrow, diplomaFile, remove), 4, "Dipl_AutExerc"},
		{"a file with a header and nothing else", edited(t, tomorrow, diplomaFile, func(l []string) []string { return l[:1] }), 4, "Dipl_AutExerc"},
		{"an empty file", edited(t, tomorrow, skillFile, func([]string) []string { return []string{} }), 4, "SavoirFaire"},
		{"a required column missing", edited(t, tomorrow, peopleFile, rename("Identifiant PP", "Identifiant")), 4, "Identifiant PP"},
		{"more than one row in a hundred rejected", edited(t, tomorrow, peopleFile, spoil(tooMany)), 4, "1 %"},
		{"a mailbox file of which nothing is understood", edited(t, tomorrow, mailboxFile, spoil(40)), 4, "MSSante"},
		{"an extract older than the one loaded", extracts(t, set{300, 1, 0}), 4, "--allow-older"},
		{"the same files again are nothing new", extracts(t, today), 3, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			res := typed(t, "sync", "--data", data, "--from", tt.from)
			if res.code != tt.code || !strings.Contains(res.err, tt.says) {
				t.Fatalf("exit code %d, want %d, with %q in:\n%s%s", res.code, tt.code, tt.says, res.out, res.err)
			}
			same(t, "the data is untouched", before, stored(t, data))
			if d := cmp.Diff(current, files(t, filepath.Join(data, "CURRENT"))); d != "" {
				t.Error("CURRENT", d)
			}
		})
	}
	checked(t, data)
	same(t, "all in all", answered, shown(t, data))
	t.Run("a first load that is refused loads nothing", func(t *testing.T) {
		empty := filepath.Join(t.TempDir(), "data")
		must(t, []int{4}, "sync", "--data", empty, "--from", edited(t, today, peopleFile, spoil(tooMany)))
		if s := stored(t, empty); s.Records != nil {
			t.Error("records after a refused load")
		}
		left(t, empty, 0)
	})
	t.Run("an older extract is taken when that is asked for", func(t *testing.T) {
		must(t, nil, "sync", "--data", data, "--from", extracts(t, set{300, 1, 0}), "--allow-older")
		same(t, "day 0", shown(t, loaded(t, extracts(t, set{300, 1, 0}))), shown(t, data))
	})
}

// rename returns an edit that gives one column another name.
func rename(from, to string) func([]string) []string {
	return func(lines []string) []string {
		cols := strings.Split(strings.TrimPrefix(lines[0], "\ufeff"), "|")
		for i := range cols {
			if strings.Trim(cols[i], "\" \r") == from {
				cols[i] = to
			}
		}
		lines[0] = strings.Join(cols, "|")
		return lines
	}
}

func TestRejectedRows(t *testing.T) {
	s := set{400, 1, 0}
	n := rows(t, s, peopleFile) / 100 // at most one in a hundred
	from := edited(t, s, peopleFile, spoil(n))
	data := filepath.Join(t.TempDir(), "data")
	rep := report(t, must(t, nil, "sync", "--data", data, "--from", from, "--json").out)
	if n == 0 || rep.Rejected != int64(n) {
		t.Fatalf("%d rows rejected, want %d", rep.Rejected, n)
	}
	f, err := os.Open(filepath.Join(data, "rejects", rep.ID+".ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	name, lines := filepath.Base(fileIn(t, from, peopleFile)), map[int64]bool{}
	err = extract.ReadRejects(bufio.NewReader(f), func(r extract.Reject) error {
		if r.File != name || r.Line < 2 || r.Row != tooFewFields || !strings.HasPrefix(r.Reason, "2 fields where the header has") {
			t.Errorf("%+v", r)
		}
		lines[r.Line] = true
		return nil
	})
	if err != nil || len(lines) != n {
		t.Errorf("%d lines kept, want %d, error %v", len(lines), n, err)
	}
	checked(t, data)
	rejectsCommands(t, data, rep.ID, n)
}

func rejectsCommands(t *testing.T, data, id string, n int) {
	t.Run("sync rejects counts them by reason, of the last run that has some", func(t *testing.T) {
		out := must(t, nil, "sync", "rejects", "--data", data).out
		if !strings.Contains(out, id) || !strings.Contains(out, fmt.Sprint(n)+" ") || !strings.Contains(out, "2 fields where the header has") {
			t.Error(out)
		}
		if strings.Contains(out, tooFewFields) {
			t.Error("the row is personal data, shown without --rows")
		}
	})
	t.Run("--rows shows as many as asked for", func(t *testing.T) {
		if out := must(t, nil, "sync", "rejects", id, "--data", data, "--rows", "--limit", "1").out; strings.Count(out, tooFewFields) != 1 {
			t.Error(out)
		}
	})
	t.Run("--json gives every one, to be read by a program", func(t *testing.T) {
		if out := must(t, nil, "sync", "rejects", id, "--data", data, "--json", "--limit", "0").out; strings.Count(out, "\n") != n {
			t.Error(out)
		}
	})
	t.Run("who reads the rows is in the audit, who counts them is not; through a server too", func(t *testing.T) {
		reads := func() (out []string) {
			for _, l := range auditOf(t, data) {
				if l.What == "sync.rejects" {
					out = append(out, l.Who+" "+l.Target)
				}
			}
			return out
		}
		if got := reads(); !slices.Equal(got, []string{"local " + id, "local " + id}) {
			t.Error(got)
		}
		serving(t, data, "")
		must(t, nil, "sync", "rejects", id, "--data", data, "--rows")
		if got := reads(); len(got) != 3 {
			t.Error(got)
		}
	})
	t.Run("a run without rejects says so", func(t *testing.T) {
		if res := must(t, []int{1}, "sync", "rejects", "999999", "--data", data); !strings.Contains(res.err, "no rejected rows") {
			t.Error(res.err)
		}
	})
}
