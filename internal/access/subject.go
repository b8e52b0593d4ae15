package access

import (
	"crypto/x509/pkix"
	"fmt"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// attributeOIDs are the short names of subjects (RFC 4514, 3, and those that openssl prints).
var attributeOIDs = map[string]string{"cn": "2.5.4.3", "sn": "2.5.4.4", "serialnumber": "2.5.4.5", "c": "2.5.4.6", "l": "2.5.4.7", "st": "2.5.4.8", "street": "2.5.4.9",
	"o": "2.5.4.10", "ou": "2.5.4.11", "title": "2.5.4.12", "gn": "2.5.4.42", "givenname": "2.5.4.42", "organizationidentifier": "2.5.4.97",
	"uid": "0.9.2342.19200300.100.1.1", "dc": "0.9.2342.19200300.100.1.25", "emailaddress": "1.2.840.113549.1.9.1"}

// parseSubject reads the subject of a certificate as openssl prints it with -nameopt RFC2253: "CN=mail.y.fr,O=Y SA,C=FR". It returns every
// attribute once, as OID=value, in order of the alphabet: programs do not agree on the order, nor on how they write several of one kind.
func parseSubject(s string) ([]string, error) {
	dn, err := ldap.ParseDN(s)
	if err != nil {
		return nil, fmt.Errorf("subject: %w", err)
	}
	var out []string
	for _, rdn := range dn.RDNs {
		for _, a := range rdn.Attributes {
			oid := a.Type
			if known, ok := attributeOIDs[strings.ToLower(a.Type)]; ok {
				oid = known
			}
			if strings.Trim(oid, "0123456789.") != "" {
				return nil, fmt.Errorf("subject: %s is no attribute that is known: write its number", a.Type)
			}
			out = append(out, oid+"="+a.Value)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("subject: it is empty")
	}
	slices.Sort(out)
	return out, nil
}

// attributes are those of a certificate, in the same form.
func attributes(n pkix.Name) (out []string) {
	for _, a := range n.Names {
		if v, ok := a.Value.(string); ok {
			out = append(out, a.Type.String()+"="+v)
		}
	}
	slices.Sort(out)
	return out
}

// sameSubject reports whether a subject of the configuration is that of a certificate, whole.
func sameSubject(written string, n pkix.Name) bool {
	want, err := parseSubject(written)
	return err == nil && slices.Equal(want, attributes(n))
}
