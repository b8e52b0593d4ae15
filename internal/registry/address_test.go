package registry

import (
	"strings"
	"testing"

	"annuaire"
)

func TestParseAddress(t *testing.T) {
	for _, tt := range []struct{ rule, in, want, because string }{
		{"an address is kept in lower case, its domain as people read it", "A.B@XN--CHU-orlans-h7a.mssante.fr", "a.b@chu-orléans.mssante.fr", ""},
		{"a patient's address is refused as such", "185057800608436@patient.mssante.fr", "", annuaire.RulePatientAddress},
		{"even badly written", "1 85 05 78@ｐatient.mssante.fr", "", annuaire.RulePatientAddress},
		{"what is no address is refused", "a.b", "", "address_invalid"},
		{"an accent before @ is refused", "zélie@a.fr", "", "address_invalid"},
		{"a domain that is none is refused", "zelie@b", "", "address_invalid"},
		{"a long one is refused", strings.Repeat("a.", 600) + "@a.fr", "", "address_invalid"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			a, err := parseAddress(tt.in)
			if annuaire.RuleOf(err) != tt.because || err == nil && a.String() != tt.want {
				t.Errorf("%q %v", a, err)
			}
			if err != nil && (annuaire.CodeOf(err) != annuaire.CodeInvalid || strings.Contains(err.Error(), strings.Split(tt.in, "@")[0])) {
				t.Errorf("%v repeats what was given", err)
			}
		})
	}
}
