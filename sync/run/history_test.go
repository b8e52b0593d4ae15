package run

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
	"annuaire/sync/model"
)

// wantLog checks the entries after the first load: how many, of the last run, at the time of its extract.
func wantLog(t testing.TB, d *directory.Directory, n int) {
	t.Helper()
	ok(t, d.Ledger.Since(1, func(e store.Entry) error {
		if n--; e.Run != "000002" || e.Time.Format("200601021504") != day2 || e.Seq == 0 {
			t.Errorf("%+v", e)
		}
		return nil
	}))
	if n != 0 {
		t.Errorf("%d entries of the log too few", n)
	}
}

func TestMailboxChangesHands(t *testing.T) {
	d := loaded(t)
	w := small()
	w.boxes[0] = boxRow("anna", carl)
	take(t, d, w, day2)
	if withBox(t, d, anna) || !withBox(t, d, carl) {
		t.Error("has_mailbox did not follow the box")
	}
	ok(t, d.Ledger.Since(1, func(e store.Entry) error {
		if !slices.Equal(e.People, []string{anna, carl}) {
			t.Error("the entry names", e.People)
		}
		return nil
	}))
}

func TestWithoutMSSanteFileTheBoxesStay(t *testing.T) {
	d := loaded(t)
	before := stateOf(t, d)
	w := small()
	w.boxes = nil
	rep := take(t, d, w, day2)
	if rep.Outcome != store.OutcomeUnchanged || rep.MailboxesAt.Format("200601021504") != day1 {
		t.Errorf("%+v", rep)
	}
	w.activities[0] = w.activities[0].with("Nom d'exercice", "ANNE")
	if rep := take(t, d, w, day3); rep.Mailboxes.Total() != 0 || rep.People.Changed != 1 {
		t.Errorf("%+v", rep)
	}
	after := stateOf(t, d)
	if len(after.Mailboxes) != len(before.Mailboxes) || !withBox(t, d, anna) {
		t.Error("boxes were lost")
	}
	sound(t, d)
}

func TestSomeoneLeavesAndComesBack(t *testing.T) {
	d := loaded(t)
	code := func() annuaire.Code {
		_, err := d.Professional(context.Background(), carl)
		if err == nil {
			return ""
		}
		return annuaire.CodeOf(err)
	}
	w := small()
	w.activities = w.activities[:3]
	rep := take(t, d, w, day2)
	if code() != annuaire.CodeGone || total(t, d, annuaire.Expr{}) != 2 {
		t.Error("after leaving:", code())
	}
	if rep.Orphans["PS_LibreAcces_SavoirFaire"] != 1 || rep.Orphans["PS_LibreAcces_Dipl_AutExerc"] != 0 {
		t.Error("the savoir-faire left behind is not counted:", rep.Orphans)
	}
	if rep := take(t, d, small(), day3); rep.People != (annuaire.Counts{Created: 1}) || code() != "" {
		t.Error("after coming back:", rep.People, code())
	}
}

func TestSameFilesAreNotReadAgain(t *testing.T) {
	d := openDirectory(t)
	dir := small().folder(t, t.TempDir(), day1)
	stages := func(o Options) (out []Stage) {
		o.From = []string{dir}
		o.Progress = func(p Progress) { out = append(out, p.Stage) }
		_, err := Sync(context.Background(), d, o)
		ok(t, err)
		return slices.Compact(out)
	}
	if got := stages(Options{}); !slices.Contains(got, StageScan) || !slices.Contains(got, StagePublish) {
		t.Error("first", got)
	}
	if got := stages(Options{}); !slices.Equal(got, []Stage{StageAcquire}) {
		t.Error("again", got)
	}
	if last, _, _ := d.Ledger.LastRun(); last.ID != "000001" {
		t.Error("a run that found the same files is recorded as", last.ID)
	}
	t.Run("but for rules that changed", func(t *testing.T) {
		oldRules(t, d)
		if got := stages(Options{}); !slices.Contains(got, StageScan) {
			t.Error(got)
		}
		if info, err := d.Info(); info.Model != model.Version || err != nil {
			t.Error(info.Model, err)
		}
		sound(t, d)
	})
}

// oldRules makes d say that it was built by other rules.
func oldRules(t testing.TB, d *directory.Directory) {
	t.Helper()
	ok(t, d.Use(func(g *directory.Generation) error {
		info, err := g.Store.Info()
		ok(t, err)
		seq, err := g.Store.Seq()
		ok(t, err)
		info.Model--
		return g.Store.Apply(nil, seq, info, nil)
	}))
}

