package fetch

import (
	"net/url"
	"strings"

	"annuaire"
)

// Limits of a source.
const (
	maxURLs    = 16
	maxURLSize = 2048 // bytes
)

// Source is a place that publishes whole sets.
type Source struct {
	Name     string   // for people, and of the folder of its downloads: letters and digits
	URLs     []string // of the files of a set, each a stable address
	Metadata []string // data sets of data.gouv.fr (API v1) whose resources state the checksums of these files
}

// Validate refuses addresses that cannot be asked, or that carry a secret: addresses are shown and logged.
func (s Source) Validate() error {
	if len(s.URLs) == 0 || len(s.URLs) > maxURLs {
		return annuaire.Invalid("from", "la source %s doit avoir de 1 à %d adresses", "source %s must have from 1 to %d addresses", s.Name, maxURLs)
	}
	for _, raw := range append(append([]string(nil), s.URLs...), s.Metadata...) {
		u, err := url.Parse(raw)
		switch {
		case err != nil || len(raw) > maxURLSize || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
			return annuaire.Invalid("from", "adresse incorrecte pour la source %s (https://… attendu)", "wrong address for source %s (https://… expected)", s.Name)
		case u.User != nil:
			return annuaire.Invalid("from", "l'adresse de la source %s contient un mot de passe", "the address of source %s holds a password", s.Name)
		}
	}
	return nil
}

// IsURL tells an address from a path.
func IsURL(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}
