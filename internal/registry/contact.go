package registry

import (
	"strings"

	"annuaire"
	"annuaire/internal/mailaddr"
)

// contactAddress returns the one writing of an address that notifications may go to, its domain in ASCII as SMTP wants it: an ordinary one, that
// is read elsewhere than in the trust space of MSSanté, or notices would go where only they give access to.
func (p *Policy) contactAddress(s string) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "", errContactMissing
	}
	if mailaddr.Patient(s) {
		return "", annuaire.PatientAddress("contact")
	}
	a, err := mailaddr.Parse(s)
	if err != nil {
		return "", errContactInvalid
	}
	domain, err := mailaddr.ASCII(a.Domain)
	switch {
	case err != nil:
		return "", errContactInvalid
	case mailaddr.Under(domain, mailaddr.MSSante):
		return "", errContactMSSante
	case p.Apicrypt != "" && mailaddr.Under(domain, p.Apicrypt):
		return "", errContactApicrypt
	case p.listed(a.Domain) || p.listed(domain):
		return "", errContactListed
	}
	return a.Local + "@" + domain, nil
}
