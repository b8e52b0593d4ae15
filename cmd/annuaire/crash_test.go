package main

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"annuaire/internal/store"
	"annuaire/internal/testsource"
)

// crash is a run to be killed: from one state to another.
type crash struct {
	name    string
	old     *set // nil: nothing loaded
	now     set
	rounds  int
	outcome store.Outcome // of the run left alone
	how     string        // "": a sync of a folder; or "download", "gate", "approve"
	env     []string      // of "download": where from
}

// command is what is killed.
func (c crash) command(t *testing.T, data string) *exec.Cmd {
	t.Helper()
	args := []string{"sync", "--data", data, "--from", extracts(t, c.now), "--json", "--yes"}
	switch c.how {
	case "download":
		args[4] = "ans"
	case "gate":
		args = args[:len(args)-1]
	case "approve":
		args = []string{"sync", "approve", "--data", data, "--reason", "seen", "--json"}
	}
	cmd := command(t.Context(), args...)
	cmd.Env = append(cmd.Env, c.env...)
	return cmd
}

// after is what comes next, until the new state is there.
func (c crash) after(t *testing.T, data string) {
	t.Helper()
	c.how = map[string]string{"download": "download"}[c.how]
	if res := finish(t, c.command(t, data)); res.code != 0 && res.code != 3 {
		t.Fatalf("the next run: exit code %d\n%s", res.code, res.err)
	}
}

// The last one changes more records than are changed in place, so that a generation is built aside.
func crashes() []crash {
	return []crash{
		{name: "first load", now: set{800, 1, 0}, rounds: 4, outcome: store.OutcomeLoaded},
		{name: "small delta", old: &set{800, 1, 0}, now: set{800, 1, 20}, rounds: 4, outcome: store.OutcomeApplied},
		{name: "large delta", old: &set{7000, 1, 0}, now: set{7000, 2, 1}, rounds: 2, outcome: store.OutcomeLoaded},
		{name: "download", old: &set{800, 1, 0}, now: set{800, 1, 20}, rounds: 4, outcome: store.OutcomeApplied, how: "download"},
		{name: "gate", old: &set{800, 1, 0}, now: set{800, 2, 20}, rounds: 2, outcome: store.OutcomeAwaiting, how: "gate"},
		{name: "approved run", old: &set{800, 1, 0}, now: set{800, 2, 20}, rounds: 2, outcome: store.OutcomeApplied, how: "approve"},
	}
}

// A run killed at any moment leaves the old state or the new one, whole, and the next run ends in the new one. With
// ANNUAIRE_SOAK=N each kind of run is killed N times, with ANNUAIRE_SOAK_PEOPLE=N on sets of N people.
func TestKillAtAnyMoment(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	for _, c := range crashes() {
		t.Run(c.name, func(t *testing.T) {
			if n, err := strconv.Atoi(os.Getenv("ANNUAIRE_SOAK")); err == nil {
				c.rounds = max(c.rounds, n)
			}
			if n, err := strconv.Atoi(os.Getenv("ANNUAIRE_SOAK_PEOPLE")); err == nil {
				if c.now.people, c.outcome = n, ""; c.old != nil { // how it ends depends on how many they are
					c.old.people = n
				}
			}
			c.test(t, rnd)
		})
	}
}

// test kills the run over and over. Records alone are compared: check has found each time that the indexes agree with them.
func (c crash) test(t *testing.T, rnd *rand.Rand) {
	template := filepath.Join(t.TempDir(), "old")
	if err := os.MkdirAll(template, 0o700); err != nil {
		t.Fatal(err)
	}
	var old state
	if c.old != nil {
		must(t, nil, "sync", "--data", template, "--from", extracts(t, *c.old))
		old = stored(t, template)
	}
	switch c.how {
	case "download":
		var src *testsource.Server
		src, c.env = published(t, c.now)
		src.Always("GET", "/PS_LibreAcces", testsource.Slowly(20, 5*time.Millisecond))
	case "approve":
		must(t, []int{5}, "sync", "--data", template, "--from", extracts(t, c.now))
	}
	whole := filepath.Join(t.TempDir(), "new")
	copyTree(t, template, whole)
	lasted, changes := c.alone(t, whole)
	c.after(t, whole)
	now := stored(t, whole)
	ends := map[string]int{}
	for round := range c.rounds {
		data := filepath.Join(t.TempDir(), "data")
		copyTree(t, template, data)
		at := moment{change: -1, after: time.Duration(rnd.Int64N(int64(lasted) + 1))}
		if round%2 == 1 { // half of them as something has just been written, which is where little time is spent
			at = moment{change: 1 + rnd.IntN(changes), after: time.Duration(rnd.Int64N(int64(3 * time.Millisecond)))}
		}
		c.kill(t, data, at)
		ends[c.recovered(t, data, old, now, at)]++
		c.after(t, data)
		checked(t, data)
		same(t, "after the next run", now, stored(t, data))
		left(t, data, 1)
		if t.Failed() {
			t.Fatalf("killed %+v (of %s, %d changes)", at, lasted, changes)
		}
		if err := os.RemoveAll(data); err != nil {
			t.Fatal(err)
		}
		if round%10 == 9 { // a sweep takes hours: say how far it is
			t.Logf("%d rounds, states found: %v", round+1, ends)
		}
	}
	t.Log("states found after a kill:", ends)
}

