package access

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"slices"
	"strings"
	"testing"
	"time"

	"annuaire"
)

func operatorToken(t *testing.T, r *Registry, q Request) (annuaire.Caller, string, error) {
	t.Helper()
	q.Roles = []annuaire.Role{annuaire.RoleOperator}
	tok, secret, err := r.Create(q)
	if err != nil {
		return annuaire.Caller{}, "", err
	}
	who, err := r.Authenticate(secret)
	if err != nil || who.ID != tok.ID {
		t.Fatal(who, err)
	}
	return who, secret, nil
}

func TestOneDomainOneOperator(t *testing.T) {
	r, now := registry(t)
	if _, _, err := operatorToken(t, r, Request{Name: "Y 2026", Operator: "Y", Domains: []string{"Y.mssante.fr "}, Life: time.Hour}); err != nil {
		t.Fatal(err)
	}
	taken := func(t *testing.T, err error) {
		t.Helper()
		if annuaire.CodeOf(err) != annuaire.CodeConflict || annuaire.RuleOf(err) != "domain_taken" {
			t.Error(err)
		}
	}
	t.Run("domain_taken: another operator gets no token for it", func(t *testing.T) {
		_, _, err := operatorToken(t, r, Request{Name: "Z", Operator: "Z", Domains: []string{"z.mssante.fr", "y.mssante.fr"}})
		taken(t, err)
	})
	t.Run("a second token of the same operator is one more", func(t *testing.T) {
		who, _, err := operatorToken(t, r, Request{Name: "Y 2027", Operator: "Y", Domains: []string{"y.mssante.fr"}})
		if err != nil || who.Operator != "Y" || !who.Operates("y.mssante.fr") {
			t.Fatal(who, err)
		}
	})
	t.Run("without --operator it is of the operator of its domain", func(t *testing.T) {
		who, _, err := operatorToken(t, r, Request{Name: "another", Domains: []string{"y.mssante.fr"}})
		if err != nil || who.Operator != "Y" {
			t.Fatal(who, err)
		}
	})
	t.Run("without --operator, of a domain of nobody, it is of whom it is made for", func(t *testing.T) {
		who, _, err := operatorToken(t, r, Request{Name: "W", Domains: []string{"w.mssante.fr"}})
		if err != nil || who.Operator != "W" || who.Proof != "token" {
			t.Fatal(who, err)
		}
	})
	t.Run("once all its tokens have ended, a domain is free", func(t *testing.T) {
		*now = now.Add(DefaultLife + time.Hour)
		if _, _, err := operatorToken(t, r, Request{Name: "Z", Operator: "Z", Domains: []string{"y.mssante.fr"}}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestOperatorsOfTheConfiguration(t *testing.T) {
	r, _ := registry(t)
	y := Operator{Name: "Y", Domains: []string{"y.mssante.fr", "y2.mssante.fr"}}
	r.SetOperators([]Operator{y, {Name: "Z", Domains: []string{"z.mssante.fr"}}})
	t.Run("a token without domains has those of its operator, as they are now", func(t *testing.T) {
		who, secret, err := operatorToken(t, r, Request{Name: "t", Operator: "Y"})
		if err != nil || !slices.Equal(who.Domains, y.Domains) {
			t.Fatal(who, err)
		}
		r.SetOperators([]Operator{{Name: "Y", Domains: []string{"y2.mssante.fr"}}})
		if who, err = r.Authenticate(secret); err != nil || !slices.Equal(who.Domains, []string{"y2.mssante.fr"}) {
			t.Error(who, err)
		}
		r.SetOperators([]Operator{y, {Name: "Z", Domains: []string{"z.mssante.fr"}}})
	})
	t.Run("domain_not_of_operator: it may name only domains of its operator", func(t *testing.T) {
		_, _, err := operatorToken(t, r, Request{Name: "t", Operator: "Y", Domains: []string{"other.mssante.fr"}})
		if annuaire.RuleOf(err) != "domain_not_of_operator" {
			t.Error(err)
		}
	})
	t.Run("a domain that goes to another operator leaves the tokens of the first at once", func(t *testing.T) {
		who, secret, err := operatorToken(t, r, Request{Name: "t", Operator: "Y", Domains: []string{"y.mssante.fr", "y2.mssante.fr"}})
		if err != nil || len(who.Domains) != 2 {
			t.Fatal(who, err)
		}
		r.SetOperators([]Operator{{Name: "Y", Domains: []string{"y2.mssante.fr"}}, {Name: "Z", Domains: []string{"y.mssante.fr"}}})
		if who, err = r.Authenticate(secret); err != nil || who.Operates("y.mssante.fr") || !who.Operates("y2.mssante.fr") {
			t.Error(who, err)
		}
	})
	t.Run("a name that the configuration does not know needs domains", func(t *testing.T) {
		if _, _, err := operatorToken(t, r, Request{Name: "t", Operator: "nobody"}); annuaire.CodeOf(err) != annuaire.CodeInvalid {
			t.Error(err)
		}
	})
	t.Run("whoever is no operator belongs to none", func(t *testing.T) {
		_, _, err := r.Create(Request{Name: "t", Roles: []annuaire.Role{annuaire.RoleReader}, Operator: "Y"})
		if annuaire.CodeOf(err) != annuaire.CodeInvalid {
			t.Error(err)
		}
	})
}

func TestOperatorsByCertificate(t *testing.T) {
	r, now := registry(t)
	cert := &x509.Certificate{Raw: []byte("one"), Subject: pkix.Name{CommonName: "y", Organization: []string{"Y SA"}, Country: []string{"FR"}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}
	colons := func(s string) (out string) {
		for i := 0; i < len(s); i += 2 {
			out += ":" + strings.ToUpper(s[i:i+2])
		}
		return out
	}
	for rule, tt := range map[string]struct {
		spec string
		ok   bool
	}{
		"by its digest": {"sha256:" + fingerprint(cert), true},
		"by its digest as openssl prints it, in capitals with colons": {"sha256" + colons(fingerprint(cert)), true},
		"by its subject":                       {"subject:CN=y,O=Y SA,C=FR", true},
		"not by a part of its subject":         {"subject:CN=y", false},
		"not by the digest of another":         {"sha256:" + strings.Repeat("0", 64), false},
		"not by a beginning of its digest":     {"sha256:" + fingerprint(cert)[:32], false},
		"not where nothing is said about it":   {"sha256:", false},
		"not by a subject in other characters": {"subject:CN=Y,O=Y SA,C=FR", false},
	} {
		t.Run(rule, func(t *testing.T) {
			r.SetOperators([]Operator{{Name: "Y", Domains: []string{"y.mssante.fr"}, Certificates: []string{tt.spec}}})
			who, err := r.Certificate(cert)
			if tt.ok && (err != nil || who.ID != "operator Y" || !who.Operates("y.mssante.fr") || !strings.HasPrefix(who.Proof, "certificate sha256=")) {
				t.Error(who, err)
			}
			if !tt.ok && annuaire.RuleOf(err) != "certificate_unknown" {
				t.Error(who, err)
			}
		})
	}
}
