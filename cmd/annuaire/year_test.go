package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"annuaire"
	"annuaire/api"
	"annuaire/fixtures"
	"annuaire/internal/directory"
	"annuaire/internal/store"
	"annuaire/internal/watch"
	"annuaire/sync/run"
)

// A year in a minute: a directory that lives through days with churn, days without a file, and files that are bad. At its end it equals a
// fresh load of the last day; a reader who followed its feed from zero has the same; one who looks in too rarely is told so, and has the
// same too; the disk does not fill up. With ANNUAIRE_SOAK it is a whole year of more people, else seven weeks.
func TestAYear(t *testing.T) {
	y := year{people: 150, days: 50, keep: 14}
	if os.Getenv("ANNUAIRE_SOAK") != "" {
		y = year{people: 2000, days: 365, keep: 60}
	}
	seed := rand.Uint64()
	t.Log("seed", seed)
	y.rnd = rand.New(rand.NewPCG(seed, 0))
	y.live(t)
}

type year struct {
	people, days int
	keep         int // days of the log
	rnd          *rand.Rand

	dir  string
	d    *directory.Directory
	rest http.Handler
}

func (y *year) live(t *testing.T) {
	y.dir = filepath.Join(t.TempDir(), "data")
	y.open(t)
	bad := map[int]func(*testing.T, int) string{y.days / 5: y.truncated, y.days / 2: y.older, y.days * 4 / 5: y.incomplete}
	daily, lazy := &replica{}, &replica{}
	disk, silent, last, silences := []int64{}, 0, 0, 0
	for day := 0; day <= y.days; day++ {
		if make, ok := bad[day]; ok {
			y.refused(t, make(t, day))
		} else if silent > 0 && day != y.days { // nothing was published
			silent--
		} else {
			last = day
			rep := y.sync(t, y.extract(t, day))
			if rep.Outcome == store.OutcomeUnchanged && rep.ID == "" {
				t.Fatalf("day %d is taken for the one before", day)
			}
			if _, err := y.d.Prune(rep.Extract.AddDate(0, 0, -y.keep)); err != nil {
				t.Fatal(err)
			}
			if y.rnd.IntN(12) == 0 {
				silent = 1 + y.rnd.IntN(10)
				silences++
			}
		}
		daily.read(t, y.rest)
		if day%(2*y.keep) == 0 {
			lazy.read(t, y.rest)
		}
		if day%9 == 5 { // the machine is started again now and then
			closed(t, y.d)
			y.open(t)
		}
		disk = append(disk, watch.New(watch.Options{Source: watched{y.d}, Dir: y.dir}).LookAtDisk().Used)
	}
	lazy.read(t, y.rest)
	t.Logf("%d silences, log %+v, exports of the reader who follows %d, of the one who does not %d, disk %d MB", silences, y.window(t), daily.exports, lazy.exports, disk[len(disk)-1]>>20)
	y.judge(t, last, daily, lazy, disk)
}

func (y *year) judge(t *testing.T, last int, daily, lazy *replica, disk []int64) {
	fresh := filepath.Join(t.TempDir(), "fresh")
	other := &year{dir: fresh, people: y.people}
	other.open(t)
	other.sync(t, y.extract(t, last))
	want := &replica{}
	want.export(t, other.rest)
	t.Run("the directory equals a fresh load of the last day", func(t *testing.T) {
		got := &replica{}
		got.export(t, y.rest)
		got.equals(t, want)
		if rep, err := y.d.Check(t.Context()); err != nil || rep.Problems > 0 {
			t.Error(rep, err)
		}
	})
	t.Run("so does what a reader has who followed the feed from zero, without ever reading everything again", func(t *testing.T) {
		if daily.exports != 1 { // the first load stands for everything
			t.Error("exports:", daily.exports)
		}
		daily.equals(t, want)
	})
	t.Run("and a reader who looks in too rarely, who is told so each time", func(t *testing.T) {
		if lazy.gaps == 0 {
			t.Error("it never missed anything")
		}
		lazy.equals(t, want)
	})
	t.Run("the disk does not fill up", func(t *testing.T) {
		before, after := disk[len(disk)/2], disk[len(disk)-1]
		if after > before*3/2 {
			t.Errorf("%d bytes at half, %d at the end", before, after)
		}
		if w := y.window(t); w.Oldest <= 1 {
			t.Errorf("the log was never shortened: %+v", w)
		}
	})
	closed(t, y.d)
	closed(t, other.d)
	t.Run("and after a restart the records are those of the fresh load, to the byte", func(t *testing.T) {
		got := stored(t, y.dir)
		same(t, "after a year", stored(t, fresh), got)
	})
}

func (y *year) open(t *testing.T) {
	t.Helper()
	d, err := directory.Open(y.dir)
	if err != nil {
		t.Fatal(err)
	}
	y.d, y.rest = d, api.Local(api.New(api.Options{Directory: d}))
}