// A record that the rules of before made otherwise changes although its rows did not.
func TestOtherRulesBuildEveryRecordAgain(t *testing.T) {
	d := loaded(t)
	want := stateOf(t, d)
	ok(t, d.Use(func(g *directory.Generation) error {
		p := want.People[anna]
		p.Given = "AUTREFOIS"
		body, hash := store.Body(&p)
		run, _, err := d.Ledger.LastRun()
		ok(t, err)
		e := store.Entry{Kind: annuaire.KindPerson, Op: annuaire.Changed, ID: anna, Record: store.Pack(body, annuaire.Source{}),
			Print: store.Print{Rows: want.Prints["person "+anna].Rows, Content: hash}}
		return d.Apply(run, []store.Entry{e}, nil)
	}))
	oldRules(t, d)
	if rep := take(t, d, small(), day2); rep.People != (annuaire.Counts{Changed: 1}) || rep.Structures.Total()+rep.Mailboxes.Total() != 0 {
		t.Errorf("%+v", rep)
	}
	same(t, "not as the rules of today make it", want, stateOf(t, d))
	sound(t, d)
}

func TestLargeDeltaIsBuiltAside(t *testing.T) {
	w := small()
	w.activities = append(w.activities[1:], activity(dora, "DORA", "21", "R3", "PHARMACIE"))
	w.boxes = append(w.boxes[1:], boxRow("dora", dora))
	place, aside := loaded(t), loaded(t)
	take(t, place, w, day2)
	s := newSession(aside, Options{From: []string{w.folder(t, t.TempDir(), day2)}})
	s.aside = func(changed, records int) bool { return changed > 0 && records == 9 }
	type answer struct {
		rep store.Run
		err error
	}
	done := make(chan answer, 1)
	go func() { rep, err := s.sync(context.Background()); done <- answer{rep, err} }()
	select {
	case a := <-done:
		ok(t, a.err)
		if a.rep.Outcome != store.OutcomeLoaded || a.rep.Generation != "000002" || a.rep.People != (annuaire.Counts{Created: 1, Gone: 1}) {
			t.Errorf("%+v", a.rep)
		}
	case <-time.After(time.Minute):
		t.Fatal("the switch waits for the run's own reading")
	}
	same(t, "built aside and in place differ", stateOf(t, place), stateOf(t, aside))
	sound(t, aside)
	if _, err := aside.Professional(context.Background(), anna); annuaire.CodeOf(err) != annuaire.CodeGone {
		t.Error("who left before is forgotten:", err)
	}
	names, err := os.ReadDir(aside.Path("generations"))
	if err != nil || len(names) != 1 || names[0].Name() != "000002" {
		t.Error(names, err)
	}
	current, err := os.ReadFile(filepath.Join(aside.Path(), "CURRENT"))
	if string(current) != "000002\n" || err != nil {
		t.Errorf("%q %v", current, err)
	}
	for _, c := range []struct {
		changed, records int
		want             bool
	}{{20_000, 1000, false}, {20_001, 200_009, true}, {20_001, 200_010, false}, {1_000_000, 3_000_000, true}, {12_000, 2_000_000, false}} {
		if large(c.changed, c.records) != c.want {
			t.Errorf("large(%d, %d) is %t", c.changed, c.records, !c.want)
		}
	}
}

// A run that was committed but did not reach the views is what the next one compares with.
func TestViewsCatchUpBeforeTheNextComparison(t *testing.T) {
	d := loaded(t)
	w := small()
	w.activities = w.activities[:3]
	last, _, err := d.Ledger.LastRun()
	ok(t, err)
	last.ID, last.Info.Run = "000002", "000002"
	_, err = d.Ledger.Commit(last, "000001", []store.Entry{{Kind: annuaire.KindPerson, Op: annuaire.Gone, ID: carl, Run: "000002", Time: last.Extract}})
	ok(t, err)
	if rep := take(t, d, w, day2); rep.Outcome != store.OutcomeUnchanged || rep.ID != "000003" {
		t.Errorf("%+v", rep)
	}
	sound(t, d)
}

// A generation that was lost is built again; who had left is still known to have, and what was published does not get older.
func TestLostGeneration(t *testing.T) {
	dir := t.TempDir()
	d, err := directory.Open(dir)
	ok(t, err)
	take(t, d, small(), day1)
	w := small()
	w.activities = w.activities[:3]
	take(t, d, w, day2)
	want := stateOf(t, d)
	ok(t, d.Close())
	ok(t, os.RemoveAll(filepath.Join(dir, "generations", "000001")))
	d, err = directory.Open(dir)
	ok(t, err)
	defer func() { ok(t, d.Close()) }()
	if _, err := Sync(context.Background(), d, Options{From: []string{small().folder(t, t.TempDir(), day1)}}); annuaire.CodeOf(err) != annuaire.CodeInvalid {
		t.Error("an older extract was taken:", err)
	}
	if rep := take(t, d, w, day2); rep.Outcome != store.OutcomeLoaded || rep.ID != "000003" {
		t.Errorf("%+v", rep)
	}
	same(t, "not as before", want, stateOf(t, d))
	if _, err := d.Professional(context.Background(), carl); annuaire.CodeOf(err) != annuaire.CodeGone {
		t.Error(err)
	}
	sound(t, d)
}
