package registry

import (
	"fmt"

	"annuaire"
)

// breaches are the errors of the rules of Personal, by rule: tests compare them with the pages.
var breaches = map[string]error{}

// rule makes the error of a rule of Personal. Names are stable: programs compare them. No sentence holds an address, a name or a number: they
// may be logged and shown to whoever broke it.
func rule(name string, code annuaire.Code, op, french, english string) error {
	breaches[name] = annuaire.Errorf(code, op, french, english, nil).Because(name)
	return breaches[name]
}

// The rules of delegations (docs/DELEGATIONS.md).
var (
	// The same for an address that nobody has, and for one that is somebody else's: a stranger learns nothing.
	errNotHolder  = rule("not_holder", annuaire.CodeNotFound, "", "aucune boîte aux lettres à cette adresse pour vous", "no mailbox at this address for you")
	errHolderOnly = rule("holder_only", annuaire.CodeForbidden, "", "seul le titulaire de la boîte ajoute ou retire une délégation",
		"only the holder of the mailbox adds or removes a delegation")
	errDelegateMayNot = rule("delegate_may_not", annuaire.CodeForbidden, "", "un délégataire ne peut ni ajouter, ni retirer, ni transmettre une délégation ; adressez-vous au titulaire de la boîte",
		"a delegate can neither add, end nor pass on a delegation; ask the holder of the mailbox")
	errNotRegisteredHere = rule("not_registered_here", annuaire.CodeConflict, "", "cette boîte vient de l'extraction nationale : son opérateur ne l'a pas enregistrée ici, elle ne peut pas y être déléguée",
		"this mailbox comes from the national extract: its operator has not registered it here, it cannot be delegated here")
	errNotPersonal  = rule("not_personal_mailbox", annuaire.CodeConflict, "", "seule une boîte personnelle (PER) se délègue", "only a personal mailbox (PER) can be delegated")
	errNotDelegable = rule("not_delegable", annuaire.CodeForbidden, "", "votre opérateur n'a pas ouvert la délégation pour cette boîte",
		"your operator has not opened delegation for this mailbox")
	errMailboxInactive = rule("mailbox_inactive", annuaire.CodeConflict, "", "cette boîte est suspendue, fermée ou sans titulaire : elle ne peut pas être déléguée pour l'instant",
		"this mailbox is suspended, closed or without holder: it cannot be delegated at present")
	errHolderAbsent = rule("holder_absent", annuaire.CodeConflict, "", "le titulaire de la boîte n'est plus dans l'annuaire : rien ne peut être délégué", "the holder of the mailbox is no longer in the directory: nothing can be delegated")
	errNotRPPS      = rule("not_rpps", annuaire.CodeInvalid, "id", "un identifiant RPPS est attendu : 12 chiffres commençant par 8, ou 11 chiffres ; sans RPPS, voir le portail RPPS+",
		"an RPPS identifier is expected: 12 digits that begin with 8, or 11 digits; without RPPS, see the portal RPPS+")
	errDelegateAbsent = rule("delegate_absent", annuaire.CodeInvalid, "id", "aucun professionnel en activité n'a cet identifiant RPPS", "no active professional has this RPPS identifier")
	errOwnRPPS        = rule("own_rpps", annuaire.CodeInvalid, "id", "une boîte ne se délègue pas à son propre titulaire", "a mailbox is not delegated to its own holder")
	errDuplicate      = rule("already_delegated", annuaire.CodeConflict, "id", "cette boîte est déjà déléguée à ce professionnel", "this mailbox is already delegated to this professional")
	errTooMany        = rule("too_many_delegations", annuaire.CodeConflict, "", fmt.Sprintf("%d délégations au plus par boîte : retirez-en une d'abord", annuaire.MaxDelegations),
		fmt.Sprintf("%d delegations at most for a mailbox: remove one first", annuaire.MaxDelegations))
	errUnknownDelegation = rule("unknown_delegation", annuaire.CodeNotFound, "id", "cette boîte n'est pas déléguée à ce professionnel", "this mailbox is not delegated to this professional")
	errETagMissing       = rule("etag_missing", annuaire.CodePrecondition, "If-Match", "If-Match est nécessaire, avec l'ETag de ce qui est à retirer : c'est la confirmation",
		"If-Match is needed, with the ETag of what is to be removed: it is the confirmation")
	errETagStale = rule("etag_stale", annuaire.CodePrecondition, "If-Match", "ce qui est à modifier a changé depuis : relisez-le", "what is to be changed has changed since: read it again")
)
