package config

import (
	"fmt"
	"regexp"
	"strings"
)

// Operator is who runs the mailboxes of mail domains, one of [[operators]].
type Operator struct {
	Name         string   `toml:"name"`
	Domains      []string `toml:"domains"`      // lower case; a domain has one operator
	Certificates []string `toml:"certificates"` // of clients: "sha256:" and the digest in hex, or "subject:" and the subject, as CN=…,O=…,C=FR; of a chain of tls.client_ca
}

const maxOperatorName = 80 // bytes

var (
	domainName  = regexp.MustCompile(`^([\pL\pN]([\pL\pN-]*[\pL\pN])?\.)+[\pL\pN]([\pL\pN-]*[\pL\pN])?$`)
	certificate = regexp.MustCompile(`^(sha256:([0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}|subject:.*[A-Z]=.+)$`)
)

// operators tells what is wrong with [[operators]].
func (c Config) operators(f *faults) {
	names, owners, shown := map[string]bool{}, map[string]string{}, map[string]string{}
	for n, o := range c.Operators {
		say := func(format string, args ...any) {
			f.want(false, "operators %d: %s", n+1, fmt.Sprintf(format, args...))
		}
		switch {
		case o.Name == "" || len(o.Name) > maxOperatorName || strings.TrimSpace(o.Name) != o.Name:
			say("name: from 1 to %d characters (got %q)", maxOperatorName, o.Name)
		case names[o.Name]:
			say("%q is there twice", o.Name)
		}
		names[o.Name] = true
		if len(o.Domains) == 0 {
			say("domains: at least one")
		}
		for _, d := range o.Domains {
			switch {
			case d != strings.ToLower(d) || len(d) > 253 || !domainName.MatchString(d):
				say("domains: a domain in lower case, such as operateur.mssante.fr (got %q)", d)
			case owners[d] != "":
				say("domains: %s belongs to %q already: a domain has one operator", d, owners[d])
			}
			owners[d] = o.Name
		}
		for _, cert := range o.Certificates {
			key := cert
			if strings.HasPrefix(cert, "sha256:") {
				key = strings.ToLower(strings.ReplaceAll(cert, ":", ""))
			}
			switch {
			case !certificate.MatchString(cert):
				say("certificates: sha256:HEX or subject:CN=…,O=…,C=FR (got %q)", cert)
			case shown[key] != "":
				say("certificates: %s is of %q already", cert, shown[key])
			case c.TLS.ClientCA == "":
				say("certificates: need tls.client_ca, which says whose certificates are believed")
			}
			shown[key] = o.Name
		}
	}
}
