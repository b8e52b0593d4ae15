package registry

import (
	"fmt"
	"maps"

	"annuaire"
)

// The rules of delegations and what their breach says (docs/DELEGATIONS.md). Names are stable: programs compare them.
const (
	RuleNotHolder         = "not_holder"
	RuleHolderOnly        = "holder_only"
	RuleDelegateMayNot    = "delegate_may_not"
	RuleNotRegisteredHere = "not_registered_here"
	RuleNotPersonal       = "not_personal_mailbox"
	RuleNotDelegable      = "not_delegable"
	RuleMailboxInactive   = "mailbox_inactive"
	RuleHolderAbsent      = "holder_absent"
	RuleNotRPPS           = "not_rpps"
	RuleDelegateAbsent    = "delegate_absent"
	RuleOwnRPPS           = "own_rpps"
	RuleDuplicate         = "already_delegated"
	RuleTooMany           = "too_many_delegations"
	RuleUnknownDelegation = "unknown_delegation"
)

// breach is what a broken rule says.
type breach struct {
	code            annuaire.Code
	op              string
	french, english string
}

// breaches has one sentence for each rule of Personal. None holds an address, a name or a number: they may be logged and shown to whoever
// broke it.
var breaches = together(delegationBreaches, accountBreaches, searchBreaches, requestBreaches)

func together(all ...map[string]breach) map[string]breach {
	out := map[string]breach{}
	for _, m := range all {
		maps.Copy(out, m)
	}
	return out
}

var delegationBreaches = map[string]breach{
	// The same for an address that nobody has, and for one that is somebody else's: a stranger learns nothing.
	RuleNotHolder: {annuaire.CodeNotFound, "", "aucune boîte aux lettres à cette adresse pour vous", "no mailbox at this address for you"},
	RuleHolderOnly: {annuaire.CodeForbidden, "", "seul le titulaire de la boîte ajoute ou retire une délégation",
		"only the holder of the mailbox adds or removes a delegation"},
	RuleDelegateMayNot: {annuaire.CodeForbidden, "", "un délégataire ne peut ni ajouter, ni retirer, ni transmettre une délégation ; adressez-vous au titulaire de la boîte",
		"a delegate can neither add, end nor pass on a delegation; ask the holder of the mailbox"},
	RuleNotRegisteredHere: {annuaire.CodeConflict, "", "cette boîte vient de l'extraction nationale : son opérateur ne l'a pas enregistrée ici, elle ne peut pas y être déléguée",
		"this mailbox comes from the national extract: its operator has not registered it here, it cannot be delegated here"},
	RuleNotPersonal: {annuaire.CodeConflict, "", "seule une boîte personnelle (PER) se délègue", "only a personal mailbox (PER) can be delegated"},
	RuleNotDelegable: {annuaire.CodeForbidden, "", "votre opérateur n'a pas ouvert la délégation pour cette boîte",
		"your operator has not opened delegation for this mailbox"},
	RuleMailboxInactive: {annuaire.CodeConflict, "", "cette boîte est suspendue, fermée ou sans titulaire : elle ne peut pas être déléguée pour l'instant",
		"this mailbox is suspended, closed or without holder: it cannot be delegated at present"},
	RuleHolderAbsent: {annuaire.CodeConflict, "", "le titulaire de la boîte n'est plus dans l'annuaire : rien ne peut être délégué", "the holder of the mailbox is no longer in the directory: nothing can be delegated"},
	RuleNotRPPS: {annuaire.CodeInvalid, "id", "un identifiant RPPS est attendu : 12 chiffres commençant par 8, ou 11 chiffres ; sans RPPS, voir le portail RPPS+",
		"an RPPS identifier is expected: 12 digits that begin with 8, or 11 digits; without RPPS, see the portal RPPS+"},
	RuleDelegateAbsent: {annuaire.CodeInvalid, "id", "aucun professionnel en activité n'a cet identifiant RPPS", "no active professional has this RPPS identifier"},
	RuleOwnRPPS:        {annuaire.CodeInvalid, "id", "une boîte ne se délègue pas à son propre titulaire", "a mailbox is not delegated to its own holder"},
	RuleDuplicate:      {annuaire.CodeConflict, "id", "cette boîte est déjà déléguée à ce professionnel", "this mailbox is already delegated to this professional"},
	RuleTooMany: {annuaire.CodeConflict, "", fmt.Sprintf("%d délégations au plus par boîte : retirez-en une d'abord", annuaire.MaxDelegations),
		fmt.Sprintf("%d delegations at most for a mailbox: remove one first", annuaire.MaxDelegations)},
	RuleUnknownDelegation: {annuaire.CodeNotFound, "id", "cette boîte n'est pas déléguée à ce professionnel", "this mailbox is not delegated to this professional"},
	RuleETagMissing: {annuaire.CodePrecondition, "If-Match", "If-Match est nécessaire, avec l'ETag de ce qui est à retirer : c'est la confirmation",
		"If-Match is needed, with the ETag of what is to be removed: it is the confirmation"},
	RuleETagStale: {annuaire.CodePrecondition, "If-Match", "ce qui est à modifier a changé depuis : relisez-le", "what is to be changed has changed since: read it again"},
}

// refused is the error of a rule.
func refused(rule string) error {
	b, ok := breaches[rule]
	if !ok {
		panic("registry: no sentence for rule " + rule)
	}
	return annuaire.Errorf(b.code, b.op, b.french, b.english, nil).Because(rule)
}
