package registry

import (
	"errors"
	"strings"

	"annuaire"
	"annuaire/internal/mailaddr"
)

// parseAddress returns the one writing of an address that may be registered: lower case, the domain in Unicode NFC. It is the key of a box.
// CodeInvalid because of "address_invalid" or "patient_address"; the message never repeats the address.
func parseAddress(s string) (mailaddr.Address, error) {
	if mailaddr.Patient(s) {
		return mailaddr.Address{}, annuaire.PatientAddress("address")
	}
	a, err := mailaddr.Parse(s)
	if err == nil {
		return a, nil
	}
	fr, en := addressFault(err)
	return a, annuaire.Errorf(annuaire.CodeInvalid, "address", fr, en, nil).Because("address_invalid")
}

func addressFault(err error) (fr, en string) {
	switch {
	case errors.Is(err, mailaddr.ErrLocal):
		return "avant @, une adresse MSSanté n'a que des lettres sans accent, des chiffres et . - _ + ' & = ~, 64 caractères au plus",
			"before @, a MSSanté address has letters without accent, digits and . - _ + ' & = ~ only, 64 characters at most"
	case errors.Is(err, mailaddr.ErrDomain):
		return "ce qui suit @ n'est pas un domaine de messagerie", "what follows @ is not a mail domain"
	case errors.Is(err, mailaddr.ErrLong):
		return "une adresse a 254 caractères au plus", "an address has 254 characters at most"
	}
	return "une adresse complète est attendue : nom@domaine", "a complete address is expected: name@domain"
}

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
