package run

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
	"annuaire/sync/diff"
	"annuaire/sync/extract"
	"annuaire/sync/model"
)

// refused syncs d and wants an input error that says each of parts, and d as it was.
func refused(t *testing.T, d *directory.Directory, o Options, parts ...string) {
	t.Helper()
	before := stateOf(t, d)
	seq, _, err := d.Ledger.Head()
	ok(t, err)
	_, err = Sync(context.Background(), d, o)
	var input *annuaire.InputError
	if !errors.As(err, &input) || annuaire.CodeOf(err) != annuaire.CodeInvalid {
		t.Fatalf("error %v, want one about the input", err)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("error %q does not say %q", err, p)
		}
	}
	same(t, "the data was touched", before, stateOf(t, d))
	if after, _, _ := d.Ledger.Head(); after != seq {
		t.Error("the log grew")
	}
	if left, err := os.ReadDir(d.Path("incoming")); err != nil || len(left) > 0 {
		t.Error("left over:", left, err)
	}
}

func TestRefusedInput(t *testing.T) {
	t.Run("an older extract, unless allowed", func(t *testing.T) {
		d := openDirectory(t)
		take(t, d, small(), day2)
		w := small()
		w.activities = w.activities[:3]
		dir := w.folder(t, t.TempDir(), day1)
		refused(t, d, Options{From: []string{dir}}, "2026-11-21T04:12:00Z", "2026-11-22T04:12:00Z", "--allow-older")
		rep, err := Sync(context.Background(), d, Options{From: []string{dir}, AllowOlder: true})
		if err != nil || rep.Outcome != store.OutcomeApplied || rep.People.Gone != 1 {
			t.Error(rep, err)
		}
	})
	t.Run("an older MSSanté file alone", func(t *testing.T) {
		d := loaded(t)
		dir := small().folder(t, t.TempDir(), day2)
		name := extract.Mailboxes.String() + "_"
		ok(t, os.Rename(filepath.Join(dir, name+day2+".txt"), filepath.Join(dir, name+"202611200412.txt")))
		refused(t, d, Options{From: []string{dir}}, "MSSante")
	})
	many := small()
	for range 200 {
		many.activities = append(many.activities, small().activities[0])
	}
	wrong := func(n int) world {
		w := many.clone()
		for range n {
			w.activities = append(w.activities, activity("8", "SANS NUMERO", "10", "", ""))
		}
		return w
	}
	t.Run("more than 1 % of rows rejected", func(t *testing.T) {
		d := loaded(t)
		refused(t, d, Options{From: []string{wrong(3).folder(t, t.TempDir(), day2)}}, "3 rows rejected of 207, more than 1 %")
		if list, err := os.ReadFile(d.Path("rejects", "000002.ndjson")); err != nil || strings.Count(string(list), "\n") != 3 {
			t.Error("the rejects are not kept:", string(list), err)
		}
		t.Run("and the next run, which has none, takes another number", func(t *testing.T) {
			rep := take(t, d, small(), day2)
			if _, err := os.Stat(d.Path("rejects", "000003.ndjson")); rep.ID != "000003" || !errors.Is(err, os.ErrNotExist) {
				t.Error(rep.ID, err)
			}
		})
	})
	t.Run("1 % or less is taken, counted and kept aside", func(t *testing.T) {
		d := loaded(t)
		rep := take(t, d, wrong(2), day2)
		if rep.Rejected != 2 || rep.Outcome != store.OutcomeUnchanged || rep.Rows["PS_LibreAcces_Personne_activite"] != 204 {
			t.Errorf("%+v", rep)
		}
		n := 0
		f, err := os.Open(d.Path("rejects", "000002.ndjson"))
		ok(t, err)
		defer f.Close()
		ok(t, extract.ReadRejects(f, func(r extract.Reject) error { n++; return nil }))
		if n != 2 {
			t.Error(n, "rejects on disk")
		}
	})
	for name, spoil := range map[string]func(dir string) error{
		"a PS file missing": func(dir string) error {
			return os.Remove(filepath.Join(dir, extract.Skills.String()+"_"+day2+".txt"))
		},
		"a PS file without a row": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, extract.Diplomas.String()+"_"+day2+".txt"), []byte(text(t, extract.Diplomas, nil)), 0o600)
		},
		"a required column missing": func(dir string) error {
			p := filepath.Join(dir, extract.Activities.String()+"_"+day2+".txt")
			b, err := os.ReadFile(p)
			return errors.Join(err, os.WriteFile(p, []byte(strings.Replace(string(b), "Nom d'exercice", "Nom", 1)), 0o600))
		},
		"an archive cut short": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "PS_LibreAcces_"+day3+".zip"), []byte("PK\x03\x04"), 0o600)
		},
		"no extract at all": func(dir string) error {
			return errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o700))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := small().folder(t, t.TempDir(), day2)
			ok(t, spoil(dir))
			refused(t, loaded(t), Options{From: []string{dir}})
		})
	}
}

