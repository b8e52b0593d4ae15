package relay

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

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

func TestPasswords(t *testing.T) {
	every := "SCRAM-SHA-256-PLUS SCRAM-SHA-256 SCRAM-SHA-1-PLUS SCRAM-SHA-1 CRAM-MD5 PLAIN LOGIN"
	for _, tt := range []struct {
		rule, offered string
		secure        bool
		s             Security
		want          string
	}{
		{"the best that is offered is taken", "LOGIN PLAIN SCRAM-SHA-256", true, StartTLS, "SCRAM-SHA-256"},
		{"bound to the connection, where there is TLS to bind it to", every, true, StartTLS, "SCRAM-SHA-256-PLUS"},
		{"not bound where there is none", every, false, Offered, "SCRAM-SHA-256"},
		{"a password is said under TLS", "LOGIN PLAIN", true, Offered, "PLAIN"},
		{"by the old way too, where there is no other", "login", true, TLS, "LOGIN"},
		{"never without, where TLS was only not offered", "PLAIN LOGIN", false, Offered, ""},
		{"but for a relay on this machine, by the settings", "PLAIN LOGIN", false, Plain, "PLAIN"},
		{"an unknown way is none", "GSSAPI XPLAIN", true, StartTLS, ""},
		{"nor is nothing", "", true, StartTLS, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got, ok := choose(tt.offered, tt.secure, tt.s); got.name != tt.want || ok != (tt.want != "") {
				t.Errorf("%q, want %q", got.name, tt.want)
			}
		})
	}
	t.Run("whatever is offered without TLS, nothing that tells the password is chosen but for Plain", func(t *testing.T) {
		for _, m := range mechanisms {
			for _, s := range []Security{StartTLS, TLS, Offered} {
				if got, ok := choose(m.name, false, s); ok && (got.tells || got.bound) {
					t.Errorf("%s with %q", m.name, s)
				}
			}
		}
	})
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	clear := serve(t, &sink{password: "s3cret"}, nil)
	t.Run("a relay on this machine is told it in clear where the settings say so", func(t *testing.T) {
		k, err := Dial(t.Context(), Relay{Addr: clear, Security: Plain, User: "annuaire", PasswordFile: file})
		if err != nil {
			t.Fatal(err)
		}
		k.Close()
	})
	t.Run("and not where they ask for TLS if there is any", func(t *testing.T) {
		if _, err := Dial(t.Context(), Relay{Addr: clear, Security: Offered, User: "annuaire", PasswordFile: file}); err == nil || !strings.Contains(err.Error(), "password") {
			t.Error(err)
		}
	})
	t.Run("what the relay says of a wrong one is told by its code alone", func(t *testing.T) {
		if _, err := Dial(t.Context(), Relay{Addr: clear, Security: Plain, User: "other@secret.example", PasswordFile: file}); err == nil || err.Error() != "relay refuses the password: answer 535" {
			t.Error(err)
		}
	})
}
