package dispatch

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"time"

	"annuaire/internal/alert/spool"
	"annuaire/internal/relay"
)

// message is one message, ready but for its writing.
type message struct {
	t        *template
	from, to string
	id, link string
}

func (m message) write(w io.Writer) error { return m.t.write(w, m.to, m.id, m.link) }

// worker hands messages over, one after the other, on one connection.
type worker struct {
	s     *Sender
	at    int // which relay, from there on
	conn  *relay.Conn
	fails int
}

// perConnection is after how many messages a connection is closed: relays share their load anew, and old certificates go.
const perConnection = 5000

func (w *worker) work(ctx context.Context) {
	defer w.hangUp()
	for {
		j, ok := w.next(ctx)
		if !ok {
			return
		}
		rec, err := j.of.file.Recipient(j.n)
		if err != nil { // of this alert alone: the worker goes on with others
			j.of.broken(err) // pauses it, so that nobody takes the message again
			w.s.giveBack(j)
			continue
		}
		if reason := w.s.skipped(rec); reason != "" {
			w.s.done(j, skip(reason, w.s.now()))
			continue
		}
		w.hand(ctx, j, j.of.message(j.n, rec))
	}
}

// idle is how long a connection stays open without a message.
const idle = 20 * time.Second

// next takes the next message; a connection without one for a while is closed.
func (w *worker) next(ctx context.Context) (job, bool) {
	if w.conn == nil {
		return w.s.take(ctx)
	}
	short, cancel := context.WithTimeout(ctx, idle)
	defer cancel()
	if j, ok := w.s.take(short); ok || ctx.Err() != nil || short.Err() == nil {
		return j, ok
	}
	w.hangUp()
	return w.s.take(ctx)
}

func (w *worker) hangUp() {
	if w.conn != nil {
		w.conn.Close()
		w.conn = nil
		w.s.connected(-1)
	}
}

// skipped says why a recipient is not written to after all, "" when it is.
func (s *Sender) skipped(r spool.Recipient) string {
	if s.o.TrainingDomain != "" && !strings.HasSuffix(r.Address, "."+s.o.TrainingDomain) {
		return "training"
	}
	if s.o.Skip == nil {
		return ""
	}
	return s.o.Skip(r)
}

// hand hands one message over and says what became of it.
func (w *worker) hand(ctx context.Context, j job, m message) {
	e := relay.Envelope{From: m.from, To: m.to, ID: m.id}
	for again := false; ; again = true {
		fresh := w.conn == nil
		if fresh && !w.connect(ctx) {
			w.s.giveBack(j)
			w.rest(ctx)
			return
		}
		r, err := w.conn.Send(e, m.write)
		switch {
		case errors.Is(err, relay.ErrAddress):
			w.s.done(j, answered(relay.Reply{Code: 501, Enhanced: "5.1.3"}, w.s, j))
			return
		case err == nil:
			if r.Code == 421 || w.conn.Sent >= perConnection {
				w.hangUp()
			}
			w.s.done(j, answered(r, w.s, j))
			return
		}
		uncertain := errors.Is(err, relay.ErrUncertain)
		w.hangUp()
		if !uncertain && !fresh && !again { // the relay had closed an idle connection
			continue
		}
		w.s.done(j, lost(uncertain, w.s, j))
		return
	}
}

// connect finds a relay that answers, beginning with the last that did.
func (w *worker) connect(ctx context.Context) bool {
	for range w.s.o.Relays {
		conn, err := relay.Dial(ctx, w.s.o.Relays[w.at%len(w.s.o.Relays)])
		if err == nil {
			w.conn, w.fails = conn, 0
			w.s.connected(1)
			return true
		}
		w.at++
		w.s.troubled(err.Error())
	}
	w.fails++
	return false
}

// rest waits before the relays are tried again: from 0.1 s, doubled up to 30 s.
func (w *worker) rest(ctx context.Context) {
	d := min(100*time.Millisecond<<min(w.fails, 12), 30*time.Second)
	t := time.NewTimer(d/2 + rand.N(d/2))
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// The changes of a status that a message may bring. They are applied to the stored status, in the transaction that records them.

func skip(reason string, now time.Time) func(*spool.Status) {
	return func(s *spool.Status) { s.State, s.Enhanced, s.At, s.Next = spool.Skipped, reason, now.Unix(), 0 }
}

func answered(r relay.Reply, s *Sender, j job) func(*spool.Status) {
	now := s.now()
	return func(st *spool.Status) {
		st.Attempts = min(st.Attempts, 1<<15) + 1
		st.Code, st.Enhanced, st.At, st.Next = uint16(r.Code), r.Enhanced, now.Unix(), 0
		switch {
		case r.Accepted():
			st.State = spool.Accepted
		case r.Permanent():
			st.State = spool.Failed
		default:
			st.State, st.Next = spool.Deferred, now.Add(s.pauseAfter(j, st.Attempts)).Unix()
		}
	}
}

// lost is the outcome of a broken connection; uncertain when the relay may have taken the message.
func lost(uncertain bool, s *Sender, j job) func(*spool.Status) {
	now := s.now()
	return func(st *spool.Status) {
		st.Attempts = min(st.Attempts, 1<<15) + 1
		st.State, st.Code, st.Enhanced, st.At = spool.Deferred, 0, "connection", now.Unix()
		st.Next = now.Add(s.pauseAfter(j, st.Attempts)).Unix()
		st.Repeated = st.Repeated || uncertain
	}
}

// pauseAfter is how long a message waits after an attempt: doubled each time, spread by its number so that a whole domain does not come
// back at once.
func (s *Sender) pauseAfter(j job, attempts uint16) time.Duration {
	d := s.o.RetryBase << min(attempts-1, 6)
	if j.of.rank == 0 {
		d /= 2
	}
	return d*4/5 + d*2/5*time.Duration(j.n%64)/64
}
