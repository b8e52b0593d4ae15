package registry

import (
	"annuaire"
	"annuaire/internal/mailaddr"
)

// broken is the error of a rule that a box breaks. Its name is for programs and stable: docs/MAILBOXES.md lists them, and each has a test of
// its name.
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
		return broken("training_only", "address", "instance de formation : seuls les domaines *.formation.mssante.fr y sont inscrits",
			"training instance: only domains *.formation.mssante.fr are registered here")
	case !p.Training && training:
		return broken("training_refused", "address", "les domaines *.formation.mssante.fr ne sont inscrits que dans une instance de formation",
			"domains *.formation.mssante.fr are registered in a training instance only")
	case !caller.Has(annuaire.RoleAdmin) && !caller.Operates(domain):
		return forbidden("domain_not_yours", "address", "ce domaine n'est pas l'un des vôtres", "this domain is not one of yours")
	case p.NoList:
		return annuaire.Errorf(annuaire.CodeUnavailable, "address", "aucune liste blanche n'est configurée : ce service n'inscrit pas de BAL (mailboxes.white_list)",
			"no white list is configured: this service registers no mailboxes (mailboxes.white_list)", nil).Because("white_list_missing")
	case !p.listed(domain):
		return broken("domain_not_listed", "address", "ce domaine n'est pas sur la liste blanche de l'espace de confiance MSSanté",
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
