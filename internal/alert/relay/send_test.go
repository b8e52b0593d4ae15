package relay

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
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
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := smtp.NewServer(s)
	srv.Domain, srv.AllowInsecureAuth, srv.EnableDSN = "relay.example", true, true
	if set != nil {
		set(srv)
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
		{"a message is accepted", "a@x.fr", Reply{250, "2.0.0"}},
		{"a recipient refused for good says its code", "gone@x.fr", Reply{550, "5.1.1"}},
		{"the connection serves on after a refusal", "b@x.fr", Reply{250, "2.0.0"}},
		{"a recipient refused for now says its code", "full@x.fr", Reply{452, "4.2.2"}},
		{"a message refused after its data says so", "spam@x.fr", Reply{554, "5.7.1"}},
		{"and again it serves on", "c@x.fr", Reply{250, "2.0.0"}},
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
		if r, err := send(t, script(t, "250 hi", "421 4.3.2 closing")); err != nil || r != (Reply{421, "4.3.2"}) {
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

// certificate makes a certificate for 127.0.0.1 and the pool that trusts it.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, _ := x509.ParseCertificate(der)
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

func TestProtection(t *testing.T) {
	cert, pool := certificate(t)
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := &sink{password: "s3cret"}
	withTLS := serve(t, s, func(srv *smtp.Server) { srv.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}} })
	without := serve(t, &sink{}, nil)
	for _, tt := range []struct {
		rule string
		r    Relay
		ok   bool
	}{
		{"STARTTLS and the password from its file", Relay{Addr: withTLS, Security: StartTLS, Roots: pool, User: "annuaire", PasswordFile: file}, true},
		{"an unknown authority is refused", Relay{Addr: withTLS, Security: StartTLS, User: "annuaire", PasswordFile: file}, false},
		{"a relay without TLS is refused where it is required", Relay{Addr: without, Security: StartTLS, Roots: pool}, false},
		{"a password that cannot be read is an error", Relay{Addr: withTLS, Security: StartTLS, Roots: pool, User: "annuaire", PasswordFile: file + "x"}, false},
		{"a wrong user is refused", Relay{Addr: withTLS, Security: StartTLS, Roots: pool, User: "other", PasswordFile: file}, false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			k, err := Dial(t.Context(), tt.r)
			if (err == nil) != tt.ok {
				t.Fatal(err)
			}
			if k == nil {
				return
			}
			defer k.Close()
			if r, err := k.Send(Envelope{From: from, To: "a@x.fr"}, text("x\r\n")); err != nil || !r.Accepted() {
				t.Error(r, err)
			}
		})
	}
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
