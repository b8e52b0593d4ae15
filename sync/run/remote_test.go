package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
	"annuaire/internal/testsource"
	"annuaire/sync/extract"
	"annuaire/sync/fetch"
)

// TestSourceThatPlays puts every way of a source to go wrong against a directory that has day 1, and says how the run must end. A reader
// asks all the time: it sees day 1, or, if the run is to take it, day 2, and never an error.
func TestSourceThatPlays(t *testing.T) {
	day := func(name string) world {
		w := small()
		w.activities[0] = w.activities[0].with("Nom d'exercice", name)
		return w
	}
	was, becomes := "3 [ANNA BEA CARL]", "3 [BEA CARL ZOE]"
	header := func(p publisher, t *testing.T, edit func([]byte) []byte) {
		b := text(t, extract.Activities, day("ZOE").activities)
		w := day("ZOE")
		raw := archived(t, day2, map[extract.Kind][]fields{extract.Skills: w.skills, extract.Diplomas: w.diplomas})
		p.Put(peoplePath, testsource.File{Name: "PS_LibreAcces_" + day2 + ".zip", Body: added(t, raw, extract.Activities.String()+"_"+day2+".txt", edit([]byte(b)))})
	}
	type play struct {
		rule    string
		spoil   func(t *testing.T, p publisher)
		outcome store.Outcome
		code    annuaire.Code // of the error; "" for none
		input   bool          // exit code 4
		says    string
	}
	plays := []play{
		{rule: "a new version is applied", outcome: store.OutcomeApplied},
		{rule: "the same version is not downloaded", spoil: func(t *testing.T, p publisher) { p.publish(t, day("ANNA"), day1) }, outcome: store.OutcomeUnchanged},
		{rule: "an older file is left, and the newer data stays", spoil: func(t *testing.T, p publisher) { p.publish(t, day("ZOE"), "202611200412") },
			outcome: store.OutcomeUnchanged, says: "older than the one loaded"},
		{rule: "a wrong length is refused", spoil: func(_ *testing.T, p publisher) { p.Always("GET", peoplePath, testsource.Long(7)) },
			code: annuaire.CodeInvalid, input: true, says: "bytes announced"},
		{rule: "a slow loris is given up", spoil: func(_ *testing.T, p publisher) { p.Always("GET", peoplePath, testsource.Drip(5*time.Millisecond)) }, code: annuaire.CodeUnavailable},
		{rule: "429 with Retry-After is waited for", spoil: func(_ *testing.T, p publisher) {
			p.Play("GET", peoplePath, testsource.Status(429, "Retry-After", "1"))
		}, outcome: store.OutcomeApplied},
		{rule: "503 that passes", spoil: func(_ *testing.T, p publisher) {
			p.Play("HEAD", peoplePath, testsource.Status(503))
		}, outcome: store.OutcomeApplied},
		{rule: "503 that stays", spoil: func(_ *testing.T, p publisher) { p.Always("HEAD", peoplePath, testsource.Status(503)) }, code: annuaire.CodeUnavailable},
		{rule: "a redirect to a foreign host is refused", spoil: func(_ *testing.T, p publisher) {
			p.Always("GET", peoplePath, testsource.Redirect("http://foreign.invalid/"))
		}, code: annuaire.CodeInvalid, input: true, says: "foreign.invalid"},
		{rule: "a version that changes during a resume: the later one is applied", spoil: func(t *testing.T, p publisher) {
			p.publish(t, day("NON"), day2)
			p.Play("GET", peoplePath, func(w http.ResponseWriter, r *http.Request, f testsource.File) {
				p.publish(t, day("ZOE"), day3)
				testsource.Cut(100)(w, r, f)
			})
		}, outcome: store.OutcomeApplied},
		{rule: "HTML instead of a ZIP is refused", spoil: func(_ *testing.T, p publisher) { p.Always("GET", peoplePath, testsource.Page(false)) },
			code: annuaire.CodeInvalid, input: true, says: "a web page in place of"},
		{rule: "a ZIP bomb is refused", spoil: func(t *testing.T, p publisher) {
			header(p, t, func(b []byte) []byte { return append(b, bytes.Repeat([]byte("|\n"), 2<<20)...) })
		},
			code: annuaire.CodeInvalid, input: true, says: "compression ratio"},
		{rule: "a required column missing is refused", spoil: func(t *testing.T, p publisher) { header(p, t, replace("Nom d'exercice|", "")) },
			code: annuaire.CodeInvalid, input: true, says: "Nom d'exercice"},
		{rule: "a required column renamed is refused", spoil: func(t *testing.T, p publisher) { header(p, t, replace("Code profession", "Profession code")) },
			code: annuaire.CodeInvalid, input: true, says: "Code profession"},
		{rule: "a column inserted is taken, and reported", spoil: func(t *testing.T, p publisher) {
			header(p, t, func(b []byte) []byte {
				lines := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
				for i := range lines {
					lines[i] = strings.Replace(lines[i], "|", map[bool]string{true: "|Nouveau|", false: "|x|"}[i == 0], 1)
				}
				return []byte(strings.Join(lines, "\n") + "\n")
			})
		}, outcome: store.OutcomeApplied, says: `unknown column "Nouveau" ignored`},
		{rule: "a damaged member of the archive is refused", spoil: func(t *testing.T, p publisher) {
			w := day("ZOE")
			raw := archived(t, day2, map[extract.Kind][]fields{extract.Activities: w.activities, extract.Skills: w.skills, extract.Diplomas: w.diplomas})
			raw[len(raw)/2] ^= 0x55
			raw[len(raw)/3] ^= 0x55
			p.Put(peoplePath, testsource.File{Name: "PS_LibreAcces_" + day2 + ".zip", Body: raw})
		}, code: annuaire.CodeInvalid, input: true, says: "damaged"},
	}
	for tenth := range 10 {
		plays = append(plays,
			play{rule: fmt.Sprintf("a connection cut after %d tenths is gone on with", tenth), spoil: func(t *testing.T, p publisher) {
				p.Play("GET", peoplePath, testsource.Cut(max(1, tenthOf(p, t, tenth))))
			}, outcome: store.OutcomeApplied},
			play{rule: fmt.Sprintf("an archive published with %d tenths of it is refused", tenth), spoil: func(t *testing.T, p publisher) {
				p.Always("GET", peoplePath, testsource.Short(tenthOf(p, t, tenth)))
				p.Always("HEAD", peoplePath, testsource.Short(tenthOf(p, t, tenth)))
			}, code: annuaire.CodeInvalid, input: true})
	}
	for _, tt := range plays {
		t.Run(tt.rule, func(t *testing.T) {
			p, d := newPublisher(t), openDirectory(t)
			o := Options{From: []string{"ans"}, Settings: settings(p)}
			o.Fetch.RetryFor = time.Minute
			p.publish(t, day("ANNA"), day1)
			rep, err := Sync(context.Background(), d, o)
			ok(t, err)
			if rep.Outcome != store.OutcomeLoaded || glance(d) != was {
				t.Fatal(rep.Outcome, glance(d))
			}
			if tt.code == annuaire.CodeUnavailable { // what does not come is not waited for long
				o.Fetch.RetryFor, o.Fetch.Stall = 50*time.Millisecond, 200*time.Millisecond
			}
			p.publish(t, day("ZOE"), day2)
			if tt.spoil != nil {
				tt.spoil(t, p)
			}
			seen := []string{was}
			if tt.outcome == store.OutcomeApplied {
				seen = append(seen, becomes)
			}
			reader, sent := watching(t, d, seen...), p.Sent.Load()
			rep, err = Sync(context.Background(), d, o)
			if reader.stop() == 0 {
				t.Error("nobody read")
			}
			var input *annuaire.InputError
			if tt.code == "" && err != nil || tt.code != "" && annuaire.CodeOf(err) != tt.code || errors.As(err, &input) != tt.input {
				t.Fatalf("error %v, input %t", err, errors.As(err, &input))
			}
			if rep.Outcome != tt.outcome {
				t.Errorf("outcome %q, want %q", rep.Outcome, tt.outcome)
			}
			if said := fmt.Sprint(err, rep.Warnings); !strings.Contains(said, tt.says) {
				t.Errorf("%s does not say %q", said, tt.says)
			}
			if got := glance(d); got != seen[len(seen)-1] {
				t.Errorf("in the end there is %q", got)
			}
			if tt.outcome == store.OutcomeUnchanged && p.Sent.Load() != sent {
				t.Error("something was downloaded")
			}
			sound(t, d)
			runs, err := d.Ledger.SyncRuns("", 10)
			ok(t, err)
			states := map[string]annuaire.RunState{}
			for _, r := range runs {
				states[r.ID] = r.State
			}
			want := map[annuaire.Code]annuaire.RunState{annuaire.CodeInvalid: annuaire.RunRejected, annuaire.CodeUnavailable: annuaire.RunFailed, "": annuaire.RunPublished}[tt.code]
			if len(runs) > 1 && runs[0].State != want {
				t.Errorf("recorded: %v", states)
			}
			if left, _ := os.ReadDir(d.Path("incoming")); len(left) > 1 || len(left) == 1 && left[0].Name() != "from-ans" {
				t.Error("left over:", left)
			}
		})
	}
}