// Whatever another program does to a file between the two readings, no row is taken for another.
func TestFileChangesBetweenTheReadings(t *testing.T) {
	edits := map[string]func(string) string{
		"another name":               func(s string) string { return strings.Replace(s, "|ANNA|", "|ANNE|", 1) },
		"another structure":          func(s string) string { return strings.ReplaceAll(s, "CABINET", "MAISONS") },
		"another structure's number": func(s string) string { return strings.ReplaceAll(s, "|R1|", "|R9|") },
		"no structure any more":      func(s string) string { return noStructure(s) },
		"a shorter file":             func(s string) string { return s[:len(s)/2] },
		"rows moved":                 func(s string) string { return strings.Replace(s, "\n8|", "\n\n8|", 1) },
		"something else":             func(s string) string { return strings.Repeat("\x00", len(s)) },
	}
	for name, edit := range edits {
		for _, first := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, first load %t", name, first), func(t *testing.T) {
				d, w := openDirectory(t), small()
				w.activities[1] = w.activities[1].with("Raison sociale site", "CLINIC8") // R1 is in dispute
				if !first {
					take(t, d, small(), day1)
					for i := range w.activities {
						w.activities[i] = w.activities[i].with("Prénom d'exercice", "X")
					}
				}
				dir := w.folder(t, t.TempDir(), day2)
				path := filepath.Join(dir, extract.Activities.String()+"_"+day2+".txt")
				raw, err := os.ReadFile(path)
				ok(t, err)
				s := newSession(d, Options{From: []string{dir}})
				scanning := false
				s.Progress = func(p Progress) {
					if p.Stage == StageScan && p.Done == p.Total && p.Done > 0 && !scanning {
						scanning = true // of the first file, the one that changes: at its end
						ok(t, os.WriteFile(path, []byte(edit(string(raw))), 0o600))
					}
				}
				before := stateOf(t, d)
				_, err = s.sync(context.Background())
				var input *annuaire.InputError
				if !scanning || !errors.As(err, &input) || !strings.Contains(err.Error(), "changed while it was read") {
					t.Fatalf("scanned %t, error %v", scanning, err)
				}
				same(t, "the data was touched", before, stateOf(t, d))
			})
		}
	}
}

