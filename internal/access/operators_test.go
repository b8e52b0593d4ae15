package access

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"annuaire"
)

func operatorToken(t *testing.T, r *Registry, q annuaire.TokenRequest) (annuaire.Caller, string, error) {
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
	if _, _, err := operatorToken(t, r, annuaire.TokenRequest{Name: "Y 2026", Operator: "Y", Domains: []string{"Y.mssante.fr "}, Life: time.Hour}); err != nil {
		t.Fatal(err)
	}
	taken := func(t *testing.T, err error) {
		t.Helper()
		if annuaire.CodeOf(err) != annuaire.CodeConflict || annuaire.RuleOf(err) != "domain_taken" {
			t.Error(err)
		}
	}
	t.Run("domain_taken: another operator gets no token for it", func(t *testing.T) {
		_, _, err := operatorToken(t, r, annuaire.TokenRequest{Name: "Z", Operator: "Z", Domains: []string{"z.mssante.fr", "y.mssante.fr"}})
		taken(t, err)
	})
	t.Run("a second token of the same operator is one more", func(t *testing.T) {
		who, _, err := operatorToken(t, r, annuaire.TokenRequest{Name: "Y 2027", Operator: "Y", Domains: []string{"y.mssante.fr"}})
		if err != nil || who.Operator != "Y" || !who.Operates("y.mssante.fr") {
			t.Fatal(who, err)
		}
	})
	t.Run("without --operator it is of the operator of its domain", func(t *testing.T) {
		who, _, err := operatorToken(t, r, annuaire.TokenRequest{Name: "another", Domains: []string{"y.mssante.fr"}})
		if err != nil || who.Operator != "Y" {
			t.Fatal(who, err)
		}
	})
	t.Run("without --operator, of a domain of nobody, it is of whom it is made for", func(t *testing.T) {
		who, _, err := operatorToken(t, r, annuaire.TokenRequest{Name: "W", Domains: []string{"w.mssante.fr"}})
		if err != nil || who.Operator != "W" || who.Proof != "token" {
			t.Fatal(who, err)
		}
	})
	t.Run("once all its tokens have ended, a domain is free", func(t *testing.T) {
		*now = now.Add(DefaultLife + time.Hour)
		if _, _, err := operatorToken(t, r, annuaire.TokenRequest{Name: "Z", Operator: "Z", Domains: []string{"y.mssante.fr"}}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestOperatorsOfTheConfiguration(t *testing.T) {
	r, _ := registry(t)
	y := Operator{Name: "Y", Domains: []string{"y.mssante.fr", "y2.mssante.fr"}}
	r.SetOperators([]Operator{y, {Name: "Z", Domains: []string{"z.mssante.fr"}}})
	t.Run("a token without domains has those of its operator, as they are now", func(t *testing.T) {
		who, secret, err := operatorToken(t, r, annuaire.TokenRequest{Name: "t", Operator: "Y"})
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
		_, _, err := operatorToken(t, r, annuaire.TokenRequest{Name: "t", Operator: "Y", Domains: []string{"other.mssante.fr"}})
		if annuaire.RuleOf(err) != "domain_not_of_operator" {
			t.Error(err)
		}
	})
	t.Run("a domain that goes to another operator leaves the tokens of the first at once", func(t *testing.T) {
		who, secret, err := operatorToken(t, r, annuaire.TokenRequest{Name: "t", Operator: "Y", Domains: []string{"y.mssante.fr", "y2.mssante.fr"}})
		if err != nil || len(who.Domains) != 2 {
			t.Fatal(who, err)
		}
		r.SetOperators([]Operator{{Name: "Y", Domains: []string{"y2.mssante.fr"}}, {Name: "Z", Domains: []string{"y.mssante.fr"}}})
		if who, err = r.Authenticate(secret); err != nil || who.Operates("y.mssante.fr") || !who.Operates("y2.mssante.fr") {
			t.Error(who, err)
		}
	})
	t.Run("a name that the configuration does not know needs domains", func(t *testing.T) {
		if _, _, err := operatorToken(t, r, annuaire.TokenRequest{Name: "t", Operator: "nobody"}); annuaire.CodeOf(err) != annuaire.CodeInvalid {
			t.Error(err)
		}
	})
	t.Run("whoever is no operator belongs to none", func(t *testing.T) {
		_, _, err := r.Create(annuaire.TokenRequest{Name: "t", Roles: []annuaire.Role{annuaire.RoleReader}, Operator: "Y"})
		if annuaire.CodeOf(err) != annuaire.CodeInvalid {
			t.Error(err)
		}
	})
}

func TestOperatorsByCertificate(t *testing.T) {
	r, now := registry(t)
	named := func(attrs ...string) (n pkix.Name) { // as it comes out of a certificate
		for i := 0; i < len(attrs); i += 2 {
			var oid asn1.ObjectIdentifier
			for part := range strings.SplitSeq(attrs[i], ".") {
				v, err := strconv.Atoi(part)
				if err != nil {
					t.Fatal(err)
				}
				oid = append(oid, v)
			}
			n.Names = append(n.Names, pkix.AttributeTypeAndValue{Type: oid, Value: attrs[i+1]})
		}
		return n
	}
	cert := &x509.Certificate{Raw: []byte("one"), Subject: named("2.5.4.6", "FR", "2.5.4.10", "Y SA, Lyon", "2.5.4.11", "1480000017", "2.5.4.11", "DSI", "2.5.4.3", "y", "1.2.840.113549.1.9.1", "a@b.fr"),
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
		"by its subject":                       {`subject:emailAddress=a@b.fr,CN=y,OU=DSI,OU=1480000017,O=Y SA\, Lyon,C=FR`, true},
		"by its subject in another order":      {`subject:C=FR,O=Y SA\, Lyon,OU=1480000017+OU=DSI,CN=y,1.2.840.113549.1.9.1=a@b.fr`, true},
		"not by a part of its subject":         {"subject:CN=y", false},
		"not by an attribute more":             {`subject:emailAddress=a@b.fr,CN=y,CN=y,OU=DSI,OU=1480000017,O=Y SA\, Lyon,C=FR`, false},
		"not by what is no subject":            {"subject:", false},
		"not by the digest of another":         {"sha256:" + strings.Repeat("0", 64), false},
		"not by a beginning of its digest":     {"sha256:" + fingerprint(cert)[:32], false},
		"not where nothing is said about it":   {"sha256:", false},
		"not by a subject in other characters": {`subject:emailAddress=a@b.fr,CN=Y,OU=DSI,OU=1480000017,O=Y SA\, Lyon,C=FR`, false},
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
