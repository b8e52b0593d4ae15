package ldapd_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"annuaire"
	"annuaire/internal/limits"
	"annuaire/ldapd"
	"annuaire/ldapd/ber"
	"annuaire/ldapd/ldaptest"
)

// tokens are secrets and whose they are.
type tokens map[string]annuaire.Caller

func (t tokens) Authenticate(secret string) (annuaire.Caller, error) {
	if who, ok := t[secret]; ok {
		return who, nil
	}
	if secret == "broken" {
		return annuaire.Caller{}, annuaire.Errorf(annuaire.CodeUnavailable, "", "x", "x", nil)
	}
	return annuaire.Caller{}, annuaire.Errorf(annuaire.CodeUnauthorized, "token", "jeton inconnu", "unknown token", nil).Because("token_unknown")
}

var someTokens = tokens{"ann_good": {ID: "abc123", Roles: []annuaire.Role{annuaire.RoleReader}}}

// certificates recognises a common name.
type certificates string

func (c certificates) Certificate(cert *x509.Certificate) (annuaire.Caller, error) {
	if cert.Subject.CommonName == string(c) {
		return annuaire.Caller{ID: "cert-" + string(c), Roles: []annuaire.Role{annuaire.RoleReader}}, nil
	}
	return annuaire.Caller{}, annuaire.Errorf(annuaire.CodeUnauthorized, "", "certificat inconnu", "unknown certificate", nil)
}

// authority makes certificates.
type authority struct {
	t    testing.TB
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
	pool *x509.CertPool
}

func newAuthority(t testing.TB) *authority {
	a := &authority{t: t, pool: x509.NewCertPool()}
	a.key, _ = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	a.cert = a.sign(tmpl, tmpl, &a.key.PublicKey)
	a.pool.AddCert(a.cert)
	return a
}

func (a *authority) sign(tmpl, parent *x509.Certificate, pub any) *x509.Certificate {
	der, err := x509.CreateCertificate(rand.Reader, tmpl, parent, pub, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return c
}

// issue is a certificate of that name, for 127.0.0.1 and for clients.
func (a *authority) issue(name string) tls.Certificate {
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	c := a.sign(&x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}}, a.cert, &key.PublicKey)
	return tls.Certificate{Certificate: [][]byte{c.Raw}, PrivateKey: key}
}

func (a *authority) server() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{a.issue("server")}, ClientCAs: a.pool, ClientAuth: tls.VerifyClientCertIfGiven, MinVersion: tls.VersionTLS12}
}

func (a *authority) client(certs ...tls.Certificate) *tls.Config {
	return &tls.Config{RootCAs: a.pool, ServerName: "127.0.0.1", Certificates: certs}
}

func secured(a *authority) func(*ldapd.Options) {
	return func(o *ldapd.Options) {
		o.TLS, o.Tokens, o.Certificates = a.server(), someTokens, certificates("hopital")
	}
}

func whoami(t testing.TB, c *ldap.Conn) string {
	t.Helper()
	r, err := c.WhoAmI(nil)
	if err != nil {
		t.Fatal(err)
	}
	return r.AuthzID
}

