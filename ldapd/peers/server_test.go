package peers

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// served is the program itself, with made-up people, as an administrator starts it.
type served struct {
	address, tls string // ldap and ldaps
	ca           string // the file with its certificate
	dir          string // for the files of clients
	one          person // someone with a mailbox, and a name that nobody else has
}

type person struct{ mail, cn, sn, given, dn string }

// serve builds the program (or takes TEST_BINARY), makes 3 000 people, imports them and serves them until the test ends.
func serve(t *testing.T) *served {
	t.Helper()
	if os.Getenv("TEST_CLIENTS") == "" {
		t.Skip("real clients are for make test-clients")
	}
	s := &served{dir: t.TempDir(), address: freePort(t), tls: freePort(t)}
	bin := os.Getenv("TEST_BINARY")
	if bin == "" {
		bin = filepath.Join(s.dir, "annuaire")
		s.do(t, "go", "build", "-o", bin, "../../cmd/annuaire")
	}
	extracts, data := filepath.Join(s.dir, "extracts"), filepath.Join(s.dir, "data")
	s.do(t, bin, "fixtures", "--people", "3000", "--seed", "7", "--out", extracts)
	s.do(t, bin, "sync", "--data", data, "--from", extracts)
	key := s.certificate(t)
	config := filepath.Join(s.dir, "annuaire.toml")
	s.write(t, "annuaire.toml", fmt.Sprintf("[tls]\ncert = %q\nkey = %q\n[limits]\nanonymous_rps = 0\nanonymous_people_per_hour = 0\n", s.ca, key))
	run(t, exec.Command(bin, "serve", "--config", config, "--data", data, "--http", freePort(t), "--ldap", s.address, "--ldaps", s.tls))
	var c *ldap.Conn
	waitFor(t, "annuaire serve", func() (err error) {
		c, err = ldap.DialURL("ldap://" + s.address)
		return err
	})
	defer func() { _ = c.Close() }()
	s.one = someoneUnique(t, c)
	return s
}

// someoneUnique finds a person whose surname is one plain word that no other mailbox has a part of.
func someoneUnique(t *testing.T, c *ldap.Conn) person {
	t.Helper()
	req := ldap.NewSearchRequest(base, ldap.ScopeSingleLevel, ldap.NeverDerefAliases, 0, 0, false, "(TypeBAL=PER)", []string{"cn", "sn", "givenName", "mail"}, nil)
	r, err := c.SearchWithPaging(req, 500)
	if err != nil {
		t.Fatal(err)
	}
	plain := regexp.MustCompile(`^[A-Z]{6,}$`)
	for _, e := range r.Entries {
		p := person{e.GetAttributeValue("mail"), e.GetAttributeValue("cn"), e.GetAttributeValue("sn"), e.GetAttributeValue("givenName"), e.DN}
		if !plain.MatchString(p.sn) || !regexp.MustCompile(`^[A-Za-z]{4,}$`).MatchString(p.given) {
			continue
		}
		f := fmt.Sprintf("(|(cn=*%s*)(o=*%s*)(mail=*%s*)(title=*%s*)(description=*%s*))", p.sn, p.sn, p.sn, p.sn, p.sn)
		if r, err := c.Search(ldap.NewSearchRequest(base, ldap.ScopeSingleLevel, ldap.NeverDerefAliases, 0, 0, false, f, []string{"1.1"}, nil)); err == nil && len(r.Entries) == 1 {
			return p
		}
	}
	t.Fatal("nobody has a name of their own")
	return person{}
}

// do runs a command that must succeed.
func (s *served) do(t testing.TB, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func (s *served) write(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// fill puts what is served in the place of {words} in the arguments of a client.
func (s *served) fill(text string) string {
	return strings.NewReplacer("{url}", "ldap://"+s.address, "{host}", "127.0.0.1", "{port}", s.address[strings.LastIndexByte(s.address, ':')+1:], "{tls}", "ldaps://"+s.tls, "{ca}", s.ca,
		"{base}", base, "{mail}", s.one.mail, "{cn}", s.one.cn, "{sn}", s.one.sn, "{given}", s.one.given, "{dn}", s.one.dn, "{dir}", s.dir).Replace(text)
}

// certificate makes a certificate for 127.0.0.1 and returns the file of its key.
func (s *served) certificate(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "127.0.0.1"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	der2, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	s.ca = s.write(t, "cert.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	return s.write(t, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der2})))
}
