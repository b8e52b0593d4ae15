package ldapd_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"annuaire/ldapd/ber"
)

// A search for addresses of patients finds nothing, as any that finds nothing, and says why there is nothing to find.
func TestPatientAddressesAreExplained(t *testing.T) {
	why := []byte("il n'en existe pas")
	filtered := func(text string) func(*ber.Encoder) {
		p, err := ldap.CompileFilter(text)
		if err != nil {
			t.Fatal(err)
		}
		return func(e *ber.Encoder) { e.Buf = append(e.Buf, p.Bytes()...) }
	}
	for rule, tt := range map[string]struct {
		filter, base string
		code         int64
		explained    bool
	}{
		"an equality":                      {"(mail=185057800608436@patient.mssante.fr)", "dc=mssante,dc=fr", 0, true},
		"in upper case":                    {"(mail=x@PATIENT.MSSANTE.FR)", "dc=mssante,dc=fr", 0, true},
		"the end of a value":               {"(mail=*@patient.mssante.fr)", "dc=mssante,dc=fr", 0, true},
		"inside other filters":             {"(&(objectClass=inetOrgPerson)(|(cn=x*)(mail=*@patient.mssante.fr*)))", "dc=mssante,dc=fr", 0, true},
		"of any attribute":                 {"(cn=x@patient.mssante.fr)", "dc=mssante,dc=fr", 0, true},
		"a base":                           {"(objectClass=*)", "mail=185057800608436@patient.mssante.fr,dc=mssante,dc=fr", 32, true},
		"another search that finds nobody": {"(mail=x@patients.mssante.fr)", "dc=mssante,dc=fr", 0, false},
	} {
		t.Run(rule, func(t *testing.T) {
			w := fewWire(t)
			w.send(query{base: tt.base, scope: 2, filter: filtered(tt.filter)}.request(1))
			n, done := w.entries(1)
			if n != 0 || done.code(t) != tt.code || bytes.Contains(done.body, why) != tt.explained || bytes.Contains(done.body, []byte("185057800608436")) {
				t.Errorf("%d entries, %d, %s", n, done.code(t), done.body)
			}
		})
	}
	t.Run("a comparison", func(t *testing.T) {
		_, err := few(t).Compare("mail=1@patient.mssante.fr,dc=mssante,dc=fr", "mail", "x")
		var e *ldap.Error
		if !errors.As(err, &e) || e.ResultCode != 32 || !bytes.Contains([]byte(e.Error()), why) {
			t.Error(err)
		}
	})
	t.Run("a search that also asks for others, and finds some, is answered as it is", func(t *testing.T) {
		w := fewWire(t)
		w.send(query{base: "dc=mssante,dc=fr", scope: 2, filter: filtered("(|(mail=x@patient.mssante.fr)(objectClass=*))")}.request(1))
		if n, done := w.entries(1); n == 0 || bytes.Contains(done.body, why) {
			t.Errorf("%d %s", n, done.body)
		}
	})
}
