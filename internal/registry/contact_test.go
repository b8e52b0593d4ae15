package registry

import (
	"testing"

	"annuaire"
)

func TestApicryptOfTheSettings(t *testing.T) {
	for _, tt := range []struct {
		rule, bridge, address, want string
	}{
		{"the bridge is the one of the settings, what is under it too", "pont.exemple.fr", "zoe@x.pont.exemple.fr", "contact_apicrypt"},
		{"and no other", "pont.exemple.fr", "zoe@ailleurs.exemple.fr", ""},
		{"where there is none, nobody is refused for it", "", "zoe@pont.exemple.fr", ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			p := Policy{Apicrypt: tt.bridge, Listed: func(string) bool { return false }}
			got, err := p.contactAddress(tt.address)
			if annuaire.RuleOf(err) != tt.want || tt.want == "" && got != tt.address {
				t.Errorf("%q %v", got, err)
			}
		})
	}
}