func TestBind(t *testing.T) {
	for _, tt := range []struct {
		rule string
		send []byte
		code int64
	}{
		{"anonymous", bindRequest(1, 3, "", ""), 0},
		{"LDAPv2", bindRequest(1, 2, "", ""), 2},
		{"LDAPv4", bindRequest(1, 4, "", ""), 2},
		{"a name without a password", bindRequest(1, 3, "cn=admin", ""), 53},
		{"a token", bindRequest(1, 3, "cn=hospital", "ann_good"), 0},
		{"a token with no name", bindRequest(1, 3, "", "ann_good"), 0},
		{"a wrong token", bindRequest(1, 3, "cn=hospital", "ann_bad"), 49},
		{"a token while tokens cannot be read", bindRequest(1, 3, "cn=hospital", "broken"), 52},
		{"SASL PLAIN", saslBind(1, "PLAIN", []byte("\x00a\x00b")), 7},
		{"SASL GSSAPI, as Thunderbird may", saslBind(1, "GSSAPI", nil), 7},
		{"SASL EXTERNAL without certificates", saslBind(1, "EXTERNAL", nil), 7},
		{"a method that does not exist", request(1, 0x60, func(e *ber.Encoder) { e.Int(2, 3); e.String(4, ""); e.String(0x81, "x") }), 7},
	} {
		t.Run(tt.rule+" is answered, and the session goes on", func(t *testing.T) {
			w := fewWire(t, func(o *ldapd.Options) { o.Tokens = someTokens })
			w.send(tt.send)
			w.expect(1, 0x61, tt.code)
			w.send(query{base: base}.request(2))
			w.one(2)
		})
	}
	t.Run("who am I names the token, and nobody once a bind fails", func(t *testing.T) {
		c := few(t, func(o *ldapd.Options) { o.Tokens = someTokens })
		if got := whoami(t, c); got != "" {
			t.Errorf("before: %q", got)
		}
		if err := c.Bind("cn=hospital", "ann_good"); err != nil || whoami(t, c) != "u:abc123" {
			t.Error(err, whoami(t, c))
		}
		if err := c.Bind("cn=hospital", "ann_bad"); code(err) != ldap.LDAPResultInvalidCredentials || whoami(t, c) != "" {
			t.Error(err, whoami(t, c))
		}
	})
	t.Run("without tokens no password is right", func(t *testing.T) {
		if err := few(t).Bind("cn=x", "ann_good"); code(err) != ldap.LDAPResultInvalidCredentials {
			t.Error(err)
		}
	})
	t.Run("an address that sends wrong tokens has to wait with a right one too, unless it was recognised before", func(t *testing.T) {
		var told []limits.Refusal
		guard := limits.NewGuard(limits.New(nil), func(r limits.Refusal) { told = append(told, r) })
		c := few(t, func(o *ldapd.Options) { o.Tokens, o.Guard = someTokens, guard })
		for range limits.Guesses.Burst {
			_ = c.Bind("cn=x", "ann_bad")
		}
		if err := c.Bind("cn=x", "ann_good"); code(err) != ldap.LDAPResultBusy {
			t.Error("a right guess is let in: ", err)
		}
		guard.Recognised("ann_good") // over REST, say
		if err := c.Bind("cn=x", "ann_good"); err != nil {
			t.Error("a known one is refused: ", err)
		}
		if len(told) != limits.Guesses.Burst || told[0] != (limits.Refusal{Front: "ldap", Rule: "token_unknown", From: "127.0.0.1"}) {
			t.Error(told)
		}
	})
}

func TestNoAnonymous(t *testing.T) {
	c := few(t, func(o *ldapd.Options) { o.NoAnonymous, o.Tokens = true, someTokens })
	if err := c.UnauthenticatedBind(""); err != nil {
		t.Fatal(err)
	}
	for _, dn := range []string{"", "cn=subschema"} {
		if r, err := c.Search(ask(dn, ldap.ScopeBaseObject, "(objectClass=*)", "+")); err != nil || len(r.Entries) != 1 {
			t.Errorf("%q: %v", dn, err)
		}
	}
	for _, q := range []*ldap.SearchRequest{ask("", ldap.ScopeWholeSubtree, "(cn=*)"), ask(base, ldap.ScopeBaseObject, "(cn=*)"), ask("mail=nobody@x,"+base, ldap.ScopeBaseObject, "(cn=*)")} {
		if _, err := c.Search(q); code(err) != ldap.LDAPResultStrongAuthRequired {
			t.Error(err)
		}
	}
	if _, err := c.Compare(mailbox("jean.dupont"), "sn", "DUPONT"); code(err) != ldap.LDAPResultStrongAuthRequired {
		t.Error(err)
	}
	if err := c.Bind("cn=x", "ann_good"); err != nil {
		t.Fatal(err)
	}
	if r, err := c.Search(ask(base, ldap.ScopeSingleLevel, "(objectClass=*)")); err != nil || len(r.Entries) != 5 {
		t.Error(err)
	}
}