// The reading of structures alone finds it too: it does not count on the reading of people that follows.
func TestStructureRowIsTheOneScanned(t *testing.T) {
	dir := small().folder(t, t.TempDir(), day1)
	f := extract.File{Kind: extract.Activities, Path: filepath.Join(dir, extract.Activities.String()+"_"+day1+".txt")}
	table, err := extract.Open(context.Background(), f, dir, extract.Limits{})
	ok(t, err)
	defer table.Close()
	var rows []diff.Row
	_, err = table.Scan(context.Background(), 1, func(_ int, r *extract.Row) error {
		rows = append(rows, diff.Row{Hash: model.SiteHash(r), Pos: diff.At(r.Offset, r.Len)})
		return nil
	})
	ok(t, err)
	r := reader{s: &session{tables: map[extract.Kind]*extract.Table{extract.Activities: table}}}
	if st, err := r.site(rows[0]); err != nil || st.ID != "R1" {
		t.Error(st, err)
	}
	for name, row := range map[string]diff.Row{"another structure": {Hash: rows[0].Hash, Pos: rows[2].Pos}, "no structure": {Hash: rows[3].Hash, Pos: rows[3].Pos},
		"no row": {Hash: rows[0].Hash, Pos: diff.At(1<<30, 10)}} {
		var input *annuaire.InputError
		if _, err := r.site(row); !errors.As(err, &input) {
			t.Error(name, err)
		}
	}
}

// noStructure blanks what places a row without moving any other byte.
func noStructure(s string) string {
	for _, v := range []string{"|R1|", "|R2|", "CABINET", "CLINIC8", "CLINIQUE", "|48000|", "|48095|"} {
		s = strings.ReplaceAll(s, v, strings.Map(func(r rune) rune {
			if r == '|' {
				return r
			}
			return ' '
		}, v))
	}
	return s
}

func TestDryRun(t *testing.T) {
	w := small()
	w.activities = append(w.activities[1:], activity(dora, "DORA", "21", "R3", "X"))
	for name, d := range map[string]*directory.Directory{"over a load": loaded(t), "on nothing": openDirectory(t)} {
		t.Run(name, func(t *testing.T) {
			before := stateOf(t, d)
			dir := w.folder(t, t.TempDir(), day2)
			dry, err := Sync(context.Background(), d, Options{From: []string{dir}, DryRun: true})
			if err != nil || dry.Outcome != store.OutcomeDryRun || dry.ID != "" {
				t.Fatalf("%+v %v", dry, err)
			}
			same(t, "the data was touched", before, stateOf(t, d))
			if left, _ := os.ReadDir(d.Path("rejects")); len(left) > 0 {
				t.Error("rejects were written", left)
			}
			real, err := Sync(context.Background(), d, Options{From: []string{dir}})
			ok(t, err)
			if dry.People != real.People || dry.Structures != real.Structures || dry.Mailboxes != real.Mailboxes || real.People.Total() == 0 {
				t.Errorf("announced %+v, done %+v", dry, real)
			}
		})
	}
}

func TestCancelled(t *testing.T) {
	for _, stage := range []Stage{StageAcquire, StageScan, StageCompare} {
		t.Run("at "+string(stage), func(t *testing.T) {
			d, w := loaded(t), small()
			w.activities[0] = w.activities[0].with("Nom d'exercice", "ANNE")
			before := stateOf(t, d)
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			_, err := Sync(ctx, d, Options{From: []string{w.folder(t, t.TempDir(), day2)}, Progress: func(p Progress) {
				if p.Stage == stage {
					cancel()
				}
			}})
			if !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			same(t, "the data was touched", before, stateOf(t, d))
			if left, err := os.ReadDir(d.Path("incoming")); err != nil || len(left) > 0 {
				t.Error("left over:", left, err)
			}
			if rep := take(t, d, w, day2); rep.Outcome != store.OutcomeApplied || rep.ID != "000003" {
				t.Error("the next run:", rep)
			}
			if r, _, err := d.Ledger.SyncRun("000002"); err != nil || r.State != annuaire.RunInterrupted {
				t.Error("recorded as", r.State, err)
			}
		})
	}
	t.Run("a first load leaves nothing", func(t *testing.T) {
		d := openDirectory(t)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		_, err := Sync(ctx, d, Options{From: []string{small().folder(t, t.TempDir(), day1)}, Progress: func(p Progress) {
			if p.Stage == StageScan {
				cancel()
			}
		}})
		left, _ := os.ReadDir(d.Path("generations"))
		if !errors.Is(err, context.Canceled) || len(left) > 0 {
			t.Error(err, left)
		}
	})
}