func tenthOf(p publisher, t *testing.T, tenth int) int {
	t.Helper()
	res, err := http.Head(p.URL + peoplePath)
	ok(t, err)
	_ = res.Body.Close()
	return int(res.ContentLength) * tenth / 10
}

func replace(from, to string) func([]byte) []byte {
	return func(b []byte) []byte { return bytes.Replace(b, []byte(from), []byte(to), 1) }
}

func TestTenDaysOfSilence(t *testing.T) {
	p, d := newPublisher(t), openDirectory(t)
	p.publish(t, small(), day1)
	o := Options{From: []string{"ans"}, Settings: settings(p), Trigger: annuaire.TriggerSchedule}
	_, err := Sync(context.Background(), d, o)
	ok(t, err)
	sent, seq := p.Sent.Load(), headOf(t, d)
	for range 10 {
		rep, err := Sync(context.Background(), d, o)
		if err != nil || rep.Outcome != store.OutcomeUnchanged || rep.ID != "" {
			t.Fatal(rep, err)
		}
	}
	if p.Sent.Load() != sent || headOf(t, d) != seq {
		t.Error("something was downloaded, or the log grew")
	}
	runs, err := d.Ledger.SyncRuns("", 99)
	if err != nil || len(runs) != 1 {
		t.Error("silence is recorded as", runs, err)
	}
}

