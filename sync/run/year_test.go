package run

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"annuaire"
	"annuaire/fixtures"
	"annuaire/internal/directory"
	"annuaire/internal/store"
	"annuaire/internal/testsource"
)

// TestAYearInMinutes syncs day after day of a made-up country, with days of silence, a day published twice and three bad files, as a server does
// by itself. In the end there is what a first load of the last day gives, and so says the log, replayed. A month, unless ANNUAIRE_SOAK
// is set: then it is a year.
func TestAYearInMinutes(t *testing.T) {
	days, people := 31, 300
	if os.Getenv("ANNUAIRE_SOAK") != "" {
		days = 365
	}
	p, d := newPublisher(t), openDirectory(t)
	svc := serviceOf(t, d, settings(p))
	day := func() (store.Run, error) {
		return svc.Do(context.Background(), Options{From: []string{"ans"}, Trigger: annuaire.TriggerSchedule, By: "schedule"})
	}
	var first state
	ends := map[string]int{}
	for n := range days {
		publishDay(t, p, people, n)
		switch bad := n % 30; {
		case n > 0 && (bad >= 10 && bad < 14 || n > 200 && n < 211): // silence: what was published last stays
			publishDay(t, p, people, lastDay(n))
		case n == days/4: // truncated at the source
			p.Always("GET", peoplePath, testsource.Short(1000))
			p.Always("HEAD", peoplePath, testsource.Short(1000))
		case n == days/2: // a page in place of the archive
			p.Always("GET", peoplePath, testsource.Page(true))
		case n == 3*days/4: // a column renamed
			spoilDay(t, p, people, n)
		}
		rep, err := day()
		var input *annuaire.InputError
		switch {
		case n == days/4 || n == days/2 || n == 3*days/4:
			if !errors.As(err, &input) {
				t.Fatalf("day %d: %v", n, err)
			}
			ends["rejected"]++
			p.Always("GET", peoplePath, nil)
			p.Always("HEAD", peoplePath, nil)
		case err != nil:
			t.Fatalf("day %d: %v", n, err)
		case rep.Outcome == store.OutcomeAwaiting: // a person is there
			if _, err := svc.Approve(context.Background(), rep.ID, lead, nil); err != nil {
				t.Fatalf("day %d: %v", n, err)
			}
			ends["approved"]++
		default:
			ends[string(rep.Outcome)]++
		}
		if n == 0 {
			first = stateOf(t, d)
		}
		if again, err := day(); err == nil && again.Outcome != store.OutcomeUnchanged && n != days/4 && n != days/2 { // once repaired, those are news
			t.Fatalf("day %d, looked at twice: %+v", n, again)
		}
	}
	t.Log(days, "days:", ends)
	if ends["rejected"] != 3 || ends[string(store.OutcomeApplied)] < days/2 || ends[string(store.OutcomeUnchanged)] < 4 {
		t.Error(ends)
	}
	sound(t, d)
	last := stateOf(t, d)
	fresh := openDirectory(t)
	_, err := Sync(context.Background(), fresh, Options{From: []string{filepath.Join(dayDir(t, people, lastDay(days-1)))}})
	ok(t, err)
	same(t, "a first load of the last day", stateOf(t, fresh), last)
	replayed(t, d, first)
	bounded(t, d, days)
}

// lastDay is the last day before or on n that was published.
func lastDay(n int) int {
	for ; n > 0; n-- {
		if bad := n % 30; !(bad >= 10 && bad < 14 || n > 200 && n < 211) {
			break
		}
	}
	return n
}

func dayDir(t *testing.T, people, n int) string {
	t.Helper()
	dir := t.TempDir()
	_, err := fixtures.Generate(context.Background(), fixtures.Options{People: people, Seed: 1, Day: n, Out: dir, Zip: true})
	ok(t, err)
	return dir
}

func publishDay(t *testing.T, p publisher, people, n int) {
	t.Helper()
	dir := dayDir(t, people, n)
	defer os.RemoveAll(dir)
	for path, prefix := range map[string]string{peoplePath: "PS_*", boxesPath: "Extraction_*"} {
		found, err := filepath.Glob(filepath.Join(dir, prefix))
		ok(t, err)
		b, err := os.ReadFile(found[0])
		ok(t, err)
		p.Put(path, testsource.File{Name: filepath.Base(found[0]), Body: b})
	}
}

// spoilDay publishes a day whose files have a column under another name.
func spoilDay(t *testing.T, p publisher, people, n int) {
	t.Helper()
	dir := t.TempDir()
	rep, err := fixtures.Generate(context.Background(), fixtures.Options{People: people, Seed: 1, Day: n, Out: dir})
	ok(t, err)
	raw := archived(t, "", nil)
	for _, path := range rep.Files {
		b, err := os.ReadFile(path)
		ok(t, err)
		if strings.HasPrefix(filepath.Base(path), "PS_") {
			raw = added(t, raw, filepath.Base(path), bytes.Replace(b, []byte("Code profession"), []byte("Profession"), 1))
		}
	}
	p.Put(peoplePath, testsource.File{Name: "PS_LibreAcces_" + rep.Stamp.Format("200601021504") + ".zip", Body: raw})
}

// replayed applies the log to what the first load brought, and wants the records of today.
func replayed(t *testing.T, d *directory.Directory, s state) {
	t.Helper()
	ok(t, d.Ledger.Since(1, func(e store.Entry) error {
		switch e.Kind {
		case annuaire.KindPerson:
			replay(t, s.People, e)
		case annuaire.KindStructure:
			replay(t, s.Structures, e)
		case annuaire.KindMailbox:
			replay(t, s.Mailboxes, e)
		}
		return nil
	}))
	now := stateOf(t, d)
	for what, diff := range map[string]string{"people": cmp.Diff(now.People, s.People, cmpopts.IgnoreTypes(annuaire.Source{})),
		"structures": cmp.Diff(now.Structures, s.Structures, cmpopts.IgnoreTypes(annuaire.Source{})),
		"mailboxes":  cmp.Diff(now.Mailboxes, s.Mailboxes, cmpopts.IgnoreTypes(annuaire.Source{}))} {
		if diff != "" {
			t.Errorf("the log does not give the %s of today: %.2000s", what, diff)
		}
	}
}

func replay[T store.Record](t *testing.T, into map[string]T, e store.Entry) {
	t.Helper()
	if e.Op == annuaire.Gone {
		delete(into, e.ID)
		return
	}
	var rec T
	ok(t, store.Unpack(e.Record, &rec))
	into[e.ID] = rec
}

// bounded looks at what the days leave on disk: one generation, one download of the source, and a log that grows with what changes.
func bounded(t *testing.T, d *directory.Directory, days int) {
	t.Helper()
	for sub, most := range map[string]int{"generations": 1, "incoming": 1, filepath.Join("incoming", "from-ans"): 4} {
		names, err := os.ReadDir(d.Path(sub))
		ok(t, err)
		if len(names) > most {
			t.Error(sub, "holds", names)
		}
	}
	var size int64
	ok(t, filepath.WalkDir(d.Path(), func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			info, ierr := e.Info()
			ok(t, ierr)
			size += info.Size()
		}
		return err
	}))
	t.Logf("%d days take %d KiB", days, size>>10)
	if most := int64(8<<20) + int64(days)*(64<<10); size > most {
		t.Errorf("%d bytes on disk after %d days, more than %d", size, days, most)
	}
}
