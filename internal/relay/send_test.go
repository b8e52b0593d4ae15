package relay

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// sink is a real SMTP server that keeps what it takes.
type sink struct {
	mu       sync.Mutex
	taken    []string
	rcpts    []string
	refuse   map[string]*smtp.SMTPError // by recipient
	after    map[string]*smtp.SMTPError // after the data
	dsn      []smtp.DSNNotify
	password string
}

type session struct {
	s      *sink
	to     string
	logged bool
}

func (s *sink) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{s: s}, nil }
func (s *session) AuthMechanisms() []string                 { return []string{sasl.Plain} }
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "annuaire" || password != s.s.password {
			return smtp.ErrAuthFailed
		}
		s.logged = true
		return nil
	}), nil
}
func (s *session) Mail(string, *smtp.MailOptions) error {
	if s.s.password != "" && !s.logged {
		return smtp.ErrAuthRequired
	}
	return nil
}
func (s *session) Rcpt(to string, o *smtp.RcptOptions) error {
	s.s.mu.Lock()
	defer s.s.mu.Unlock()
	if e := s.s.refuse[to]; e != nil {
		return e
	}
	s.to, s.s.dsn = to, o.Notify
	return nil
}
func (s *session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.s.mu.Lock()
	defer s.s.mu.Unlock()
	if e := s.s.after[s.to]; e != nil {
		return e
	}
	s.s.rcpts, s.s.taken = append(s.s.rcpts, s.to), append(s.s.taken, string(b))
	return nil
}
func (*session) Reset()        {}
func (*session) Logout() error { return nil }

func serve(t *testing.T, s *sink, set func(*smtp.Server)) string {
	t.Helper()
	if set == nil {
		return serveAs(t, s)
	}
	return serveAs(t, s, set)
}

func serveAs(t *testing.T, s smtp.Backend, set ...func(*smtp.Server)) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := smtp.NewServer(s)
	srv.Domain, srv.AllowInsecureAuth, srv.EnableDSN = "relay.example", true, true
	for _, f := range set {
		f(srv)
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(ln) }()
	t.Cleanup(func() { _ = srv.Close(); <-done })
	return ln.Addr().String()
}

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
}

const from = "alertes@dgs.formation.mssante.fr"

