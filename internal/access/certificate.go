package access

import (
	"crypto/x509"
	"regexp"
	"strings"

	"annuaire"
)

// structure is how the certificates of the IGC-Santé name a structure in an organisational unit of their subject: its national identifier,
// which is the digit of TRE_G07 for what the number is, then the number (1 FINESS, 3 SIRET, 4 RPPS-rang).
var structure = regexp.MustCompile(`^(1[0-9][0-9AB][0-9]{7}|3[0-9]{14}|4[0-9]{11}[0-9]{1,4})$`)

// Certificate returns who a client certificate names, whose chain was verified: an operator of the configuration, or a structure, which is a
// reader (DESIGN 10). CodeUnauthorized for one that names neither.
func (r *Registry) Certificate(cert *x509.Certificate) (annuaire.Caller, error) {
	if now := r.now(); now.Before(cert.NotBefore) || now.After(cert.NotAfter) {
		return annuaire.Caller{}, refused("certificate_expired", "ce certificat n'est pas valide à cette date", "this certificate is not valid at this time")
	}
	proof := "certificate sha256=" + fingerprint(cert)[:16]
	if p, ok := r.known().certified(cert); ok {
		return annuaire.Caller{ID: "operator " + p.Name, Roles: []annuaire.Role{annuaire.RoleOperator}, Operator: p.Name, Domains: p.Domains, Proof: proof}, nil
	}
	for _, unit := range cert.Subject.OrganizationalUnit {
		if id := strings.ReplaceAll(strings.TrimSpace(unit), " ", ""); structure.MatchString(id) {
			return annuaire.Caller{ID: "structure " + id, Roles: []annuaire.Role{annuaire.RoleReader}, Proof: proof}, nil
		}
	}
	return annuaire.Caller{}, refused("certificate_unknown", "ce certificat ne nomme ni opérateur connu, ni structure : FINESS, SIRET ou RPPS-rang en unité d'organisation",
		"this certificate names no known operator and no structure: FINESS, SIRET or RPPS-rang as organisational unit")
}
