package dispatch

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"pgregory.net/rapid"

	"annuaire"
	"annuaire/internal/alert/spool"
	"annuaire/internal/relay"
)

func TestSending(t *testing.T) {
	t.Run("the highest severity overtakes: of the lower one only what is in flight still comes", func(t *testing.T) {
		box := newInbox(t)
		o := options(box)
		o.Sending.Connections, o.Sending.Window = 1, 4
		b := newBench(t, t.TempDir(), people{list: crowd(300)}, o)
		low, high := draft(), draft()
		low.Severity, high.Severity = annuaire.SeverityMinor, annuaire.SeverityExtreme
		first, second := b.approved(low), b.submitted(high)
		seeds := box.total()
		reached, goOn := make(chan struct{}), make(chan struct{})
		var once sync.Once
		box.decide(func(stage, to string) error {
			if stage == "rcpt" && box.total() == seeds+20 {
				once.Do(func() { close(reached) })
				<-goOn
			}
			return nil
		})
		b.run()
		<-reached // the relay holds in the middle of the lower one
		if _, err := b.Approve(t.Context(), approver, second.ID, annuaire.AlertOrder{}, 0); err != nil {
			t.Fatal(err)
		}
		close(goOn)
		await(t, "the end of both", func() bool {
			return b.state(first.ID) == annuaire.AlertSent && b.state(second.ID) == annuaire.AlertSent
		})
		box.mu.Lock()
		defer box.mu.Unlock()
		order := box.order[seeds:]
		last := len(order) - 1
		for order[last] != second.ID {
			last--
		}
		if before := last + 1 - 300; before > 20+2*o.Sending.Window { // what was in flight, and what is lost while it is claimed
			t.Errorf("%d of the lower one came before the end of the higher one", before)
		}
	})
	t.Run("a pause holds, and resuming goes on where it stood", func(t *testing.T) {
		box := newInbox(t)
		o := options(box)
		o.Sending.Window, o.Sending.Connections = 8, 2
		b := newBench(t, t.TempDir(), people{list: crowd(400)}, o)
		a := b.approved(draft())
		box.decide(func(string, string) error { time.Sleep(time.Millisecond); return nil })
		b.run()
		await(t, "a beginning", func() bool { return box.total() > 10 })
		if _, err := b.Pause(t.Context(), writer, a.ID, annuaire.AlertOrder{Reason: "doute"}); err != nil {
			t.Fatal(err)
		}
		var before, still int
		await(t, "quiet", func() bool { // what was in flight has arrived, and is recorded: seen so for a while
			if now := box.total(); now != before || b.counts(a.ID).Accepted != now-1 { // the seed
				before, still = now, 0
			}
			still++
			return still > 50
		})
		if _, err := b.Resume(t.Context(), writer, a.ID); annuaire.RuleOf(err) != "role_missing" {
			t.Error("the author resumes", err)
		}
		if c := b.counts(a.ID); c.Queued != 400-c.Accepted || c.Queued == 0 || box.total() != before {
			t.Errorf("%+v", c)
		}
		if _, err := b.Resume(t.Context(), approver, a.ID); err != nil {
			t.Fatal(err)
		}
		await(t, "the end", func() bool { return b.state(a.ID) == annuaire.AlertSent })
		if box.total() != 401 {
			t.Error(box.total())
		}
	})
	t.Run("a paused alert stays paused over a restart", func(t *testing.T) {
		box, dir := newInbox(t), t.TempDir()
		b := newBench(t, dir, people{list: crowd(5)}, options(box))
		a := b.approved(draft())
		if _, err := b.Pause(t.Context(), approver, a.ID, annuaire.AlertOrder{}); err != nil {
			t.Fatal(err)
		}
		b.shut()
		b = newBench(t, dir, people{}, options(box))
		b.run()
		if _, err := b.Resume(t.Context(), approver, a.ID); err != nil {
			t.Fatal(err)
		}
		await(t, "the end", func() bool { return b.state(a.ID) == annuaire.AlertSent })
	})
	t.Run("a cancellation ends it for those who wait", func(t *testing.T) {
		box := newInbox(t)
		o := options(box)
		o.Sending.Window, o.Sending.Connections = 8, 2
		b := newBench(t, t.TempDir(), people{list: crowd(400)}, o)
		a := b.approved(draft())
		box.decide(func(string, string) error { time.Sleep(time.Millisecond); return nil })
		b.run()
		await(t, "a beginning", func() bool { return box.total() > 10 })
		if _, err := b.Cancel(t.Context(), approver, a.ID, annuaire.AlertOrder{Reason: "erreur"}); err != nil {
			t.Fatal(err)
		}
		await(t, "the end", func() bool { c := b.counts(a.ID); return c.Queued == 0 })
		if c := b.counts(a.ID); c.Cancelled == 0 || c.Accepted+c.Cancelled != 400 || c.Accepted != box.total()-1 || b.state(a.ID) != annuaire.AlertCancelled {
			t.Errorf("%+v", c)
		}
		if _, err := b.Resume(t.Context(), approver, a.ID); annuaire.RuleOf(err) != "wrong_state" {
			t.Error(err)
		}
	})
	t.Run("what is not accepted in time expires", func(t *testing.T) {
		box := newInbox(t)
		now := newClock(time.Now())
		o := options(box)
		o.Now = now.now
		b := newBench(t, t.TempDir(), people{list: crowd(10)}, o)
		a := b.approved(draft())
		box.decide(func(stage, to string) error {
			if strings.HasPrefix(to, "p0000003@") {
				return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "later"}
			}
			return nil
		})
		b.run()
		await(t, "all but one", func() bool { return b.counts(a.ID).Accepted == 9 })
		if r, _ := b.Report(t.Context(), approver, a.ID); r.Codes["451 4.3.0"] != 1 {
			t.Errorf("%+v", r)
		}
		now.pass(72 * time.Hour)
		b.sender.pause(a.ID, false) // has it look at the clock
		await(t, "its end", func() bool { return b.state(a.ID) == annuaire.AlertExpired })
		if c := b.counts(a.ID); c.Expired != 1 {
			t.Errorf("%+v", c)
		}
	})
	t.Run("a mailbox that was orphaned since, and one outside the training domain, get nothing and are recorded", func(t *testing.T) {
		box := newInbox(t)
		o := options(box)
		o.Sending.Skip = func(r spool.Recipient) string {
			if strings.HasPrefix(r.Address, "p0000001@") {
				return "orphaned"
			}
			return ""
		}
		list := append(crowd(5), spool.Recipient{Address: "x@medecin.mssante.fr"}, spool.Recipient{Address: "y@evilformation.mssante.fr"}, spool.Recipient{Address: "z\nq@d01.formation.mssante.fr"})
		b := newBench(t, t.TempDir(), people{list: list}, o)
		a := b.approved(draft())
		b.run()
		await(t, "the end", func() bool { return b.state(a.ID) == annuaire.AlertSent })
		got, err := b.Recipients(t.Context(), clerk, a.ID, 0, 100, "skipped")
		if err != nil || len(got) != 3 || got[0].Code != "orphaned" || got[1].Code != "training" || got[2].Code != "training" || box.has("x@medecin.mssante.fr") {
			t.Errorf("%v %+v", err, got)
		}
		if got, _ := b.Recipients(t.Context(), clerk, a.ID, 0, 100, "failed"); len(got) != 1 || got[0].Code != "501 5.1.3" { // an address that would be two lines
			t.Errorf("%+v", got)
		}
	})
	t.Run("no more messages at a time to a domain than allowed", func(t *testing.T) {
		box := newInbox(t)
		o := options(box)
		o.Sending.PerDomain, o.Sending.Connections = 2, 8
		list := crowd(120)
		for i := range list {
			list[i].Address = fmt.Sprintf("p%07d@big.formation.mssante.fr", i)
		}
		b := newBench(t, t.TempDir(), people{list: list}, o)
		a := b.approved(draft())
		var busy, most atomic.Int32
		box.decide(func(stage, _ string) error {
			if stage == "rcpt" {
				most.Store(max(most.Load(), busy.Add(1)))
				return nil
			}
			time.Sleep(time.Millisecond)
			busy.Add(-1)
			return nil
		})
		b.run()
		await(t, "the end", func() bool { return b.state(a.ID) == annuaire.AlertSent })
		if most.Load() > 2 || most.Load() == 0 {
			t.Errorf("%d at a time", most.Load())
		}
	})
	t.Run("no more messages a second to a domain than allowed, and others do not wait for it", func(t *testing.T) {
		box := newInbox(t)
		o := options(box)
		o.Sending.DomainRate = 50
		list := crowd(60)
		for i := range list {
			list[i].Address = fmt.Sprintf("p%07d@%s.formation.mssante.fr", i, []string{"big", "small"}[i/50])
		}
		b := newBench(t, t.TempDir(), people{list: list}, o)
		a := b.approved(draft())
		began := time.Now()
		b.run()
		await(t, "the end", func() bool { return b.state(a.ID) == annuaire.AlertSent })
		if took := time.Since(began); took < 800*time.Millisecond { // (50 - 5 at once) / 50 a second
			t.Errorf("sent in %s", took)
		}
	})
	t.Run("when the first relay is away the second serves", func(t *testing.T) {
		box := newInbox(t)
		o := options(box)
		o.Sending.Relays = []relay.Relay{{Addr: box.addr, Security: relay.Plain}, {Addr: "127.0.0.1:1", Security: relay.Plain}}
		b := newBench(t, t.TempDir(), people{list: crowd(40)}, o)
		a := b.approved(draft())
		b.sender.o.Relays = []relay.Relay{o.Sending.Relays[1], o.Sending.Relays[0]}
		b.run()
		await(t, "the end", func() bool { return b.state(a.ID) == annuaire.AlertSent })
		if c := b.counts(a.ID); c.Accepted != 40 {
			t.Errorf("%+v", c)
		}
	})
	t.Run("while no relay answers the report says so, and nobody has lost an attempt", func(t *testing.T) {
		box := newInbox(t)
		b := newBench(t, t.TempDir(), people{list: crowd(10)}, options(box))
		a := b.approved(draft())
		box.close()
		b.run()
		await(t, "the trouble", func() bool {
			r, _ := b.Report(t.Context(), approver, a.ID)
			return strings.Contains(r.Problem, "relay cannot be reached")
		})
		if l := b.Load(); l != (Load{Sending: 1, Waiting: 10, Trouble: true}) {
			t.Errorf("%+v", l)
		}
		box.open(t)
		await(t, "the end", func() bool { return b.state(a.ID) == annuaire.AlertSent })
		got, err := b.Recipients(t.Context(), clerk, a.ID, 0, 100, "")
		if err != nil || slices.ContainsFunc(got, func(r annuaire.AlertRecipient) bool { return r.Attempts != 1 || r.State != "accepted" }) {
			t.Errorf("%v %+v", err, got)
		}
	})
	t.Run("a relay that refuses the sender, until somebody puts it right, has nobody lose the message", func(t *testing.T) {
		box := newInbox(t)
		var refused atomic.Int32
		b := newBench(t, t.TempDir(), people{list: crowd(20)}, options(box))
		a := b.approved(draft())
		box.mu.Lock()
		box.sender = func() error {
			if refused.Add(1) <= 20 {
				return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "not a sender of ours"}
			}
			return nil
		}
		box.mu.Unlock()
		b.run()
		await(t, "the end", func() bool { return b.state(a.ID) == annuaire.AlertSent })
		if c := b.counts(a.ID); c.Accepted != 20 || c.Failed != 0 || refused.Load() < 40 {
			t.Errorf("%+v after %d", c, refused.Load())
		}
	})
	t.Run("a list that is not the approved one is not sent to", func(t *testing.T) {
		box, dir := newInbox(t), t.TempDir()
		b := newBench(t, dir, people{list: crowd(5)}, options(box))
		a := b.approved(draft())
		b.shut()
		others := crowd(7)
		if _, err := spool.Create(b.path(a.ID), a.ID, time.Now(), func(yield func(spool.Recipient, error) bool) {
			for _, r := range others {
				if !yield(r, nil) {
					return
				}
			}
		}); err != nil {
			t.Fatal(err)
		}
		b = newBench(t, dir, people{}, options(box))
		b.run()
		await(t, "the pause", func() bool { return b.state(a.ID) == annuaire.AlertPaused })
		if _, err := b.Resume(t.Context(), approver, a.ID); annuaire.RuleOf(err) != "list_changed" || box.total() != 1 {
			t.Error(err, box.total())
		}
	})
	t.Run("a list that is lost pauses the alert and says why", func(t *testing.T) {
		box, dir := newInbox(t), t.TempDir()
		b := newBench(t, dir, people{list: crowd(5)}, options(box))
		a := b.approved(draft())
		b.shut()
		if err := os.Remove(b.path(a.ID)); err != nil {
			t.Fatal(err)
		}
		b = newBench(t, dir, people{}, options(box))
		b.run()
		await(t, "the pause", func() bool { return b.state(a.ID) == annuaire.AlertPaused })
		if x, _ := b.Alert(t.Context(), approver, a.ID); !strings.Contains(x.Problem, "not here") {
			t.Errorf("%+v", x)
		}
		if _, err := b.Resume(t.Context(), approver, a.ID); annuaire.CodeOf(err) != annuaire.CodeNotFound {
			t.Error(err)
		}
	})
}