func TestFallBackToTheSecondSource(t *testing.T) {
	both := func(t *testing.T) (a, b publisher, o Options) {
		a, b = newPublisher(t), newPublisher(t)
		a.publish(t, small(), day1)
		b.publish(t, small(), day1)
		return a, b, Options{From: []string{"ans", "datagouv"}, Settings: settings(a, b)}
	}
	for rule, spoil := range map[string]func(t *testing.T, a publisher){
		"that is away": func(_ *testing.T, a publisher) { a.Always("HEAD", peoplePath, testsource.Status(503)) },
		"that sends a page": func(t *testing.T, a publisher) {
			a.publish(t, small(), day3)
			a.Always("GET", peoplePath, testsource.Page(true))
		},
		"whose archive is short": func(t *testing.T, a publisher) {
			a.publish(t, small(), day3)
			a.Always("GET", peoplePath, testsource.Short(100))
		},
		"that lags behind": func(t *testing.T, a publisher) { a.publish(t, small(), "202611010412") },
		"whose header drifted": func(t *testing.T, a publisher) {
			a.Put(peoplePath, testsource.File{Name: "PS_LibreAcces_" + day3 + ".zip", Body: added(t, archived(t, day3, map[extract.Kind][]fields{extract.Skills: small().skills,
				extract.Diplomas: small().diplomas}), extract.Activities.String()+"_"+day3+".txt", []byte("a|b\n1|2\n"))})
		},
	} {
		t.Run("in place of one "+rule, func(t *testing.T) {
			a, b, o := both(t)
			d := openDirectory(t)
			_, err := Sync(context.Background(), d, o)
			ok(t, err)
			w := small()
			w.activities = w.activities[:3]
			spoil(t, a)
			b.publish(t, w, day2)
			rep, err := Sync(context.Background(), d, o)
			if err != nil || rep.Outcome != store.OutcomeApplied || rep.People.Gone != 1 {
				t.Fatal(rep, err)
			}
			r, _, err := d.Ledger.SyncRun(rep.ID)
			if err != nil || r.Source != "datagouv" || len(r.Warnings) == 0 || len(r.Files) != 2 || !strings.Contains(r.Files[0].Path, "from-datagouv") ||
				len(r.Versions) != 2 || !strings.HasPrefix(r.Versions[0], b.URL) {
				t.Errorf("%+v %v", r, err)
			}
			if _, err := os.Stat(d.Path("incoming", "from-ans", "PS_LibreAcces_"+day3+".zip")); err == nil {
				t.Error("the bad archive is kept, and would be taken for a download next time")
			}
			sound(t, d)
		})
	}
	t.Run("nothing is asked of it while the first one has news", func(t *testing.T) {
		_, b, o := both(t)
		_, err := Sync(context.Background(), openDirectory(t), o)
		ok(t, err)
		if b.Heads.Load() != 0 {
			t.Error("asked")
		}
	})
	t.Run("when all fail, what the first bad file is accused of is said", func(t *testing.T) {
		a, b, o := both(t)
		a.Always("GET", peoplePath, testsource.Page(true))
		b.Always("HEAD", peoplePath, testsource.Status(503))
		_, err := Sync(context.Background(), openDirectory(t), o)
		var input *annuaire.InputError
		if !errors.As(err, &input) || !strings.Contains(err.Error(), "web page") {
			t.Error(err)
		}
	})
}

