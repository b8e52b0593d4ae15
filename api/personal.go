package api

import (
	"context"

	"github.com/labstack/echo/v4"

	"annuaire"
)

// Personal is what people have beyond their boxes: delegations and accounts. It decides who may do what; errors name their rule
// (docs/DELEGATIONS.md). What is not the caller's to know of is CodeNotFound, in the words of an address that nobody has.
type Personal interface {
	Delegate(ctx context.Context, who annuaire.Caller, address, delegate string) (annuaire.Grant, error)
	Undelegate(ctx context.Context, who annuaire.Caller, address, delegate, ifMatch string) error
	Delegations(ctx context.Context, who annuaire.Caller, address string) ([]annuaire.Grant, error)
	Delegation(ctx context.Context, who annuaire.Caller, address, delegate string) (annuaire.Grant, error)
	// MayAct answers the operator of a box whether somebody may act on it.
	MayAct(ctx context.Context, who annuaire.Caller, address, rpps string) (annuaire.Rights, error)

	// DelegatedTo and GivenBy return up to n of the caller's delegations after a place, and the place to go on from, "" at the end.
	DelegatedTo(ctx context.Context, who annuaire.Caller, after string, n int) ([]annuaire.Grant, string, error)
	GivenBy(ctx context.Context, who annuaire.Caller, after string, n int) ([]annuaire.Grant, string, error)

	Delegates(ctx context.Context, q annuaire.DelegateQuery) (annuaire.DelegatesFound, error)

	Account(ctx context.Context, who annuaire.Caller) (annuaire.AccountOf, error)
	PutAccount(ctx context.Context, who annuaire.Caller, c annuaire.AccountChange, ifMatch string) (a annuaire.AccountOf, created bool, err error)

	Held(ctx context.Context, who annuaire.Caller, id, reason string) (annuaire.Held, error)
	Erase(ctx context.Context, who annuaire.Caller, id, reason string) (annuaire.Erased, error)
}

// personalRoutes are those of holders, delegates, their operators, and of whoever answers for what is held on people. Who may ask is in the
// contract (x-roles); what of it is theirs, Personal decides.
func (s *Server) personalRoutes(v1 *echo.Group) {
	there := offered(s.opts.Personal != nil, "ce service ne tient pas de délégations", "this service holds no delegations")
	const one, all = "/mailboxes/:address/delegations/:id", "/mailboxes/:address/delegations"
	v1.GET(all, s.delegations, s.bounded, there)
	v1.GET(one, s.delegation, s.bounded, there)
	v1.PUT(one, s.putDelegation, s.bounded, there)
	v1.DELETE(one, s.deleteDelegation, s.bounded, there)
	v1.GET(one+"/rights", s.rights, s.bounded, there)
	v1.GET("/me/delegations", s.myDelegations, s.bounded, there)
	v1.GET("/me/account", s.myAccount, s.bounded, there)
	v1.PUT("/me/account", s.putAccount, s.bounded, there)
	v1.GET("/delegates", s.delegates, s.bounded, there)
	v1.GET("/persons/:id/held", heldOn(s, Personal.Held), s.bounded, there)
	v1.DELETE("/persons/:id/held", heldOn(s, Personal.Erase), s.bounded, there)
}
