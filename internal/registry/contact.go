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
		return "", refused(RuleContactMissing)
	}
	if mailaddr.Patient(s) {
		return "", annuaire.PatientAddress("contact")
	}
	a, err := mailaddr.Parse(s)
	if err != nil {
		return "", refused(RuleContactInvalid)
	}
	domain, err := mailaddr.ASCII(a.Domain)
	switch {
	case err != nil:
		return "", refused(RuleContactInvalid)
	case mailaddr.Under(domain, mailaddr.MSSante):
		return "", refused(RuleContactMSSante)
	case p.Apicrypt != "" && mailaddr.Under(domain, p.Apicrypt):
		return "", refused(RuleContactApicrypt)
	case p.listed(a.Domain) || p.listed(domain):
		return "", refused(RuleContactListed)
	}
	return a.Local + "@" + domain, nil
}
