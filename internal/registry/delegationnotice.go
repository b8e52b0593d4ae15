package registry

import (
	"fmt"
	"strconv"
	"strings"

	"annuaire"
	"annuaire/internal/store"
)

// event is what happened to a delegation.
type event int

const (
	added event = iota
	removed
)

// tell puts the notices of an event into the outbox: of a new delegation the holder and all delegates of the box are told, of one that ended the
// holder and that delegate. Who has no contact address is not told.
func (p *Personal) tell(tx *store.Tx, what event, g annuaire.Grant, delegates []annuaire.Delegation) error {
	people := []string{g.Holder}
	for _, d := range delegates {
		people = append(people, d.Delegate)
	}
	for _, id := range people {
		acc, ok, err := accounts.Get(tx, id)
		if err != nil {
			return err
		}
		if !ok || acc.Contact == "" {
			continue
		}
		subject, text := notice(what, g, id)
		n := annuaire.Notice{Key: []string{"delegation.add", "delegation.remove"}[what] + " " + strconv.FormatUint(g.Version, 10) + " " + id,
			Person: id, To: acc.Contact, Subject: subject, Text: text}
		if err := p.outbox.Put(tx, n); err != nil {
			return err
		}
	}
	return nil
}

// named is how a person is written to others: as everybody can read it in the directory.
func named(p annuaire.Party) string {
	return strings.TrimSpace(oneLine(p.Given+" "+p.Family)) + " (RPPS " + p.RPPS + ")"
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// The end of every notice, in both languages. No link: nobody learns here to follow one.
const (
	endFR = "Aucune réponse n'est attendue. Ce service ne demande jamais de mot de passe et n'envoie pas de lien.\n"
	endEN = "No reply is expected. This service never asks for a password and sends no link.\n"
)

// notice words an event for the person with an id (docs/DELEGATIONS.md): French, then English.
func notice(what event, g annuaire.Grant, id string) (subject, text string) {
	day, dayEN := g.Since.Format("02/01/2006"), g.Since.Format("2 January 2006")
	var fr, en string
	switch {
	case what == added && id == g.Holder:
		fr = fmt.Sprintf("Votre boîte aux lettres %s est déléguée, depuis le %s, à %s.\n\nCette personne peut lire vos messages, en envoyer de votre part, les déplacer et les supprimer, jusqu'à ce que vous retiriez la délégation. "+
			"Vous êtes responsable des accès que vous ouvrez : assurez-vous que cette personne est habilitée à accéder aux informations des patients pris en charge, dans le respect du secret professionnel.\n\n"+
			"Si vous n'êtes pas à l'origine de cet ajout, retirez la délégation et prévenez votre opérateur.", g.Mailbox, day, named(g.To))
		en = fmt.Sprintf("Your mailbox %s is delegated, since %s, to %s.\n\nThis person may read your messages, send on your behalf, move and delete them, until you remove the delegation. "+
			"You are responsible for the access you open: make sure that this person is entitled to information on the patients concerned, under professional secrecy.\n\n"+
			"If you did not do this, remove the delegation and tell your operator.", g.Mailbox, dayEN, named(g.To))
	case what == added && id == g.Delegate:
		fr = fmt.Sprintf("La boîte aux lettres %s de %s vous est déléguée depuis le %s.\n\nVous y accédez par le webmail de son opérateur, avec Pro Santé Connect. Seul son titulaire peut retirer la délégation.", g.Mailbox, named(g.From), day)
		en = fmt.Sprintf("The mailbox %s of %s is delegated to you since %s.\n\nYou reach it through the webmail of its operator, with Pro Santé Connect. Only its holder can remove the delegation.", g.Mailbox, named(g.From), dayEN)
	case what == added:
		fr = fmt.Sprintf("La boîte aux lettres %s de %s, qui vous est déléguée, l'est aussi à %s depuis le %s.", g.Mailbox, named(g.From), named(g.To), day)
		en = fmt.Sprintf("The mailbox %s of %s, which is delegated to you, is delegated to %s too since %s.", g.Mailbox, named(g.From), named(g.To), dayEN)
	case id == g.Holder:
		fr = fmt.Sprintf("Votre boîte aux lettres %s n'est plus déléguée à %s : l'accès est fermé.\n\nSi vous n'êtes pas à l'origine de ce retrait, prévenez votre opérateur.", g.Mailbox, named(g.To))
		en = fmt.Sprintf("Your mailbox %s is no longer delegated to %s: access is closed.\n\nIf you did not do this, tell your operator.", g.Mailbox, named(g.To))
	default:
		fr = fmt.Sprintf("La boîte aux lettres %s de %s ne vous est plus déléguée : vous n'y avez plus accès.", g.Mailbox, named(g.From))
		en = fmt.Sprintf("The mailbox %s of %s is no longer delegated to you: you can no longer reach it.", g.Mailbox, named(g.From))
	}
	subject = "Délégation de boîte aux lettres ajoutée / mailbox delegation added"
	if what == removed {
		subject = "Délégation de boîte aux lettres retirée / mailbox delegation removed"
	}
	return subject, letter(fr, en)
}

// letter puts the two languages of a notice together.
func letter(fr, en string) string {
	return "Bonjour,\n\n" + fr + "\n\n" + endFR + "\n---\n\nHello,\n\n" + en + "\n\n" + endEN
}