func TestFilesOfARunAreRecordedWithTheirHash(t *testing.T) {
	p := newPublisher(t)
	p.publish(t, small(), day1)
	for name, from := range map[string]string{"downloaded": "ans", "of a folder": small().folder(t, t.TempDir(), day1)} {
		t.Run(name, func(t *testing.T) {
			d := openDirectory(t)
			rep, err := Sync(context.Background(), d, Options{From: []string{from}, Settings: settings(p)})
			ok(t, err)
			r, found, err := d.Ledger.SyncRun(rep.ID)
			if err != nil || !found || len(r.Files) < 2 {
				t.Fatal(r, err)
			}
			if info, err := d.Info(); err != nil || info.Run != rep.ID {
				t.Error("the views are of run", info.Run, err)
			}
			for _, f := range r.Files {
				if f.SHA256 != sha256Of(context.Background(), f.Path) || len(f.SHA256) != 64 || f.Size == 0 {
					t.Errorf("%+v", f)
				}
			}
			var stages []string
			for _, s := range r.Steps {
				stages = append(stages, s.Stage)
				if s.Seconds <= 0 || s.Started.IsZero() {
					t.Errorf("%+v", s)
				}
			}
			if want := []string{"acquire", "parse", "apply", "verify", "publish"}; !slices.Equal(stages, want) {
				t.Error(stages)
			}
		})
	}
}

