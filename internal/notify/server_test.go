package notify

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	netmail "net/mail"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// smtpServer is a real SMTP server that does as each test says.
type smtpServer struct {
	addr  string
	roots *x509.CertPool // trusts its certificate

	asked    atomic.Int32 // how often somebody began to authenticate
	mu       sync.Mutex
	onRcpt   func(n int) error // of the n-th conversation, from 1
	onData   func(n int) error // after the message was read whole; errDrop cuts the connection
	sessions int
	got      []received
	rcpts    []string
}

type received struct {
	id, to, subject, body string
	secure                bool
}

var errDrop = errors.New("drop the connection")

type session struct {
	r *smtpServer
	c *smtp.Conn
	n int
}

func (r *smtpServer) NewSession(c *smtp.Conn) (smtp.Session, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return &session{r: r, c: c}, nil
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }
func (s *session) Auth(string) (sasl.Server, error) {
	s.r.asked.Add(1)
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "annuaire" || password != "secret" {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}
func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }
func (s *session) Mail(string, *smtp.MailOptions) error {
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	s.r.sessions++
	s.n = s.r.sessions
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	s.r.rcpts = append(s.r.rcpts, to)
	if s.r.onRcpt != nil {
		return s.r.onRcpt(s.n)
	}
	return nil
}

func (s *session) Data(rd io.Reader) error {
	m, err := netmail.ReadMessage(rd)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		return err
	}
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	_, secure := s.c.TLSConnectionState()
	s.r.got = append(s.r.got, received{id: m.Header.Get("Message-Id"), to: m.Header.Get("To"), subject: m.Header.Get("Subject"), body: string(body), secure: secure})
	if s.r.onData != nil {
		if err := s.r.onData(s.n); errors.Is(err, errDrop) {
			_ = s.c.Conn().Close()
			return err
		} else if err != nil {
			return err
		}
	}
	return nil
}

func (r *smtpServer) messages() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]received(nil), r.got...)
}

// newRelay starts one on a free port; secure is whether it offers STARTTLS.
func newRelay(t testing.TB, secure bool) *smtpServer {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &smtpServer{addr: ln.Addr().String()}
	srv := smtp.NewServer(r)
	srv.AllowInsecureAuth = true // a relay that would take a password without TLS
	srv.Domain, srv.ErrorLog, srv.ReadTimeout, srv.WriteTimeout = "relay.example", log.New(io.Discard, "", 0), 5*time.Second, 5*time.Second
	cert, pool := certificate(t)
	r.roots = pool
	if secure {
		srv.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}}
	}
	done := make(chan struct{})
	go func() { _ = srv.Serve(ln); close(done) }()
	t.Cleanup(func() { _, _ = srv.Close(), ln.Close(); <-done }) // of both: it may not have begun to listen
	return r
}

func certificate(t testing.TB) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "relay"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}