func TestStartTLS(t *testing.T) {
	a := newAuthority(t)
	t.Run("it is offered, works once, and forgets who was known", func(t *testing.T) {
		c := few(t, secured(a))
		if err := c.Bind("cn=x", "ann_good"); err != nil {
			t.Fatal(err)
		}
		if err := c.StartTLS(a.client()); err != nil {
			t.Fatal(err)
		}
		if got := whoami(t, c); got != "" {
			t.Errorf("still %q", got)
		}
		if err := c.Bind("cn=x", "ann_good"); err != nil || whoami(t, c) != "u:abc123" {
			t.Error(err)
		}
		if err := c.StartTLS(a.client()); err == nil {
			t.Error("twice")
		}
	})
	t.Run("it is refused while an operation is under way", func(t *testing.T) {
		w, h := heldWire(t, secured(a))
		w.send(query{base: base, scope: 1}.request(1))
		<-h.started
		w.send(extended(2, "1.3.6.1.4.1.1466.20037", nil))
		w.expect(2, 0x78, 1)
		close(h.let)
		w.entries(1)
	})
	t.Run("what was sent in clear behind it is dropped", func(t *testing.T) {
		w := fewWire(t, secured(a))
		w.send(extended(1, "1.3.6.1.4.1.1466.20037", nil), bindRequest(2, 3, "cn=x", "ann_good"))
		w.expect(1, 0x78, 0)
		if len(w.in) > 0 {
			t.Fatalf("an answer in clear: % x", w.in)
		}
		c := tls.Client(w.nc, a.client())
		if err := c.Handshake(); err != nil {
			t.Fatal(err)
		}
		w.nc = c
		w.send(extended(3, "1.3.6.1.4.1.4203.1.11.3", nil))
		if got := w.expect(3, 0x78, 0); bytes.Contains(got.body, []byte("u:")) {
			t.Errorf("the bind in clear counted: %q", got.body)
		}
	})
	t.Run("who sends no TLS after it is cut off", func(t *testing.T) {
		w := fewWire(t, secured(a))
		w.send(extended(1, "1.3.6.1.4.1.1466.20037", nil))
		w.expect(1, 0x78, 0)
		w.send(query{base: base}.request(2))
		for { // an alert in TLS, then the end
			buf := make([]byte, 512)
			if n, err := w.nc.Read(buf); err != nil {
				break
			} else if bytes.Contains(buf[:n], []byte("mssante")) {
				t.Fatal("answered in clear")
			}
		}
	})
	t.Run("the response names the operation", func(t *testing.T) {
		w := fewWire(t, secured(a))
		w.send(extended(1, "1.3.6.1.4.1.1466.20037", nil))
		if got := w.expect(1, 0x78, 0); !bytes.Contains(got.body, []byte("1.3.6.1.4.1.1466.20037")) {
			t.Errorf("%q", got.body)
		}
	})
}

func TestCertificates(t *testing.T) {
	a := newAuthority(t)
	o := ldapd.Options{Directory: ldaptest.NewDirectory(ldaptest.Few()...)}
	secured(a)(&o)
	addr := ldaptest.StartTLS(t, o)
	over := func(t *testing.T, certs ...tls.Certificate) *ldap.Conn {
		c, err := ldap.DialURL("ldaps://"+addr, ldap.DialWithTLSConfig(a.client(certs...)))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	mechanisms := func(t *testing.T, c *ldap.Conn) []string {
		r, err := c.Search(ask("", ldap.ScopeBaseObject, "(objectClass=*)", "supportedSASLMechanisms"))
		if err != nil {
			t.Fatal(err)
		}
		return r.Entries[0].GetAttributeValues("supportedSASLMechanisms")
	}
	t.Run("a known certificate is who it names", func(t *testing.T) {
		c := over(t, a.issue("hopital"))
		if got := mechanisms(t, c); len(got) != 1 || got[0] != "EXTERNAL" {
			t.Error(got)
		}
		if err := c.ExternalBind(); err != nil || whoami(t, c) != "u:cert-hopital" {
			t.Error(err, whoami(t, c))
		}
	})
	t.Run("a certificate that names nobody known is refused", func(t *testing.T) {
		if err := over(t, a.issue("autre")).ExternalBind(); code(err) != ldap.LDAPResultInvalidCredentials {
			t.Error(err)
		}
	})
	t.Run("without a certificate EXTERNAL is neither offered nor possible", func(t *testing.T) {
		c := over(t)
		if got := mechanisms(t, c); len(got) != 0 {
			t.Error(got)
		}
		if err := c.ExternalBind(); code(err) != ldap.LDAPResultInappropriateAuthentication {
			t.Error(err)
		}
	})
	t.Run("a certificate of another authority gets no connection", func(t *testing.T) {
		nc, err := tls.Dial("tcp", addr, a.client(newAuthority(t).issue("hopital")))
		if err == nil { // TLS 1.3: the refusal comes with the first read
			_, err = nc.Read(make([]byte, 1))
			_ = nc.Close()
		}
		if err == nil {
			t.Error("accepted")
		}
	})
	t.Run("to act as somebody else is refused", func(t *testing.T) {
		nc, err := tls.Dial("tcp", addr, a.client(a.issue("hopital")))
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
		w := &wire{t: t, nc: nc}
		w.send(saslBind(1, "EXTERNAL", []byte("u:admin")))
		w.expect(1, 0x61, 49)
		w.send(saslBind(2, "EXTERNAL", []byte{}))
		w.expect(2, 0x61, 0)
	})
	t.Run("StartTLS where TLS is in place is an operations error", func(t *testing.T) {
		nc, err := tls.Dial("tcp", addr, a.client())
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
		w := &wire{t: t, nc: nc}
		w.send(extended(1, "1.3.6.1.4.1.1466.20037", nil))
		w.expect(1, 0x78, 1)
	})
	t.Run("clear text on the port of TLS is cut off", func(t *testing.T) {
		w := wired(t, addr)
		w.send(query{base: base}.request(1))
		buf := make([]byte, 4096)
		for {
			n, err := w.nc.Read(buf)
			if err != nil {
				break
			}
			if bytes.Contains(buf[:n], []byte("mssante")) {
				t.Fatal("answered")
			}
		}
	})
	t.Run("without a certificate of its own there is no TLS to serve", func(t *testing.T) {
		s, err := ldapd.New(ldapd.Options{Directory: o.Directory})
		if err != nil {
			t.Fatal(err)
		}
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if s.ServeTLS(t.Context(), ln) == nil {
			t.Error("no error")
		}
	})
}

// far makes connections look as if they came from elsewhere.
type far struct{ net.Listener }

func (l far) Accept() (net.Conn, error) {
	nc, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return farConn{nc}, nil
}

type farConn struct{ net.Conn }

func (farConn) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 7), Port: 4242} }

