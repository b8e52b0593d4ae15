package access

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"testing"
	"time"

	"annuaire"
)

func TestCertificatesNameStructures(t *testing.T) {
	now := time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
	r := New(nil)
	r.now = func() time.Time { return now }
	cert := func(units ...string) *x509.Certificate {
		return &x509.Certificate{Subject: pkix.Name{OrganizationalUnit: units}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}
	}
	for rule, tt := range map[string]struct {
		cert *x509.Certificate
		id   string // "" is refused
	}{
		"a FINESS":                                {cert("1480000017"), "structure 1480000017"},
		"a FINESS of Corsica":                     {cert("12A0000017"), "structure 12A0000017"},
		"a SIRET":                                 {cert("312345678900011"), "structure 312345678900011"},
		"an RPPS with its rank":                   {cert("499012345679002"), "structure 499012345679002"},
		"spaces do not count":                     {cert(" 3 123 456 789 00011 "), "structure 312345678900011"},
		"the unit that names one, among others":   {cert("DSI", "1480000017"), "structure 1480000017"},
		"no unit is refused":                      {cert(), ""},
		"a number without its type is refused":    {cert("480000017"), ""},
		"a SIREN, which is no place, is refused":  {cert("2123456789"), ""},
		"what surrounds a number is not accepted": {cert("x1480000017"), ""},
	} {
		t.Run(rule, func(t *testing.T) {
			who, err := r.Certificate(tt.cert)
			if who.ID != tt.id || (tt.id == "") != (annuaire.CodeOf(err) == annuaire.CodeUnauthorized && err != nil) {
				t.Fatal(who, err)
			}
			if tt.id != "" && (!who.Has(annuaire.RoleReader) || len(who.Roles) != 1) {
				t.Error(who.Roles)
			}
		})
	}
	t.Run("one that has expired, or is not valid yet, is refused", func(t *testing.T) {
		for _, late := range []time.Duration{2 * time.Hour, -2 * time.Hour} {
			r.now = func() time.Time { return now.Add(late) }
			if _, err := r.Certificate(cert("1480000017")); annuaire.CodeOf(err) != annuaire.CodeUnauthorized {
				t.Error(late, err)
			}
		}
	})
}
