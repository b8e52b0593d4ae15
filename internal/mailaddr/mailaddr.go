// Package mailaddr reads mail addresses and mail domains: the part of RFC 5321 that MSSanté addresses use, with domains that may hold
// accents. Two writings of one address come out the same, so that an address can be a key.
//
// It knows nothing of who may have which address.
package mailaddr

import (
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Lengths of RFC 5321, 4.5.3.1, in bytes; those of a domain are of its ASCII form.
const (
	maxLocal   = 64
	MaxAddress = 254
	maxDomain  = 253
)

// What is wrong with an address.
var (
	ErrSyntax = errors.New("mailaddr: not an address of the form name@domain")
	ErrLocal  = errors.New("mailaddr: the part before @ holds something else than a-z, 0-9 and . - _ + ' & = ~, or is longer than 64 characters")
	ErrDomain = errors.New("mailaddr: the part after @ is no mail domain")
	ErrLong   = errors.New("mailaddr: longer than 254 characters")
)

// Address is a mail address in its one writing: lower case, the domain in Unicode NFC.
type Address struct{ Local, Domain string }

// String returns local@domain.
func (a Address) String() string { return a.Local + "@" + a.Domain }

// Parse reads an address. Of the local part it takes dot-atoms of ASCII letters, digits and a few signs: no quoted string, no comment, no
// literal, no sign that means something in a path, a pattern or a filter.
func Parse(s string) (Address, error) {
	s = strings.TrimSpace(s)
	if len(s) > 4*MaxAddress {
		return Address{}, ErrLong
	}
	local, domain, ok := strings.Cut(s, "@")
	if !ok || local == "" || domain == "" || strings.Contains(domain, "@") {
		return Address{}, ErrSyntax
	}
	if local = strings.ToLower(local); !dotAtom(local) {
		return Address{}, ErrLocal
	}
	ascii, err := ASCII(domain)
	if err != nil {
		return Address{}, err
	}
	if len(local)+1+len(ascii) > MaxAddress {
		return Address{}, ErrLong
	}
	return Address{Local: local, Domain: unicodeOf(ascii)}, nil
}

func dotAtom(s string) bool {
	if len(s) > maxLocal {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', strings.IndexByte("-_+'&=~", c) >= 0:
		case c == '.' && i > 0 && i < len(s)-1 && s[i-1] != '.':
		default:
			return false
		}
	}
	return s != ""
}

// profile is that of a look-up (UTS 46, non-transitional), which also takes full-width letters for the ones they stand for.
var profile = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.CheckHyphens(false), idna.StrictDomainName(true), idna.Transitional(false), idna.VerifyDNSLength(true))

// ASCII returns the form of a domain in which domains are compared: lower case, its labels in punycode where they are not ASCII. A domain
// has two labels or more.
func ASCII(domain string) (string, error) {
	ascii, err := profile.ToASCII(domain)
	if err != nil || len(ascii) > maxDomain || !strings.Contains(ascii, ".") || strings.HasSuffix(ascii, ".") {
		return "", ErrDomain
	}
	if again, err := profile.ToASCII(unicodeOf(ascii)); err != nil || again != ascii { // what cannot be shown and read back is no key
		return "", ErrDomain
	}
	return ascii, nil
}

// Unicode returns the one writing of a domain that people read.
func Unicode(domain string) (string, error) {
	ascii, err := ASCII(domain)
	if err != nil {
		return "", err
	}
	return unicodeOf(ascii), nil
}

func unicodeOf(ascii string) string {
	u, err := profile.ToUnicode(ascii)
	if err != nil {
		return ascii
	}
	return norm.NFC.String(u)
}

// Under reports whether a domain is parent or below it. Both are in one form.
func Under(domain, parent string) bool {
	return domain == parent || strings.HasSuffix(domain, "."+parent)
}

// Domains with a meaning of their own.
const (
	MSSante        = "mssante.fr"
	Training       = "formation.mssante.fr"
	patients       = "patient.mssante.fr"           // Mon espace santé: INS@patient.mssante.fr. There is no directory of them, by law and by design
	trainPatients  = "patient.formation.mssante.fr" // the same for training
	ApicryptBridge = "interop-mssante.apicrypt.org" // a domain of the trust space that is not under mssante.fr
)

// patientDomain reports whether a domain is of patients' addresses.
func patientDomain(domain string) bool {
	ascii, err := ASCII(strings.TrimSuffix(strings.TrimSpace(domain), "."))
	return err == nil && (Under(ascii, patients) || Under(ascii, trainPatients))
}

// Patient reports whether a text is, or ends like, the address of a patient, however badly the part before @ is written.
func Patient(s string) bool {
	at := strings.LastIndexAny(s, "@＠")
	if at < 0 {
		return false
	}
	_, sign := utf8.DecodeRuneInString(s[at:])
	return patientDomain(s[at+sign:])
}