// recovered checks the state that the first command after a kill finds, and names it.
func (c crash) recovered(t *testing.T, data string, old, now state, at moment) string {
	t.Helper()
	if res := typed(t, "check", "--data", data); res.code != 0 && (c.old != nil || res.code != 1) {
		t.Fatalf("killed %+v: check: exit code %d\n%s%s", at, res.code, res.out, res.err)
	}
	got := stored(t, data)
	loaded := 1
	if got.Records == nil {
		loaded = 0
	}
	left(t, data, loaded)
	if want := got.differs(now); want == "" {
		return "new"
	}
	if d := got.differs(old); d != "" {
		t.Errorf("killed %+v: neither the old state nor the new one: %s", at, d)
	}
	return "old"
}

// moment is when to kill: some time after the n-th change of the files of the data directory, or after the start.
type moment struct {
	change int
	after  time.Duration
}

// alone lets the run end and tells how long it took and how many changes of its files can be seen from outside.
func (c crash) alone(t *testing.T, data string) (lasted time.Duration, changes int) {
	t.Helper()
	cmd := c.command(t, data)
	done, watched := make(chan struct{}), make(chan int)
	go func() { watched <- watchTree(data, done, func(int) bool { return false }) }()
	start := time.Now()
	res := finish(t, cmd)
	lasted = time.Since(start)
	close(done)
	if changes = max(1, <-watched); res.code != 0 && (res.code != 5 || c.how != "gate") {
		t.Fatalf("exit code %d\n%s", res.code, res.err)
	}
	if rep := report(t, res.out); c.outcome != "" && rep.Outcome != c.outcome {
		t.Fatalf("outcome %s (%d people, %d structures, %d mailboxes), want %s", rep.Outcome,
			rep.People.Total(), rep.Structures.Total(), rep.Mailboxes.Total(), c.outcome)
	}
	return lasted, changes
}

// kill starts the run and ends it at once at the given moment, or lets it end when that never comes.
func (c crash) kill(t *testing.T, data string, at moment) {
	t.Helper()
	cmd := c.command(t, data)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		if at.change > 0 {
			watchTree(data, ended, func(n int) bool { return n >= at.change })
		}
		select {
		case <-time.After(at.after):
		case <-ended:
		}
		_ = cmd.Process.Signal(syscall.SIGKILL) // one that has ended is not there to be killed
	}()
	err := cmd.Wait()
	close(ended)
	<-watched
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); err != nil && (!ok || status.Signal() != syscall.SIGKILL) &&
		(c.how != "gate" || status.ExitStatus() != 5) {
		t.Fatal(err)
	}
}

// watch counts the changes of names, sizes and times under a folder until done is closed or enough says so.
func watchTree(root string, done <-chan struct{}, enough func(int) bool) (n int) {
	var last uint64
	for {
		if sum := fingerprint(root); sum != last {
			last, n = sum, n+1
			if enough(n) {
				return n
			}
		}
		select {
		case <-done:
			return n
		case <-time.After(200 * time.Microsecond):
		}
	}
}

// fingerprint sums up the names, sizes and times under a folder; what disappears meanwhile is a change like any other.
func fingerprint(root string) (sum uint64) {
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		if info, err := d.Info(); err == nil {
			sum = sum*1099511628211 + uint64(info.Size())*31 + uint64(info.ModTime().UnixNano()) + uint64(len(path))
		}
		return nil
	})
	return sum
}
