package annuaire

import "slices"

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
	ID       string // of the token; "operator NAME", "structure ID" of a certificate; "pro:" and the IdNatPP; "local"; "" for anyone
	Roles    []Role
	Operator string   // name of the operator who calls (RoleOperator); "" for anybody else
	Domains  []string // of an operator, lower case: one domain has one operator

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

// LocalCaller is whoever uses this machine as the owner of the data: through the control socket, or on the data directory itself. user is
// the name that the machine knows them by, "" where it is not known.
func LocalCaller(user string) Caller {
	c := Caller{ID: "local", Roles: []Role{RoleAdmin}, Proof: "local", From: "local"}
	if user != "" {
		c.Proof += " user=" + user
	}
	return c
}
