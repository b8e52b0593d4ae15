package api

import (
	"strings"

	"annuaire"
)

// credentialKind tells credentials apart by their form alone.
type credentialKind int

const (
	token  credentialKind = iota // ann_…: a token of this directory
	signed                       // a.b.c: a JSON Web Token, of an identity provider
	opaque                       // anything else: an identity provider may know it
)

// credential is what Authorization holds.
type credential struct {
	kind   credentialKind
	secret string
}

// Marks of the form of a credential.
const (
	tokenMark     = "ann_"
	maxCredential = 8 << 10 // bytes; access tokens of identity providers have one to three thousand
)

var (
	errScheme = annuaire.Errorf(annuaire.CodeUnauthorized, "", "seuls les jetons sont acceptés : Authorization: Bearer ann_…",
		"only tokens are accepted: Authorization: Bearer ann_…", nil).Because("scheme_refused")
	errNoProvider = annuaire.Errorf(annuaire.CodeUnauthorized, "", "aucun fournisseur d'identité n'est reconnu ici", "no identity provider is recognised here", nil).Because("issuer_unknown")
	errCredential = annuaire.Errorf(annuaire.CodeUnauthorized, "", "l'en-tête Authorization est illisible : un seul est attendu, « Bearer » puis le jeton, de 8 Kio au plus",
		"the Authorization header cannot be read: one is expected, Bearer and the token, of at most 8 KiB", nil).Because("credential_malformed")
)

// credentialOf reads the Authorization headers of a request (RFC 6750, 2.1); none is the zero credential.
func credentialOf(headers []string) (credential, error) {
	if len(headers) == 0 || len(headers) == 1 && headers[0] == "" {
		return credential{}, nil
	}
	scheme, secret, _ := strings.Cut(strings.TrimSpace(headers[0]), " ")
	secret = strings.TrimSpace(secret)
	switch {
	case len(headers) > 1, len(secret) > maxCredential:
		return credential{}, errCredential
	case !strings.EqualFold(scheme, "Bearer"):
		return credential{}, errScheme
	case secret == "", strings.Contains(secret, ","), strings.ContainsFunc(secret, unseen):
		return credential{}, errCredential
	case strings.HasPrefix(secret, tokenMark):
		return credential{token, secret}, nil
	case strings.Count(secret, ".") == 2:
		return credential{signed, secret}, nil
	}
	return credential{opaque, secret}, nil
}

// unseen reports whether a character is none of the visible ones of ASCII.
func unseen(r rune) bool { return r <= ' ' || r > '~' }

// guessable is the secret, where it is one: not what is signed.
func (c credential) guessable() string {
	if c.kind == signed {
		return ""
	}
	return c.secret
}