func TestSend(t *testing.T) {
	s := &sink{refuse: map[string]*smtp.SMTPError{
		"gone@x.fr": {Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such gone@x.fr"},
		"full@x.fr": {Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "full"},
	}, after: map[string]*smtp.SMTPError{"spam@x.fr": {Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "content"}}}
	addr := serve(t, s, nil)
	k, err := Dial(t.Context(), Relay{Addr: addr, Security: Plain, DSN: true})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	for _, tt := range []struct {
		rule, to string
		want     Reply
	}{
		{"a message is accepted", "a@x.fr", Reply{Code: 250, Enhanced: "2.0.0"}},
		{"a recipient refused for good says its code", "gone@x.fr", Reply{Code: 550, Enhanced: "5.1.1"}},
		{"the connection serves on after a refusal", "b@x.fr", Reply{Code: 250, Enhanced: "2.0.0"}},
		{"a recipient refused for now says its code", "full@x.fr", Reply{Code: 452, Enhanced: "4.2.2"}},
		{"a message refused after its data says so", "spam@x.fr", Reply{Code: 554, Enhanced: "5.7.1"}},
		{"and again it serves on", "c@x.fr", Reply{Code: 250, Enhanced: "2.0.0"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := k.Send(Envelope{From: from, To: tt.to, ID: "2026-001=1"}, text("Subject: x\r\n\r\n..point\r\n"))
			if err != nil || got != tt.want {
				t.Errorf("%v %v, want %v", got, err, tt.want)
			}
		})
	}
	t.Run("what arrives is what was written, dots undoubled, to nobody else", func(t *testing.T) {
		if got := strings.Join(s.rcpts, " "); got != "a@x.fr b@x.fr c@x.fr" || s.taken[0] != "Subject: x\r\n\r\n.point\r\n" {
			t.Errorf("%q %q", got, s.taken)
		}
	})
	t.Run("reports of delivery are asked for", func(t *testing.T) {
		if len(s.dsn) != 2 {
			t.Error(s.dsn)
		}
	})
	for _, bad := range []string{"a@x.fr>\r\nRCPT TO:<b@x.fr", "a b@x.fr", "a@", "@x.fr", "a", "a@b@c", "é@x.fr", "a@x.fr\n", `"a"@x.fr`, strings.Repeat("a", 65) + "@x.fr"} {
		t.Run("an address that could say more than itself is not said", func(t *testing.T) {
			if _, err := k.Send(Envelope{From: from, To: bad}, text("x\r\n")); !errors.Is(err, ErrAddress) {
				t.Errorf("%q: %v", bad, err)
			}
		})
	}
}

func TestConnectionLost(t *testing.T) {
	script := func(t *testing.T, lines ...string) string {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = ln.Close() })
		go func() {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			defer c.Close()
			r := bufio.NewReader(c)
			_, _ = io.WriteString(c, "220 hello\r\n")
			for _, l := range lines {
				for {
					got, err := r.ReadString('\n')
					if err != nil {
						return
					}
					if l != "" && strings.HasPrefix(l, "354") || got == ".\r\n" || !strings.HasPrefix(l, "END") {
						break
					}
				}
				if l = strings.TrimPrefix(l, "END"); l != "" {
					_, _ = io.WriteString(c, l+"\r\n")
				}
			}
		}()
		return ln.Addr().String()
	}
	send := func(t *testing.T, addr string) (Reply, error) {
		k, err := Dial(t.Context(), Relay{Addr: addr, Security: Plain})
		if err != nil {
			t.Fatal(err)
		}
		defer k.Close()
		return k.Send(Envelope{From: from, To: "a@x.fr"}, text("x\r\n"))
	}
	t.Run("a connection that breaks after the data leaves it uncertain", func(t *testing.T) {
		if _, err := send(t, script(t, "250 hi", "250 ok", "250 ok", "354 go", "END")); !errors.Is(err, ErrUncertain) {
			t.Error(err)
		}
	})
	t.Run("one that breaks before is certain: not sent", func(t *testing.T) {
		if _, err := send(t, script(t, "250 hi", "250 ok")); err == nil || errors.Is(err, ErrUncertain) {
			t.Error(err)
		}
	})
	t.Run("421 is an answer", func(t *testing.T) {
		if r, err := send(t, script(t, "250 hi", "421 4.3.2 closing")); err != nil || r != (Reply{Code: 421, Enhanced: "4.3.2", OfSender: true}) {
			t.Error(r, err)
		}
	})
	t.Run("an answer that is none ends the connection", func(t *testing.T) {
		if _, err := send(t, script(t, "250 hi", "hello there")); err == nil {
			t.Error("taken")
		}
	})
	t.Run("whoever stops waits for nobody", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		k, err := Dial(ctx, Relay{Addr: script(t, "250 hi", "250 ok", "END"), Security: Plain})
		if err != nil {
			t.Fatal(err)
		}
		defer k.Close()
		time.AfterFunc(20*time.Millisecond, cancel)
		if _, err := k.Send(Envelope{From: from, To: "a@x.fr"}, text("x\r\n")); err == nil {
			t.Error("sent")
		}
	})
}

func FuzzParseAnswer(f *testing.F) {
	for _, s := range []string{"250 2.1.5 ok", "250-x", "", "25", "999 x", "451 4.3.0", "550 5.1.1.1", "250"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		code, _, rest, err := parse(line)
		if err != nil {
			return
		}
		if code < 200 || code > 599 {
			t.Fatal(code)
		}
		if e := enhanced(code, rest); e != "" && (len(e) > 9 || !strings.HasPrefix(rest, e)) {
			t.Fatalf("%q", e)
		}
	})
}