func TestPasswordsInClear(t *testing.T) {
	a := newAuthority(t)
	o := ldapd.Options{Directory: ldaptest.NewDirectory(ldaptest.Few()...)}
	secured(a)(&o)
	c := dial(t, ldaptest.StartOn(t, o, func(ln net.Listener) net.Listener { return far{ln} }))
	if err := c.Bind("cn=x", "ann_good"); code(err) != ldap.LDAPResultConfidentialityRequired {
		t.Errorf("a right one: %v", err)
	}
	if err := c.Bind("cn=x", "ann_bad"); code(err) != ldap.LDAPResultConfidentialityRequired {
		t.Errorf("a wrong one is told from a right one: %v", err)
	}
	if err := c.UnauthenticatedBind(""); err != nil {
		t.Errorf("anonymous: %v", err)
	}
	if err := c.StartTLS(a.client()); err != nil {
		t.Fatal(err)
	}
	if err := c.Bind("cn=x", "ann_good"); err != nil {
		t.Errorf("under TLS: %v", err)
	}
}

func TestLimitsAreThoseOfREST(t *testing.T) {
	l := limits.New(nil)
	class := limits.Class{RPS: 0.001, Burst: 3}
	c := few(t, func(o *ldapd.Options) { o.Limiter, o.Anonymous, o.Tokens = l, class, someTokens })
	l.Allow("127.0.0.1", class) // as a REST request would
	for range 2 {
		if _, err := c.Search(ask(base, ldap.ScopeBaseObject, "(objectClass=*)")); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Search(ask(base, ldap.ScopeBaseObject, "(objectClass=*)")); code(err) != ldap.LDAPResultBusy {
		t.Error(err)
	}
	if _, err := c.Compare(base, "dc", "mssante"); code(err) != ldap.LDAPResultBusy {
		t.Error(err)
	}
	if err := c.Bind("cn=x", "ann_good"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Search(ask(base, ldap.ScopeBaseObject, "(objectClass=*)")); err != nil {
		t.Errorf("a token has its own: %v", err)
	}
	t.Run("entries returned count against the hour, bases do not", func(t *testing.T) {
		class := limits.Class{PeoplePerHour: 8}
		c := few(t, func(o *ldapd.Options) { o.Anonymous = class })
		for i, want := range []uint16{0, 0, 0, ldap.LDAPResultBusy} {
			scope := ldap.ScopeSingleLevel
			if i == 0 {
				scope = ldap.ScopeBaseObject
			}
			if _, err := c.Search(ask(base, scope, "(objectClass=*)")); code(err) != want {
				t.Errorf("%d: %v", i, err)
			}
		}
	})
}
