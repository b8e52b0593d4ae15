package access

import (
	"cmp"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/samber/lo"

	"annuaire"
	"annuaire/internal/mailaddr"
)

// Operator is who runs the mailboxes of mail domains, as the configuration names them. A domain has one operator.
type Operator struct {
	Name         string
	Domains      []string // lower case
	Certificates []string // "sha256:" and the digest of the certificate in hex, or "subject:" and its subject, as CN=…,O=…,C=FR
}

// operators are those of the configuration.
type operators []Operator

func (o operators) named(name string) (Operator, bool) {
	i := slices.IndexFunc(o, func(p Operator) bool { return p.Name == name })
	if i < 0 {
		return Operator{}, false
	}
	return o[i], true
}

// of returns the name of the operator of a domain, "" where the configuration gives it to none.
func (o operators) of(domain string) string {
	for _, p := range o {
		if slices.Contains(p.Domains, domain) {
			return p.Name
		}
	}
	return ""
}

// certified returns the operator whose certificate this is.
func (o operators) certified(cert *x509.Certificate) (Operator, bool) {
	digest := "sha256:" + fingerprint(cert)
	for _, p := range o {
		for _, c := range p.Certificates {
			subject, bySubject := strings.CutPrefix(c, "subject:")
			if bySubject && sameSubject(subject, cert.Subject) || strings.EqualFold(strings.ReplaceAll(c, ":", ""), strings.ReplaceAll(digest, ":", "")) {
				return p, true
			}
		}
	}
	return Operator{}, false
}

// fingerprint is the SHA-256 of a certificate, in hex.
func fingerprint(cert *x509.Certificate) string {
	sum := sha256.Sum256(cert.Raw)
	return hex.EncodeToString(sum[:])
}

// CheckOperators tells what is wrong with the operators of the configuration that their texts alone do not show: CodeInvalid for a subject that
// cannot be read, and for a domain or subject that two of them have in two writings.
func CheckOperators(all []Operator) error {
	owners, shown := map[string]string{}, map[string]string{}
	for _, p := range all {
		for _, d := range p.Domains {
			if at := owners[oneWriting(d)]; at != "" {
				return annuaire.Invalid("operators", "le domaine %s est déjà à « %s », peut-être autrement écrit : un domaine n'a qu'un opérateur",
					"the domain %s belongs to %s already, maybe in another writing: a domain has one operator", d, at)
			}
			owners[oneWriting(d)] = p.Name
		}
		for _, c := range p.Certificates {
			written, bySubject := strings.CutPrefix(c, "subject:")
			if !bySubject {
				continue
			}
			subject, err := parseSubject(written)
			if err != nil {
				return annuaire.Errorf(annuaire.CodeInvalid, "operators", "certificat illisible de « "+p.Name+" » : "+c, "certificate of "+p.Name+" cannot be read: "+c, err)
			}
			key := strings.Join(subject, "\x00")
			if at := shown[key]; at != "" {
				return annuaire.Invalid("operators", "le certificat %s est déjà à « %s », peut-être autrement écrit", "the certificate %s is of %s already, maybe in another writing", c, at)
			}
			shown[key] = p.Name
		}
	}
	return nil
}

// SetOperators takes up the operators of the configuration, from now on: a domain that has gone to another operator is no longer of the
// tokens of the one before.
func (r *Registry) SetOperators(all []Operator) {
	o := make(operators, len(all))
	for i, p := range all {
		o[i] = p
		o[i].Domains = lo.Map(p.Domains, func(d string, _ int) string { return oneWriting(d) })
	}
	r.operators.Store(&o)
}

// oneWriting is a domain as mailboxes have it: one with accents is the same in punycode.
func oneWriting(domain string) string {
	if d, err := mailaddr.Unicode(strings.TrimSpace(domain)); err == nil {
		return d
	}
	return strings.ToLower(strings.TrimSpace(domain))
}

func (r *Registry) known() operators {
	if o := r.operators.Load(); o != nil {
		return *o
	}
	return nil
}

// operatorOf names the operator of a token; one from before operators had names is of whom it was made for.
func operatorOf(t annuaire.Token) string { return cmp.Or(t.Operator, t.Name) }

// domains are those that a token is good for: its own, or all of its operator; never one that the configuration gives to another operator,
// nor one that it does not give to an operator whom it names.
func (o operators) domains(t annuaire.Token) (out []string) {
	name := operatorOf(t)
	p, configured := o.named(name)
	if configured && len(t.Domains) == 0 {
		return p.Domains
	}
	for _, d := range t.Domains {
		if owner := o.of(d); owner == name || owner == "" && !configured {
			out = append(out, d)
		}
	}
	return out
}

// assign settles whose a new operator's token is. The caller holds the lock.
func (r *Registry) assign(q *annuaire.TokenRequest) error {
	all, err := r.List()
	if err != nil {
		return err
	}
	o, now := r.known(), r.now()
	owner := func(domain string) string {
		if name := o.of(domain); name != "" {
			return name
		}
		for _, t := range all {
			if t.Revoked.IsZero() && now.Before(t.Expires) && slices.Contains(t.Domains, domain) {
				return operatorOf(t)
			}
		}
		return ""
	}
	if q.Operator == "" {
		for _, d := range q.Domains {
			q.Operator = cmp.Or(q.Operator, owner(d))
		}
		q.Operator = cmp.Or(q.Operator, q.Name)
	}
	p, configured := o.named(q.Operator)
	if len(q.Domains) == 0 && !configured {
		return annuaire.Invalid("domain", "un opérateur, et lui seul, a des domaines", "an operator, and nobody else, has domains")
	}
	for _, d := range q.Domains {
		switch at := owner(d); {
		case at != "" && at != q.Operator:
			return annuaire.Errorf(annuaire.CodeConflict, "domain", "le domaine "+d+" est à l'opérateur « "+at+" » : un domaine n'a qu'un opérateur",
				"the domain "+d+" belongs to the operator "+at+": a domain has one operator", nil).Because("domain_taken")
		case configured && !slices.Contains(p.Domains, d):
			return annuaire.Invalid("domain", "la configuration ne donne pas le domaine %s à l'opérateur « %s »", "the configuration does not give the domain %s to the operator %s",
				d, q.Operator).Because("domain_not_of_operator")
		}
	}
	return nil
}