func (y *year) window(t *testing.T) store.Window {
	t.Helper()
	w, err := y.d.Ledger.Window()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (y *year) extract(t *testing.T, day int) string {
	t.Helper()
	dir := t.TempDir()
	if _, err := fixtures.Generate(t.Context(), fixtures.Options{People: y.people, Seed: 1, Day: day, Out: dir}); err != nil {
		t.Fatal(err)
	}
	return dir
}

func (y *year) sync(t *testing.T, from string) store.Run {
	t.Helper()
	rep, err := run.Sync(t.Context(), y.d, run.Options{From: []string{from}})
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

// refused takes in bad files, which has to leave everything as it is.
func (y *year) refused(t *testing.T, from string) {
	t.Helper()
	before, old := y.window(t), &replica{}
	old.export(t, y.rest)
	_, err := run.Sync(t.Context(), y.d, run.Options{From: []string{from}})
	var input *annuaire.InputError
	if !errors.As(err, &input) {
		t.Fatal("bad files were not refused as such:", err)
	}
	now := &replica{}
	now.export(t, y.rest)
	now.equals(t, old)
	if after := y.window(t); after.Head != before.Head {
		t.Error(before, after)
	}
}

// truncated is an extract whose people break off in the middle of a row, with a column lost.
func (y *year) truncated(t *testing.T, day int) string {
	dir := y.extract(t, day)
	path := fileIn(t, dir, peopleFile)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(b[:len(b)/2]), "Code profession|", "", 1)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func (y *year) older(t *testing.T, day int) string { return y.extract(t, max(0, day-30)/2) }

func (y *year) incomplete(t *testing.T, day int) string {
	dir := y.extract(t, day)
	if err := os.Remove(fileIn(t, dir, skillFile)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// replica is what a reader of the feed keeps: records as JSON, by kind and id.
type replica struct {
	seq     uint64
	records map[string]string
	exports int
	gaps    int
}

// read goes on from where it was, as docs/API.md says: a load, or a gap, is an export, then the changes after it.
func (r *replica) read(t *testing.T, rest http.Handler) {
	t.Helper()
	for {
		w := httptest.NewRecorder()
		rest.ServeHTTP(w, httptest.NewRequest("GET", "/v1/changes?limit=200&since="+strconv.FormatUint(r.seq, 10), nil))
		if w.Code == http.StatusGone {
			var p struct{ Restart struct{ Since uint64 } }
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Restart.Since == 0 {
				t.Fatal(w.Body, err)
			}
			r.gaps++
			r.export(t, rest)
			r.seq = p.Restart.Since
			continue
		}
		if w.Code != http.StatusOK {
			t.Fatal(w.Code, w.Body)
		}
		if w.Body.Len() == 0 {
			return
		}
		for lines := bufio.NewScanner(w.Body); lines.Scan(); {
			r.take(t, rest, lines.Bytes())
		}
	}
}

func (r *replica) take(t *testing.T, rest http.Handler, line []byte) {
	t.Helper()
	var c struct {
		Seq              uint64
		Kind, Change, ID string
		Record           map[string]any
	}
	if err := json.Unmarshal(line, &c); err != nil || c.Seq <= r.seq {
		t.Fatalf("after %d: %s %v", r.seq, line, err)
	}
	r.seq = c.Seq
	switch key := c.Kind + " " + c.ID; {
	case c.Kind == "load":
		r.export(t, rest)
	case c.Change == "gone":
		delete(r.records, key)
	default:
		r.records[key] = said(c.Record)
	}
}

// export reads everything.
func (r *replica) export(t *testing.T, rest http.Handler) {
	t.Helper()
	r.exports++
	r.records = map[string]string{}
	for path, kind := range map[string]string{"professionals": "person", "structures": "structure", "mailboxes": "mailbox"} {
		w := httptest.NewRecorder()
		rest.ServeHTTP(w, httptest.NewRequest("GET", "/v1/export/"+path, nil))
		if w.Code != http.StatusOK {
			t.Fatal(w.Code, w.Body)
		}
		lines := bufio.NewScanner(w.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var rec map[string]any
			if err := json.Unmarshal(lines.Bytes(), &rec); err != nil {
				t.Fatal(err)
			}
			id, _ := rec["id"].(string)
			if kind == "mailbox" {
				id, _ = rec["address"].(string)
			}
			r.records[kind+" "+id] = said(rec)
		}
	}
}

// said is what a record says: not where it comes from, nor the boxes of a person, which are records of their own.
func said(rec map[string]any) string {
	for _, k := range []string{"source", "matched_on", "structure_mailboxes"} {
		delete(rec, k)
	}
	if _, person := rec["practices"]; person {
		delete(rec, "mailboxes")
	}
	b, err := json.Marshal(rec)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func (r *replica) equals(t *testing.T, want *replica) {
	t.Helper()
	differ := []string{}
	for key, v := range want.records {
		if r.records[key] != v {
			differ = append(differ, fmt.Sprintf("%s\n  want %s\n  got  %s", key, v, r.records[key]))
		}
	}
	for key := range r.records {
		if _, ok := want.records[key]; !ok {
			differ = append(differ, key+" is too much")
		}
	}
	if len(differ) > 0 {
		t.Errorf("%d of %d differ, such as %s", len(differ), len(want.records), differ[0])
	}
}
