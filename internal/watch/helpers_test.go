package watch

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"annuaire"
	"annuaire/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var day = time.Date(2026, 11, 21, 4, 12, 0, 0, time.UTC)

// still is a source that stands still, and its clock.
type still struct {
	mu   sync.Mutex
	now  time.Time
	info store.Info
	last store.Run
	wait string
}

func (s *still) Info() (store.Info, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.info, nil
}
func (s *still) LastRun() (store.Run, bool, error) { return s.last, s.last.ID != "", nil }
func (s *still) Records() (map[annuaire.Kind]int, error) {
	return map[annuaire.Kind]int{annuaire.KindPerson: 20, annuaire.KindMailbox: 3}, nil
}
func (s *still) Window() (store.Window, error) { return store.Window{Oldest: 4, Head: 9}, nil }

func (s *still) Awaiting() (annuaire.SyncRun, bool, error) {
	return annuaire.SyncRun{ID: s.wait, Started: day}, s.wait != "", nil
}

func (s *still) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *still) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// loaded is a source that shows an extract of one hour ago.
func loaded() *still {
	return &still{now: day.Add(time.Hour), info: store.Info{Extract: day}, last: store.Run{ID: "000001", Started: day.Add(10 * time.Minute), Extract: day, MailboxesAt: day,
		Rows: map[string]int64{"people": 100}, Rejected: 2, People: annuaire.Counts{Created: 20}, Outcome: store.OutcomeLoaded}}
}

func watching(t *testing.T, s *still) *Watch {
	t.Helper()
	return New(Options{Source: s, Now: s.clock, Dir: t.TempDir()})
}

// mailRelay is a mail relay on the loopback that takes messages, without TLS.
type mailRelay struct {
	ln   net.Listener
	mail chan string
	done sync.WaitGroup
}

func newRelay(t *testing.T, refuse string) *mailRelay {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &mailRelay{ln: ln, mail: make(chan string, 10)}
	r.done.Add(1)
	go func() {
		defer r.done.Done()
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			r.talk(c, refuse)
		}
	}()
	t.Cleanup(func() { _ = ln.Close(); r.done.Wait() })
	return r
}

func (r *mailRelay) talk(c net.Conn, refuse string) {
	defer c.Close()
	in, data := bufio.NewReader(c), strings.Builder{}
	say := func(s string) { fmt.Fprint(c, s+"\r\n") }
	say("220 relay")
	for inData := false; ; {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		verb, _, _ := strings.Cut(line, " ")
		switch {
		case inData && line == ".":
			inData = false
			r.mail <- data.String()
			data.Reset()
			say("250 taken")
		case inData:
			data.WriteString(line + "\n")
		case refuse != "" && strings.HasPrefix(line, refuse):
			say("550 no")
		case verb == "DATA":
			inData = true
			say("354 go on")
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			data.WriteString(line + "\n")
			say("250 ok")
		}
	}
}
