// Package access knows who holds which token. A secret is 32 random bytes, shown once and kept as its SHA-256 alone: whoever reads the
// store learns no token, and looking one up takes the same time whatever was sent. A token that expires or is revoked stops at once.
package access

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"annuaire"
	"annuaire/internal/mailaddr"
)

// prefix begins every secret, so that one that leaks can be recognised.
const prefix = "ann_"

// Limits of a token.
const (
	DefaultLife = 365 * 24 * time.Hour
	MaxLife     = 5 * 365 * 24 * time.Hour
	maxName     = 80 // bytes
)

// Store keeps tokens.
type Store interface {
	PutToken(annuaire.Token, ...annuaire.AuditEvent) error // the lines of the audit in the same transaction
	Token(hash []byte) (annuaire.Token, bool, error)
	EachToken(func(annuaire.Token) error) error
}

// Registry makes tokens and recognises them, and certificates. Safe for concurrent use.
type Registry struct {
	store     Store
	now       func() time.Time
	operators atomic.Pointer[operators]
	making    sync.Mutex // one token at a time: a domain has one operator
}

// New returns the registry of a store.
func New(s Store) *Registry { return &Registry{store: s, now: time.Now} }

// Create makes a token and returns its secret, which nobody can show again. CodeInvalid names what is wrong.
func (r *Registry) Create(q annuaire.TokenRequest) (t annuaire.Token, secret string, err error) {
	q.Name, q.Life = strings.TrimSpace(q.Name), cmp.Or(q.Life, DefaultLife)
	switch {
	case q.Name == "" || len(q.Name) > maxName:
		return t, "", annuaire.Invalid("name", "un nom de 1 à %d caractères est attendu : à qui est ce jeton ?", "a name of 1 to %d characters is expected: whose token is it?", maxName)
	case len(q.Roles) == 0:
		return t, "", annuaire.Invalid("role", "au moins un rôle est attendu : %v", "at least one role is expected: %v", annuaire.Roles)
	case q.Life < 0 || q.Life > MaxLife:
		return t, "", annuaire.Invalid("expires", "une durée de vie de cinq ans au plus est attendue", "a life of at most five years is expected")
	}
	for _, role := range q.Roles {
		if !slices.Contains(annuaire.Roles, role) {
			return t, "", annuaire.Invalid("role", "rôle inconnu : %q ; rôles : %v", "unknown role: %q; roles: %v", role, annuaire.Roles)
		}
	}
	operator := slices.Contains(q.Roles, annuaire.RoleOperator)
	if q.Operator = strings.TrimSpace(q.Operator); !operator && (len(q.Domains) > 0 || q.Operator != "") {
		return t, "", annuaire.Invalid("domain", "un opérateur, et lui seul, a des domaines", "an operator, and nobody else, has domains")
	}
	if len(q.Operator) > maxName {
		return t, "", annuaire.Invalid("operator", "un nom de %d caractères au plus est attendu", "a name of at most %d characters is expected", maxName)
	}
	for i, d := range q.Domains {
		if q.Domains[i], err = mailaddr.Unicode(strings.TrimSpace(d)); err != nil {
			return t, "", annuaire.Invalid("domain", "un domaine est attendu, comme y.mssante.fr (reçu : %.80q)", "a domain is expected, such as y.mssante.fr (got %.80q)", d)
		}
	}
	r.making.Lock()
	defer r.making.Unlock()
	if operator {
		if err := r.assign(&q); err != nil {
			return t, "", err
		}
	}
	random := make([]byte, 32+4)
	if _, err := rand.Read(random); err != nil {
		return t, "", err
	}
	secret = prefix + base64.RawURLEncoding.EncodeToString(random[:32])
	now := r.now().UTC().Truncate(time.Second)
	t = annuaire.Token{ID: strings.ToLower(base32.StdEncoding.EncodeToString(random[32:])[:6]), Name: q.Name, Roles: q.Roles, Domains: q.Domains,
		Operator: q.Operator, Created: now, Expires: now.Add(q.Life), Hash: digest(secret)}
	e := q.By.Event("token.create", t.ID)
	e.After = t // without the hash
	if err := r.store.PutToken(t, e); err != nil {
		return annuaire.Token{}, "", err
	}
	return t, secret, nil
}

func digest(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// Authenticate returns who holds a secret; CodeUnauthorized for one that is unknown, expired or revoked.
func (r *Registry) Authenticate(secret string) (annuaire.Caller, error) {
	t, ok, err := r.store.Token(digest(secret))
	switch now := r.now(); {
	case err != nil:
		return annuaire.Caller{}, err
	case !ok:
		return annuaire.Caller{}, refused("token_unknown", "jeton inconnu", "unknown token")
	case !t.Revoked.IsZero():
		return annuaire.Caller{}, refused("token_revoked", "ce jeton a été révoqué ; demandez-en un autre", "this token was revoked; ask for another one")
	case !now.Before(t.Expires):
		return annuaire.Caller{}, refused("token_expired", "ce jeton a expiré ; demandez-en un autre", "this token has expired; ask for another one")
	}
	who := annuaire.Caller{ID: t.ID, Name: t.Name, Roles: t.Roles, Proof: "token"}
	if slices.Contains(t.Roles, annuaire.RoleOperator) {
		who.Operator, who.Domains = operatorOf(t), r.known().domains(t)
	}
	return who, nil
}

func refused(rule, french, english string) error {
	return annuaire.Errorf(annuaire.CodeUnauthorized, "token", french, english, nil).Because(rule)
}

// List returns every token, the newest first.
func (r *Registry) List() (out []annuaire.Token, err error) {
	err = r.store.EachToken(func(t annuaire.Token) error {
		out = append(out, t)
		return nil
	})
	slices.SortFunc(out, func(a, b annuaire.Token) int {
		return cmp.Or(b.Created.Compare(a.Created), strings.Compare(a.ID, b.ID))
	})
	return out, err
}

// Revoke ends a token, at once and for good; CodeNotFound when there is none of that id.
func (r *Registry) Revoke(id string, by annuaire.Caller) (annuaire.Token, error) {
	all, err := r.List()
	if err != nil {
		return annuaire.Token{}, err
	}
	for _, t := range all {
		if t.ID != id {
			continue
		}
		if t.Revoked.IsZero() {
			t.Revoked = r.now().UTC().Truncate(time.Second)
			e := by.Event("token.revoke", t.ID)
			e.After = t
			err = r.store.PutToken(t, e)
		}
		return t, err
	}
	return annuaire.Token{}, annuaire.Errorf(annuaire.CodeNotFound, "token", "aucun jeton de ce nom", "there is no such token", nil)
}
