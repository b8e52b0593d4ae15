package access

import (
	"testing"

	"annuaire"
)

// A domain with accents is one domain, however it is written: a mailbox under it is its operator's.
func TestDomainsHaveOneWriting(t *testing.T) {
	for _, given := range []string{"chu-orléans.mssante.fr", "CHU-ORLÉANS.mssante.fr", "xn--chu-orlans-h7a.mssante.fr", "chu-orle\u0301ans.mssante.fr"} {
		r, _ := registry(t)
		r.SetOperators([]Operator{{Name: "chu", Domains: []string{given}}})
		_, secret, err := r.Create(annuaire.TokenRequest{Name: "t", Roles: []annuaire.Role{annuaire.RoleOperator}, Operator: "chu", Domains: []string{given}})
		if err != nil {
			t.Fatal(given, err)
		}
		if who, err := r.Authenticate(secret); err != nil || !who.Operates("chu-orléans.mssante.fr") {
			t.Error(given, who, err)
		}
	}
}

// A domain in two writings is not two domains that two operators may have, nor is a subject in two orders two certificates.
func TestOperatorsAreToldApart(t *testing.T) {
	for rule, two := range map[string][2]Operator{
		"one domain, with accents and in punycode": {{Name: "Y", Domains: []string{"chu-orléans.mssante.fr"}}, {Name: "Z", Domains: []string{"xn--chu-orlans-h7a.mssante.fr"}}},
		"one domain, composed and decomposed":      {{Name: "Y", Domains: []string{"chu-orl\u00e9ans.mssante.fr"}}, {Name: "Z", Domains: []string{"chu-orle\u0301ans.mssante.fr"}}},
		"one subject, in two orders":               {{Name: "Y", Certificates: []string{"subject:CN=y,O=Y,C=FR"}}, {Name: "Z", Certificates: []string{"subject:C=FR,O=Y,CN=y"}}},
		"a subject that is none":                   {{Name: "Y", Certificates: []string{"subject:X="}}, {Name: "Z"}},
		"a subject with a word that nobody knows":  {{Name: "Y", Certificates: []string{"subject:nonsense=x,CN=y"}}, {Name: "Z"}},
	} {
		t.Run(rule+", is bad configuration", func(t *testing.T) {
			if err := CheckOperators(two[:]); annuaire.CodeOf(err) != annuaire.CodeInvalid {
				t.Error(err)
			}
		})
	}
	t.Run("two domains and two subjects are in order", func(t *testing.T) {
		if err := CheckOperators([]Operator{{"Y", []string{"y.fr"}, []string{"subject:CN=y,C=FR"}}, {"Z", []string{"z.fr"}, []string{"subject:CN=z,C=FR", "sha256:00"}}}); err != nil {
			t.Error(err)
		}
	})
}
