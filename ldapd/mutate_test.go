package ldapd_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"annuaire/ldapd"
	"annuaire/ldapd/ber"
	"annuaire/ldapd/ldaptest"
)

// victim is a server reached without the network, of which panics are told.
type victim struct {
	conns chan net.Conn
	done  chan error
	stop  context.CancelFunc
	log   *logged
}

// logged keeps what was logged.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func newVictim(t testing.TB) *victim {
	v := &victim{conns: make(chan net.Conn), done: make(chan error, 1), log: &logged{}}
	a := newAuthority(t)
	s, err := ldapd.New(ldapd.Options{Directory: ldaptest.NewDirectory(ldaptest.Few()...), TLS: a.server(), Tokens: someTokens, Logger: slog.New(slog.NewTextHandler(v.log, nil)),
		Limits: ldapd.Limits{FirstMessage: 5 * time.Millisecond, Message: 5 * time.Millisecond, Idle: 5 * time.Millisecond, Candidates: 1000}})
	if err != nil {
		t.Fatal(err)
	}
	var ctx context.Context
	ctx, v.stop = context.WithCancel(context.Background())
	go func() { v.done <- s.Serve(ctx, pipes{v.conns, make(chan struct{}), &sync.Once{}}) }()
	t.Cleanup(func() {
		v.stop()
		<-v.done
	})
	return v
}

// pipes is a listener of connections in memory.
type pipes struct {
	conns chan net.Conn
	gone  chan struct{}
	once  *sync.Once
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.gone:
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error {
	p.once.Do(func() { close(p.gone) })
	return nil
}

func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

// bear has the victim bear a session: whatever is sent, it answers in BER, answers only what was asked or says that it closes, closes in
// the end, and no operation panics.
func (v *victim) bear(t testing.TB, session []byte) {
	t.Helper()
	ours, theirs := net.Pipe()
	v.conns <- theirs
	go func() {
		_, _ = ours.Write(append(bytes.Clone(session), unbind...))
	}()
	answers, err := io.ReadAll(ours)
	if err != nil && err != io.ErrClosedPipe {
		t.Fatal(err)
	}
	_ = ours.Close()
	for len(answers) > 0 && answers[0] != 0x15 && answers[0] != 0x16 { // TLS records after StartTLS
		size, err := ber.Frame(answers, ber.Sequence, 1<<24)
		if err == nil && size > len(answers) {
			break // what the limits of 5 ms cut off: a machine with much else to do is slower than that
		}
		if err != nil || size == 0 {
			t.Fatalf("it answers % x: %v", answers, err)
		}
		parseAnswer(t, answers[:size])
		answers = answers[size:]
	}
	if s := v.log.String(); strings.Contains(s, "panic") {
		t.Fatalf("%s\nof % x", s, session)
	}
}

// A server that is sent client sessions, thousands of times changed at random, goes on answering. With ANNUAIRE_SOAK=N it is N times as long,
// from another seed each time.
func TestMutatedSessions(t *testing.T) {
	v := newVictim(t)
	all := sessions()
	keys := slices.Sorted(maps.Keys(all))
	rounds := 3000
	if testing.Short() {
		rounds = 300
	}
	seed := uint64(1)
	if n, err := strconv.Atoi(os.Getenv("ANNUAIRE_SOAK")); err == nil {
		rounds, seed = n*rounds, uint64(time.Now().UnixNano())
	}
	t.Log("seed", seed)
	r := rand.New(rand.NewPCG(seed, 2))
	for range rounds {
		v.bear(t, mutate(r, all[keys[r.IntN(len(keys))]]))
	}
	v.bear(t, bindRequest(1, 3, "", ""))
}

// mutate changes a session in one way or several: octets, lengths, the order and number of messages.
func mutate(r *rand.Rand, messages [][]byte) []byte {
	messages = slices.Clone(messages)
	for range 1 + r.IntN(3) {
		i := r.IntN(len(messages))
		m := bytes.Clone(messages[i])
		switch at := r.IntN(len(m)); r.IntN(9) {
		case 0:
			m[at] ^= 1 << r.IntN(8)
		case 1:
			m[at] = byte(r.IntN(256))
		case 2:
			m = m[:at]
		case 3:
			m = slices.Insert(m, at, byte(r.IntN(256)))
		case 4:
			m = slices.Delete(m, at, at+1)
		case 5:
			m[at] = []byte{0x00, 0x7f, 0x80, 0x84, 0xff}[r.IntN(5)]
		case 6:
			messages = append(messages, m) // sent twice
		case 7:
			j := r.IntN(len(messages))
			messages[i], messages[j] = messages[j], messages[i]
			continue
		case 8:
			m = slices.Concat(m[:at], m[r.IntN(len(m)):])
		}
		messages[i] = m
		if len(m) == 0 {
			messages[i] = []byte{0x30}
		}
	}
	return bytes.Join(messages, nil)
}

// What clients send as it is is answered in full.
func TestRecordedSessions(t *testing.T) {
	for name, messages := range sessions() {
		t.Run(name, func(t *testing.T) {
			newVictim(t).bear(t, bytes.Join(messages, nil))
		})
	}
}

func FuzzSession(f *testing.F) {
	for _, messages := range sessions() {
		f.Add(bytes.Join(messages, nil))
	}
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"))
	v := newVictim(f)
	f.Fuzz(func(t *testing.T, session []byte) { v.bear(t, session) })
}
