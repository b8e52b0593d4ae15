package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"annuaire/bench/rig"
)

// tiny is an extract of few columns.
func tiny() rig.Extract {
	e := rig.Extract{Dir: "d", Files: map[string]rig.ExtractFile{}}
	for _, t := range rig.TableOrder {
		e.Files[t] = rig.ExtractFile{Path: "d/" + t + ".txt", Columns: []string{"x", "Identification nationale PP", "y"}}
	}
	a := e.Files[rig.TableActivity]
	a.Columns = []string{"a", "b", "Identification nationale PP", "d", "e", "f", "g", "Nom d'exercice", "Prénom d'exercice", "Code profession",
		"Raison sociale site", "Code postal (coord. structure)", "Libellé commune (coord. structure)"}
	e.Files[rig.TableActivity] = a
	return e
}

func TestColumnNames(t *testing.T) {
	got := columnNames([]string{"x", "Nom d'exercice", "Nom d'exercice", "Code profession", "y"})
	if d := cmp.Diff([]string{"c1", "family", "c3", "profession", "c5"}, got); d != "" {
		t.Error(d)
	}
}

func TestTheActivityFileHasTheColumnsOfTheQuestions(t *testing.T) {
	e, err := rig.EnsureExtract(t.Context(), t.TempDir(), 50, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := places(e.Files[rig.TableActivity].Columns, subjectColumns...); err != nil {
		t.Error(err)
	}
}

func TestPlaces(t *testing.T) {
	h := []string{"x", "Nom d'exercice", "Code profession"}
	got, err := places(h, "profession", "family")
	if d := cmp.Diff([]int{2, 1}, got); d != "" || err != nil {
		t.Error(d, err)
	}
	if _, err := places(h, "given"); err == nil || !strings.Contains(err.Error(), "given") {
		t.Errorf("a column that is missing is not named: %v", err)
	}
}

func TestSQLiteScript(t *testing.T) {
	got := sqliteScript(tiny())
	want := []string{
		".mode ascii\n.separator \"|\" \"\\n\"\n",
		"CREATE TABLE savoir_faire(c1 TEXT, person TEXT, c3 TEXT);\n.import --skip 1 \"d/savoir_faire.txt\" savoir_faire\n",
		"CREATE TABLE personne_activite(c1 TEXT, c2 TEXT, person TEXT, c4 TEXT,",
		"fts5(family, given, structure, city, content='personne_activite'",
		"CREATE INDEX activity_postal_code ON personne_activite(postal_code);\n",
	}
	at := 0
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("the script lacks %q", w)
		}
	}
	for _, step := range []string{".mode ascii", ".import", "fts5", "CREATE INDEX", "SELECT count(*)"} {
		i := strings.Index(got, step)
		if i < at {
			t.Errorf("%s comes too early", step)
		}
		at = i
	}
	if n := strings.Count(got, ".import"); n != 4 {
		t.Errorf("%d files are loaded, not four", n)
	}
}

func TestLastNumber(t *testing.T) {
	for out, want := range map[string]int64{"42\n": 42, "noise\n7\n\n": 7, "": -1, "many\n": -1} {
		if got := lastNumber(out); got != want {
			t.Errorf("lastNumber(%q) = %d, want %d", out, got, want)
		}
	}
}

func TestPgScripts(t *testing.T) {
	prepare := pgPrepare(tiny())
	for _, w := range []string{"CREATE UNLOGGED TABLE personne_activite(", "CREATE TABLE bal(c1 TEXT, person TEXT, c3 TEXT);", "('2A', '94')", "('69', '84')"} {
		if !strings.Contains(prepare, w) {
			t.Errorf("prepare lacks %q", w)
		}
	}
	derive := pgDerive(tiny())
	if !strings.Contains(derive, "SELECT person, profession, structure, postal_code, city, department_of(") {
		t.Errorf("activities do not keep exactly what is of them:\n%s", derive)
	}
	if a, b := strings.Index(derive, "SELECT count(*)"), strings.Index(derive, "DROP TABLE"); a < 0 || b < a {
		t.Error("the rows are not counted before they are dropped")
	}
	onNames := "CREATE INDEX ON person(family_f, given_f, id);"
	if !strings.Contains(pgIndex(true), onNames) || strings.Contains(pgIndex(false), onNames) {
		t.Error("the index on names does not follow the option")
	}
	if !strings.HasSuffix(pgIndex(false), "VACUUM ANALYZE;\n") {
		t.Error("statistics are not gathered last")
	}
}

func TestPgCopyTakesQuotesAsContent(t *testing.T) {
	got := pgCopy("bal")
	for _, w := range []string{"COPY bal FROM STDIN", "DELIMITER '|'", `QUOTE E'\x01'`, "HEADER"} {
		if !strings.Contains(got, w) {
			t.Errorf("%s lacks %s", got, w)
		}
	}
}

func TestServerSettingsFollowTheMachine(t *testing.T) {
	for name, c := range map[string]struct {
		ram  int64
		want []string
	}{
		"a large machine":       {24 << 30, []string{"shared_buffers=2048MB", "maintenance_work_mem=1024MB", "effective_cache_size=12288MB"}},
		"a small one":           {2 << 30, []string{"shared_buffers=512MB", "maintenance_work_mem=256MB", "effective_cache_size=1024MB"}},
		"one with next to none": {1 << 20, []string{"shared_buffers=64MB", "maintenance_work_mem=32MB", "effective_cache_size=128MB"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := serverSettings(c.ram)
			for _, w := range append(c.want, "listen_addresses=", "fsync=off") {
				if !slices.Contains(got, w) {
					t.Errorf("no %s in %v", w, got)
				}
			}
		})
	}
}

func TestWhy(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"measured":                    {nil, ""},
		"not installed":               {fmt.Errorf("x: %w", rig.Unmeasured("sqlite3 is not installed")), "not measured: sqlite3 is not installed"},
		"failed, without the details": {errors.New("/home/somebody/x: no room"), "not measured: SQLite failed, see the output of the run"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := rig.Why("SQLite", c.err); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestDiskUsage(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a"), make([]byte, 100_000), 0o600); err != nil {
		t.Fatal(err)
	}
	hole, err := os.Create(filepath.Join(dir, "hole"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(hole.Truncate(1<<30), hole.Close()); err != nil {
		t.Fatal(err)
	}
	if got := rig.DiskUsage(dir); got < 50_000 || got > 1<<20 { // a file system may compress, or store more than it was given
		t.Errorf("%d bytes", got)
	}
	if got := rig.DiskUsage(filepath.Join(dir, "nothing")); got != 0 {
		t.Errorf("%d bytes of what is not there", got)
	}
}
