package annuaire

import (
	"slices"
	"time"
)

// Role is what a caller may be (DESIGN, 10).
type Role string

// The roles that a token may carry.
const (
	RoleReader         Role = "reader"
	RoleOperator       Role = "operator"
	RoleRegistrar      Role = "registrar"
	RoleAlertAuthor    Role = "alert:author"
	RoleAlertApprover  Role = "alert:approver"
	RoleAlertAddresses Role = "alert:addresses"
	RoleAdmin          Role = "admin"
)

// RoleProfessional is that of someone whom an identity provider vouches for. No token carries it.
const RoleProfessional Role = "professional"

// Roles lists them.
var Roles = []Role{RoleReader, RoleOperator, RoleRegistrar, RoleAlertAuthor, RoleAlertApprover, RoleAlertAddresses, RoleAdmin}

// Caller is who asks. The zero Caller is anyone.
type Caller struct {
	ID      string // of the token; "local" through the control socket; "" for anyone
	Roles   []Role
	Domains []string // of an operator, lower case

	Professional string // IdNatPP of a professional (RoleProfessional), 12 digits; "" for anybody else
	Proof        string // how the caller was recognised, for the audit: "token", "certificate", "oidc acr=… amr=…"
	From         string // network address, for the audit; "local" through the control socket

	Name string // whose token it is: two tokens of one name are one person's, for what takes two people
}

// Anonymous reports whether nothing is known of the caller.
func (c Caller) Anonymous() bool { return c.ID == "" }

// Has reports whether the caller has a role. Whoever has a role that a token carries reads as a reader does, and an administrator too; no
// other role implies another: a professional reads as anyone does.
func (c Caller) Has(r Role) bool {
	return slices.Contains(c.Roles, r) || r == RoleReader && slices.ContainsFunc(c.Roles, func(r Role) bool { return r != RoleProfessional })
}

// Operates reports whether the caller is the operator of a mail domain, in lower case.
func (c Caller) Operates(domain string) bool {
	return c.Has(RoleOperator) && slices.Contains(c.Domains, domain)
}

// Token is an API token as it is kept: never its secret, only the SHA-256 of it.
type Token struct {
	ID      string    `json:"id" cbor:"1,keyasint"` // six letters and digits, to name it by
	Name    string    `json:"name" cbor:"2,keyasint"`
	Roles   []Role    `json:"roles" cbor:"3,keyasint"`
	Domains []string  `json:"domains,omitempty" cbor:"4,keyasint,omitempty"`
	Created time.Time `json:"created" cbor:"5,keyasint"`
	Expires time.Time `json:"expires" cbor:"6,keyasint"`
	Revoked time.Time `json:"revoked,omitzero" cbor:"7,keyasint"`
	Hash    []byte    `json:"-" cbor:"8,keyasint"`
}
