package oidc

import (
	"regexp"
	"slices"
	"strings"

	"annuaire"
)

// rpps is the national identifier of a professional who has an RPPS: 8, then the eleven digits (TRE_G08). Others (0 ADELI, 3 and 5 of staff of
// establishments) may not act here: what they would act on hangs on an RPPS.
var rpps = regexp.MustCompile(`^8[0-9]{11}$`)

// caller is who is behind claims that are in order.
func (i Issuer) caller(c claims) (annuaire.Caller, error) {
	identity := c.first(i.claims())
	if len(i.ACR) > 0 && !slices.Contains(i.ACR, c.text("acr")) {
		return annuaire.Caller{}, refused("acr_refused", "cette authentification n'est pas du niveau attendu", "this authentication is not of the level expected", nil)
	}
	if identity == "" {
		return annuaire.Caller{}, refused("identity_missing", "ce jeton ne dit pas de qui il est", "this token does not say whose it is", nil)
	}
	if !rpps.MatchString(identity) {
		return annuaire.Caller{}, refused("identity_not_rpps", "seuls les professionnels qui ont un numéro RPPS peuvent agir ici : l'identité attendue est 8 suivi de 11 chiffres",
			"only professionals with an RPPS number can act here: the identity expected is 8 and 11 digits", nil)
	}
	return annuaire.Caller{ID: "pro:" + identity, Roles: []annuaire.Role{annuaire.RoleProfessional}, Professional: identity, Proof: i.proof(c)}, nil
}

// proof is how somebody was recognised, for the audit: issuer, level and means.
func (i Issuer) proof(c claims) string {
	out := "oidc issuer=" + i.Name
	if acr := word(c.text("acr")); acr != "" {
		out += " acr=" + acr
	}
	for _, name := range modeClaims {
		var means []string
		for _, m := range c.list(name) {
			if m = word(m); m != "" && len(means) < 4 {
				means = append(means, m)
			}
		}
		if len(means) > 0 {
			return out + " amr=" + strings.Join(means, "+")
		}
	}
	return out
}

// word keeps of a claim what may stand in the audit.
func word(s string) string {
	s = strings.Map(func(r rune) rune {
		if r > '~' || r <= ' ' || r == '=' {
			return -1
		}
		return r
	}, s)
	return s[:min(len(s), 64)]
}

func refused(rule, french, english string, cause error) error {
	return annuaire.Errorf(annuaire.CodeUnauthorized, "token", french, english, cause).Because(rule)
}

// away is the error of an issuer that does not answer.
func away(cause error) error {
	return annuaire.Errorf(annuaire.CodeUnavailable, "token", "le fournisseur d'identité ne répond pas pour l'instant ; réessayez dans quelques instants",
		"the identity provider does not answer at the moment; try again shortly", cause).Because("issuer_unavailable")
}
