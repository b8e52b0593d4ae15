package registry

import (
	"context"
	"errors"

	"annuaire"
	"annuaire/internal/store"
)

// The rules of accounts.
var (
	errContactMissing = rule("contact_required", annuaire.CodeInvalid, "contact", "une adresse de contact est nécessaire : elle sert aux notifications, et à rien d'autre",
		"a contact address is needed: it is for notifications, and for nothing else")
	errContactInvalid = rule("contact_invalid", annuaire.CodeInvalid, "contact", "une adresse de la forme nom@domaine est attendue", "an address of the form name@domain is expected")
	errContactMSSante = rule("contact_mssante", annuaire.CodeInvalid, "contact", "l'adresse de contact n'est pas une adresse MSSanté : donnez-en une que vous relevez ailleurs",
		"the contact address is not a MSSanté address: give one that you read elsewhere")
	errContactListed = rule("contact_white_listed", annuaire.CodeInvalid, "contact", "ce domaine est de l'espace de confiance MSSanté (liste blanche) : donnez une adresse que vous relevez ailleurs",
		"this domain is of the MSSanté trust space (white list): give an address that you read elsewhere")
	errContactApicrypt = rule("contact_apicrypt", annuaire.CodeInvalid, "contact", "une adresse Apicrypt ne convient pas comme contact : donnez une adresse que vous relevez ailleurs",
		"an Apicrypt address cannot be a contact: give one that you read elsewhere")
	errMobileInvalid = rule("mobile_invalid", annuaire.CodeInvalid, "mobile", "un numéro international est attendu : + et 7 à 15 chiffres", "an international number is expected: + and 7 to 15 digits")
	errTermsRefused  = rule("terms_not_accepted", annuaire.CodeInvalid, "terms", "les conditions générales d'utilisation sont à accepter : terms porte leur version",
		"the terms of use have to be accepted: terms holds their version")
	errTermsUnknown = rule("terms_unknown", annuaire.CodeInvalid, "terms", "cette version des conditions générales n'est pas en vigueur", "this version of the terms is not in force")
	errNobody       = rule("not_in_directory", annuaire.CodeForbidden, "", "vous n'êtes pas dans l'annuaire : aucun compte ne peut être ouvert", "you are not in the directory: no account can be opened")
)

// Account returns the caller's own account, Version 0 where there is none yet. It is in the audit.
func (p *Personal) Account(ctx context.Context, who annuaire.Caller) (annuaire.AccountOf, error) {
	if !isPerson(who, who.Professional) {
		return annuaire.AccountOf{}, errNobody
	}
	var a annuaire.Account
	err := p.ledger.Update(func(tx *store.Tx) (err error) {
		if a, _, err = accounts.Get(tx, who.Professional); err != nil {
			return err
		}
		return tx.Audit(who.Event("account.read", who.Professional))
	})
	if err != nil {
		return annuaire.AccountOf{}, err
	}
	return p.shownAccount(ctx, a, who.Professional)
}

func (p *Personal) shownAccount(ctx context.Context, a annuaire.Account, id string) (out annuaire.AccountOf, err error) {
	a.ID = id
	out.Account, out.TermsInForce = a, p.terms()
	out.Who, err = p.identity(ctx, id)
	return out, err
}

// identity is who somebody is: as the directory has them, else, for social-care staff, as their registrar gave them.
func (p *Personal) identity(ctx context.Context, id string) (annuaire.Party, error) {
	out, err := p.party(ctx, id)
	if err != nil || out.Present {
		return out, err
	}
	err = p.ledger.View(func(tx *store.Tx) error {
		st, ok, err := staff.Get(tx, id)
		if ok {
			out.Family, out.Given = st.Family, st.Given
		}
		return err
	})
	return out, err
}

// PutAccount writes the caller's own account: this is how a delegate becomes able to act. ifMatch is looked at where it is given. A new version of
// the terms asks for nothing: who accepted an older one goes on. created tells that there was none.
func (p *Personal) PutAccount(ctx context.Context, who annuaire.Caller, c annuaire.AccountChange, ifMatch string) (out annuaire.AccountOf, created bool, err error) {
	id := who.Professional
	if !isPerson(who, id) {
		return out, false, errNobody
	}
	policy := p.opts.Policy()
	contact, err := policy.contactAddress(c.Contact)
	if err != nil {
		return out, false, err
	}
	if c.Mobile != nil && *c.Mobile != "" && !international(*c.Mobile) {
		return out, false, errMobileInvalid
	}
	person, err := p.identity(ctx, id)
	if err != nil {
		return out, false, err
	}
	if !person.Present && person.Family == "" {
		return out, false, errNobody
	}
	var a annuaire.Account
	err = p.ledger.Update(func(tx *store.Tx) error {
		was, known, err := accounts.Get(tx, id)
		if err != nil {
			return err
		}
		if ifMatch != "" {
			if err := matched(ifMatch, was.Version); err != nil {
				return err
			}
		}
		a, err = p.changed(was, known, id, contact, c)
		if err != nil || known && a == was {
			return err
		}
		a.Changed, a.Version = p.now(), was.Version+1
		if created = !known; created {
			a.Created = a.Changed
		}
		e := who.Event("account.put", id)
		if e.After = a; known {
			e.Before = was
		}
		return errors.Join(accounts.Put(tx, id, a), tx.Audit(e))
	})
	if err != nil {
		return out, false, err
	}
	out, err = p.shownAccount(ctx, a, id)
	return out, created, err
}

// changed applies a change. Terms are those in force, or those that were accepted already.
func (p *Personal) changed(was annuaire.Account, known bool, id, contact string, c annuaire.AccountChange) (annuaire.Account, error) {
	a := was
	a.ID, a.Contact = id, contact
	switch {
	case c.Terms == "" && (!known || was.Terms == ""):
		return a, errTermsRefused
	case c.Terms == "", known && c.Terms == was.Terms:
	case c.Terms != p.terms():
		return a, errTermsUnknown
	default:
		a.Terms, a.Accepted = c.Terms, p.now()
	}
	given(&a.Mobile, c.Mobile)
	given(&a.NoSurvey, c.NoSurvey)
	given(&a.NoNewsletter, c.NoNewsletter)
	return a, nil
}