// The lanes hand out every message once, whatever the caps, and keep the caps.
// One worker is left, and the list of one alert cannot be read any more.
func TestWorkerOutlivesAList(t *testing.T) {
	s := newSender(SenderOptions{TrainingDomain: "formation.mssante.fr"}, time.Now)
	open := func(id string) *sending {
		path := filepath.Join(t.TempDir(), id+".db")
		_, err := spool.Create(path, id, time.Now(), func(yield func(spool.Recipient, error) bool) {
			yield(spool.Recipient{Address: "p@elsewhere.example"}, nil)
		})
		if err != nil {
			t.Fatal(err)
		}
		f, err := spool.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close() })
		r := &sending{id: id, s: s, file: f, kick: make(chan struct{}, 1), broken: func(error) { s.pause(id, true) }}
		r.ready = []job{{r, 0, "elsewhere.example"}}
		return r
	}
	lost, next := open("2026-001"), open("2026-002")
	if err := lost.file.Close(); err != nil {
		t.Fatal(err)
	}
	s.runs = []*sending{lost, next}
	go (&worker{s: s}).work(t.Context())
	await(t, "the message of the other alert", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(next.results) == 1
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	if !lost.paused || len(lost.ready) != 1 || lost.results != nil {
		t.Errorf("paused %v, %d ready, %d results", lost.paused, len(lost.ready), len(lost.results))
	}
}

