package registry

import (
	"annuaire"
	"annuaire/internal/mailaddr"
)

// The rules that a box may break, stable names for programs: docs/MAILBOXES.md lists them, and each has a test of its name. Beside them:
// RuleAddressInvalid and annuaire.RulePatientAddress.
const (
	RuleKindUnknown      = "kind_unknown"
	RuleKindFixed        = "kind_fixed"
	RuleHolderFixed      = "holder_fixed"
	RuleHolderRequired   = "holder_required"
	RuleHolderNotAllowed = "holder_not_allowed"
	RuleHolderInvalid    = "holder_invalid"
	RuleHolderUnknown    = "holder_unknown"
	RuleNameMismatch     = "name_mismatch"
	RuleStructureMissing = "structure_required"
	RuleStructureInvalid = "structure_invalid"
	RuleDescriptionPER   = "description_not_for_per"
	RuleServiceKind      = "service_not_for_kind"
	RuleResponsiblePER   = "responsible_not_for_per"
	RuleTooLong          = "too_long"
	RuleTextInvalid      = "text_invalid"
	RuleRankInvalid      = "rank_invalid"
	RulePhoneInvalid     = "phone_invalid"
	RuleMobileInvalid    = "mobile_invalid"
	RuleDelegablePER     = "delegable_only_per"
	RuleTermsMissing     = "terms_missing"
	RuleDomainNotListed  = "domain_not_listed"
	RuleNoWhiteList      = "white_list_missing"
	RuleDomainNotYours   = "domain_not_yours"
	RuleTrainingOnly     = "training_only"
	RuleTrainingRefused  = "training_refused"
	RuleETagMissing      = "etag_missing"
	RuleETagStale        = "etag_stale"
	RuleAlreadyThere     = "already_registered"
	RuleFieldNotYours    = "field_not_yours"
	RuleNotRegistrar     = "not_registrar"
	RuleStaffListed      = "staff_in_directory"
	RuleContactMissing   = "contact_required"
	RuleContactInvalid   = "contact_invalid"
	RuleContactMSSante   = "contact_mssante"
)

func broken(rule, op, french, english string, args ...any) error {
	return annuaire.Invalid(op, french, english, args...).Because(rule)
}

func forbidden(rule, op, french, english string) error {
	return annuaire.Errorf(annuaire.CodeForbidden, op, french, english, nil).Because(rule)
}

// unknown is the answer about an address that is not registered, and about one that is not the caller's to know of.
func unknown() error {
	return annuaire.Errorf(annuaire.CodeNotFound, "address", "inconnu de l'annuaire", "not in the directory", nil)
}

// mayWrite tells whether a caller may register at a domain, and whether anybody may.
func (p *Policy) mayWrite(caller annuaire.Caller, domain string) error {
	switch training := mailaddr.Under(domain, mailaddr.Training); {
	case p.Training && !training:
		return broken(RuleTrainingOnly, "address", "instance de formation : seuls les domaines *.formation.mssante.fr y sont inscrits",
			"training instance: only domains *.formation.mssante.fr are registered here")
	case !p.Training && training:
		return broken(RuleTrainingRefused, "address", "les domaines *.formation.mssante.fr ne sont inscrits que dans une instance de formation",
			"domains *.formation.mssante.fr are registered in a training instance only")
	case !caller.Has(annuaire.RoleAdmin) && !caller.Operates(domain):
		return forbidden(RuleDomainNotYours, "address", "ce domaine n'est pas l'un des vôtres", "this domain is not one of yours")
	case p.NoList:
		return annuaire.Errorf(annuaire.CodeUnavailable, "address", "aucune liste blanche n'est configurée : ce service n'inscrit pas de BAL (mailboxes.white_list)",
			"no white list is configured: this service registers no mailboxes (mailboxes.white_list)", nil).Because(RuleNoWhiteList)
	case !p.listed(domain):
		return broken(RuleDomainNotListed, "address", "ce domaine n'est pas sur la liste blanche de l'espace de confiance MSSanté",
			"this domain is not on the white list of the MSSanté trust space")
	}
	return nil
}

func (p *Policy) listed(domain string) bool {
	if p.Listed == nil {
		return mailaddr.Under(domain, mailaddr.MSSante) || domain == mailaddr.ApicryptBridge
	}
	return p.Listed(domain)
}
