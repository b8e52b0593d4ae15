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
		_, secret, err := r.Create(Request{Name: "t", Roles: []annuaire.Role{annuaire.RoleOperator}, Operator: "chu", Domains: []string{given}})
		if err != nil {
			t.Fatal(given, err)
		}
		if who, err := r.Authenticate(secret); err != nil || !who.Operates("chu-orléans.mssante.fr") {
			t.Error(given, who, err)
		}
	}
}
