package dispatch

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"annuaire"
	"annuaire/internal/relay"
	"annuaire/internal/store"
)

// childEnv makes of the test binary the process that sends, and is killed: data directory and relay.
const childEnv, childRelay = "TEST_ALERT_SENDER", "TEST_ALERT_RELAY"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		if err := sendAsChild(dir, os.Getenv(childRelay)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// crashWindow is the Window of the sender under test: as many messages may be sent twice at each kill.
const crashWindow = 64

func crashOptions(relays []relay.Relay) Options {
	o := options(nil)
	o.Sending.Relays, o.Sending.Window, o.Sending.Connections = relays, crashWindow, 6
	return o
}

// sendAsChild sends what is approved until nothing is left.
func sendAsChild(dir, addr string) error {
	l, err := store.OpenLedger(filepath.Join(dir, "annuaire.db"))
	if err != nil {
		return err
	}
	b, err := NewDesk(l, filepath.Join(dir, "alerts"), people{}, crashOptions([]relay.Relay{{Addr: addr, Security: relay.Plain}}))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	for {
		open, err := b.newest("", 100, func(a annuaire.Alert) bool { return a.Final == nil && a.Frozen != nil })
		if err != nil {
			return err
		}
		if len(open) == 0 {
			cancel()
			return errors.Join(<-done, b.Close(), l.Close())
		}
		select {
		case err := <-done:
			return err
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// fates decides for each recipient, always alike, what the relay does to it.
type fates struct {
	mu    sync.Mutex
	tries map[string]int
	drops int
}

func (f *fates) of(to string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(to))
	return h.Sum32() % 100
}

func rejected(f *fates, to string) bool { return f.of(to) < 3 }

func (f *fates) fate(stage, to string) error {
	k := f.of(to)
	f.mu.Lock()
	f.tries[stage+to]++
	first := f.tries[stage+to] == 1
	f.mu.Unlock()
	switch {
	case stage == "rcpt" && k < 3:
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "unknown"}
	case stage == "rcpt" && k < 7 && first:
		return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "full"}
	case stage == "data" && k >= 7 && k < 10 && first:
		return &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "shutting down"}
	case stage == "data" && k >= 10 && k < 12:
		time.Sleep(time.Duration(k) * time.Millisecond) // a relay that is slow: what it takes time over is being killed
	}
	return nil
}

func (f *fates) drop(to string) bool {
	k := f.of(to)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tries["drop"+to]++
	if k >= 12 && k < 15 && f.tries["drop"+to] == 1 {
		f.drops++
		return true
	}
	return false
}

// TestKilled kills the sender, and the relay, at random moments until everything is sent.
func TestKilled(t *testing.T) {
	n, kills := 2000, 5
	if os.Getenv("ANNUAIRE_SOAK") != "" {
		n, kills = 50_000, 50
	}
	list := crowd(n)
	box := newInbox(t)
	dir := t.TempDir()
	b := newBench(t, dir, people{list: list}, crashOptions(box.relays()))
	a := b.approved(draft())
	b.shut()
	f := &fates{tries: map[string]int{}}
	box.mu.Lock()
	box.fate, box.drop, box.count, box.got = f.fate, f.drop, 0, map[string][]string{}
	box.mu.Unlock()

	child := func() (*exec.Cmd, chan error) {
		c := exec.CommandContext(t.Context(), os.Args[0])
		c.Env = append(os.Environ(), childEnv+"="+dir, childRelay+"="+box.addr)
		c.Stderr = os.Stderr
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- c.Wait() }()
		return c, done
	}
	relayKills := 0
	for i := range kills {
		c, done := child()
		from := box.total()
		target := from + 1 + rand.IntN(max(1, (n-from)/(kills-i)))
		await(t, "messages", func() bool {
			select {
			case err := <-done:
				if err != nil {
					t.Fatal(err)
				}
				target = 0 // it has come to the end
			default:
			}
			return box.total() >= target
		})
		if target == 0 {
			t.Logf("everything was sent after %d kills", i)
			break
		}
		if i%5 == 2 { // the relay too
			box.close()
			box.open(t)
			relayKills++
		}
		_ = c.Process.Kill()
		<-done
	}
	_, done := child()
	if err := <-done; err != nil {
		t.Fatal(err)
	}

	frozen, duplicates := map[string]bool{}, 0
	b = newBench(t, dir, people{}, crashOptions(box.relays()))
	if got := b.state(a.ID); got != annuaire.AlertSent {
		t.Errorf("state %s", got)
	}
	got, err := b.Recipients(t.Context(), clerk, a.ID, 0, n, "")
	ids := map[string]string{}
	for len(got) > 0 && err == nil {
		for _, r := range got {
			ids[r.Address] = r.MessageID
		}
		got, err = b.Recipients(t.Context(), clerk, a.ID, got[len(got)-1].N, n, "")
	}
	if err != nil || len(ids) != n {
		t.Fatal(err, len(ids))
	}
	failed := 0
	for _, r := range list {
		frozen[r.Address] = true
		took := box.got[r.Address]
		switch {
		case rejected(f, r.Address):
			failed++
			if len(took) > 0 {
				t.Fatal("a message that was refused was taken")
			}
		case len(took) == 0:
			t.Fatalf("a recipient has nothing (kind %d)", f.of(r.Address))
		}
		for _, id := range took {
			if id != ids[r.Address] {
				t.Fatalf("Message-ID %s, want %s", id, ids[r.Address])
			}
		}
		duplicates += max(0, len(took)-1)
	}
	for to := range box.got {
		if !frozen[to] {
			t.Fatal("a message went outside the frozen list")
		}
	}
	c := b.counts(a.ID)
	t.Logf("%d recipients, %d kills of the sender, %d of the relay, %d connections dropped after the data: %d duplicates, all under their Message-ID; counted as possible: %d",
		n, kills, relayKills, f.drops, duplicates, c.Repeated)
	if c.Accepted != n-failed || c.Failed != failed || c.Queued+c.Deferred != 0 {
		t.Errorf("%+v, %d failed", c, failed)
	}
	if most := kills*crashWindow + relayKills*6 + f.drops; duplicates > most {
		t.Errorf("%d duplicates, at most %d may be", duplicates, most)
	}
	uncounted := 0
	for _, r := range repeated(t, b, a.ID) {
		delete(box.got, r)
	}
	for _, took := range box.got {
		if len(took) > 1 {
			uncounted++
		}
	}
	if uncounted > 0 {
		t.Errorf("%d duplicates were not counted", uncounted)
	}
}

func repeated(t *testing.T, b *bench, id string) (out []string) {
	for after := 0; ; {
		got, err := b.Recipients(t.Context(), clerk, id, after, maxRecipients, "")
		if err != nil {
			t.Fatal(err)
		}
		if len(got) == 0 {
			return out
		}
		for _, r := range got {
			if r.Repeated {
				out = append(out, r.Address)
			}
		}
		after = got[len(got)-1].N
	}
}
