package registry

import (
	"context"
	"errors"

	"annuaire"
	"annuaire/internal/store"
)

// termsTold has the version of the terms that a person was last told of.
var termsTold = store.NewTable[string]("terms-told")

// maxTold is how many people are told in one transaction.
const maxTold = 500

// AnnounceTerms tells everybody who accepted another version of the terms than the one in force that there is a new one, once. It blocks nobody.
// It is called when the service starts, and returns how many are told.
func (p *Personal) AnnounceTerms(ctx context.Context) (told int, err error) {
	after := ""
	for {
		n, last, err := p.announce(after)
		told += n
		if n > 0 {
			p.outbox.Wake()
		}
		if err != nil || last == "" {
			return told, err
		}
		if err := ctx.Err(); err != nil {
			return told, err
		}
		after = last
	}
}

func (p *Personal) announce(after string) (told int, last string, err error) {
	err = p.ledger.Update(func(tx *store.Tx) error {
		var due []annuaire.Account
		seen := 0
		if err := accounts.Each(tx, "", after, func(id string, a annuaire.Account) (bool, error) {
			version, _, err := termsTold.Get(tx, id)
			if err == nil && a.Contact != "" && a.Terms != p.terms() && version != p.terms() {
				due = append(due, a)
			}
			if seen++; seen == maxTold {
				last = id
			}
			return seen < maxTold, err
		}); err != nil {
			return err
		}
		for _, a := range due {
			subject, text := termsNotice(p.terms())
			if err := errors.Join(termsTold.Put(tx, a.ID, p.terms()),
				p.outbox.Put(tx, annuaire.Notice{Key: "terms " + p.terms() + " " + a.ID, Person: a.ID, To: a.Contact, Subject: subject, Text: text})); err != nil {
				return err
			}
		}
		told = len(due)
		return nil
	})
	return told, last, err
}

func termsNotice(version string) (subject, text string) {
	return "Nouvelle version des conditions d'utilisation / new version of the terms of use",
		letter("Les conditions générales d'utilisation de ce service ont une nouvelle version : "+version+".\n\nVotre compte et vos délégations continuent comme avant. Vous trouverez le texte sur le site de votre opérateur, et pourrez l'accepter dans la gestion de votre compte.",
			"The terms of use of this service have a new version: "+version+".\n\nYour account and your delegations go on as before. You find the text on the site of your operator, and can accept it where you manage your account.")
}