// What was refused is not tried again by the clock, unless there is another version; a person may.
func TestRefusedVersionIsNotTriedAgain(t *testing.T) {
	p, d := newPublisher(t), openDirectory(t)
	p.publish(t, small(), day1)
	o := Options{From: []string{"ans"}, Settings: settings(p), Trigger: annuaire.TriggerSchedule}
	_, err := Sync(context.Background(), d, o)
	ok(t, err)
	p.Put(peoplePath, testsource.File{Name: "PS_LibreAcces_" + day2 + ".zip", Body: added(t, archived(t, day2, map[extract.Kind][]fields{extract.Skills: small().skills,
		extract.Diplomas: small().diplomas}), extract.Activities.String()+"_"+day2+".txt", []byte("a|b\n1|2\n"))})
	var input *annuaire.InputError
	if _, err := Sync(context.Background(), d, o); !errors.As(err, &input) {
		t.Fatal(err)
	}
	sent := p.Sent.Load()
	rep, err := Sync(context.Background(), d, o)
	if err != nil || rep.Outcome != store.OutcomeUnchanged || p.Sent.Load() != sent || !strings.Contains(strings.Join(rep.Warnings, ""), "run 000002") {
		t.Error(rep, err)
	}
	byHand := o
	byHand.Trigger = annuaire.TriggerCommand
	if _, err := Sync(context.Background(), d, byHand); !errors.As(err, &input) || p.Sent.Load() == sent {
		t.Error("a person is not heard:", err)
	}
	p.publish(t, renamedSmall(), day3)
	if rep, err := Sync(context.Background(), d, o); err != nil || rep.Outcome != store.OutcomeApplied {
		t.Error(rep, err)
	}
}

func renamedSmall() world {
	w := small()
	w.activities[0] = w.activities[0].with("Nom d'exercice", "ZOE")
	return w
}

// An older mailbox file beside newer PS files: the mailboxes stay as they are, the people do not wait.
func TestOlderMailboxesOfASource(t *testing.T) {
	p, d := newPublisher(t), openDirectory(t)
	p.publish(t, small(), day2)
	o := Options{From: []string{"ans"}, Settings: settings(p)}
	_, err := Sync(context.Background(), d, o)
	ok(t, err)
	w := renamedSmall()
	w.boxes = w.boxes[:1]
	p.publish(t, w, day1)
	people := map[extract.Kind][]fields{extract.Activities: w.activities, extract.Skills: w.skills, extract.Diplomas: w.diplomas}
	p.Put(peoplePath, testsource.File{Name: "PS_LibreAcces_" + day3 + ".zip", Body: archived(t, day3, people)})
	rep, err := Sync(context.Background(), d, o)
	if err != nil || rep.Outcome != store.OutcomeApplied || rep.People.Changed != 1 || rep.Mailboxes.Total() != 0 {
		t.Error(rep, err)
	}
	if rep, err := Sync(context.Background(), d, o); err != nil || rep.Outcome != store.OutcomeUnchanged {
		t.Error("the same versions again:", rep.Outcome, err)
	}
}

func TestFrom(t *testing.T) {
	o, err := origins([]string{"a", "b", "ans", "https://x.fr/1", "https://x.fr/2", "datagouv", "c", "http://y.fr/1"}, settings(newPublisher(t), newPublisher(t)).Presets)
	ok(t, err)
	var names []string
	for _, x := range o {
		n := len(x.paths)
		if x.remote != nil {
			n = len(x.remote.URLs)
		}
		names = append(names, fmt.Sprint(x.name, n))
	}
	if !slices.Equal(names, []string{"path2", "ans2", "url2", "datagouv2", "path1", "url1"}) || o[2].remote.Name == o[5].remote.Name {
		t.Error(names)
	}
	if fetch.Prefix != directory.Downloads {
		t.Error("the directory sweeps downloads away")
	}
	for _, bad := range [][]string{nil, {"https://u:p@x.fr/"}, make([]string, maxFrom+1)} {
		if _, err := origins(bad, nil); annuaire.CodeOf(err) != annuaire.CodeInvalid {
			t.Error(bad, err)
		}
	}
	if _, err := Absolute([]string{"ftp://x.fr/a"}, nil); annuaire.CodeOf(err) != annuaire.CodeInvalid {
		t.Error(err)
	}
	got, err := Absolute([]string{"ans", "https://x.fr/a", "x"}, settings(newPublisher(t)).Presets)
	ok(t, err)
	if wd, _ := os.Getwd(); !slices.Equal(got, []string{"ans", "https://x.fr/a", wd + "/x"}) {
		t.Error(got)
	}
}