func TestLanes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, n := newLanes(), rapid.IntRange(0, 60).Draw(t, "n")
		where, seen := map[uint32]string{}, map[uint32]int{}
		for i := range n {
			d := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "domain")
			where[uint32(i)] = d
			if rapid.Bool().Draw(t, "later") {
				l.putOff(uint32(i), d, int64(rapid.IntRange(1, 9).Draw(t, "at")))
			} else {
				l.add(uint32(i), d)
			}
		}
		most, taken := rapid.IntRange(1, 4).Draw(t, "most"), map[string][]uint32{}
		for now := int64(0); len(seen) < n; now++ {
			l.due(now)
			room, got := rapid.IntRange(1, 10).Draw(t, "room"), 0
			l.claim(room, most, func(k uint32, d string) {
				got++
				seen[k]++
				taken[d] = append(taken[d], k)
				if where[k] != d || seen[k] > 1 {
					t.Fatalf("%d of %s, %d times", k, d, seen[k])
				}
			})
			if got > room {
				t.Fatalf("%d claimed, room for %d", got, room)
			}
			for d, list := range taken {
				if len(list) > most {
					t.Fatalf("%d of one domain at a time", len(list))
				}
				for range list {
					l.unclaim(d)
				}
				taken[d] = nil
			}
			if now > 200 {
				t.Fatalf("%d of %d handed out", len(seen), n)
			}
		}
	})
}

func TestPauseAfter(t *testing.T) {
	s := newSender(SenderOptions{RetryBase: time.Minute}, time.Now)
	j := job{of: &sending{rank: 1}, n: 32}
	var got []string
	for n := uint16(1); n <= 9; n++ {
		got = append(got, s.pauseAfter(j, n).Round(time.Minute).String())
	}
	if want := "1m0s 2m0s 4m0s 8m0s 16m0s 32m0s 1h4m0s 1h4m0s 1h4m0s"; strings.Join(got, " ") != want {
		t.Errorf("%s, want %s", got, want)
	}
	urgent := job{of: &sending{rank: 0}, n: 32}
	if s.pauseAfter(urgent, 1) != 30*time.Second {
		t.Error("the highest severity waits half as long")
	}
}
