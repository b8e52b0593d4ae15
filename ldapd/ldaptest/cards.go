package ldaptest

import (
	"fmt"
	"strings"

	"annuaire"
	"annuaire/internal/card"
)

// Mailbox is a card of a person's mailbox at the training domain of MSSanté.
func Mailbox(given, family string, more ...func(*card.Builder)) card.Card {
	address := strings.ToLower(given + "." + family + "@medecin.formation.mssante.fr")
	b := card.New(annuaire.BookMailboxes, address).Add(card.Mail, address).Add(card.CN, given+" "+family, family+" "+given).Add(card.SN, family).
		Add(card.GivenName, given).Add(card.DisplayName, given+" "+family).Add(card.TypeBAL, "PER")
	for _, f := range more {
		f(b)
	}
	return b.Card()
}

// With is one more attribute of a card.
func With(a card.Attr, values ...string) func(*card.Builder) {
	return func(b *card.Builder) { b.Add(a, values...) }
}

// Few are a handful of entries of each book, people who do not exist.
func Few() []card.Card {
	return []card.Card{
		Mailbox("Jean", "DUPONT", With(card.Title, "Médecin, Cardiologie"), With(card.L, "Lyon"), With(card.O, "CLINIQUE DES LILAS"), With(card.TelephoneNumber, "+33472000000")),
		Mailbox("Zélie", "MARTIN", With(card.Title, "Médecin, Pédiatrie"), With(card.L, "Mende"), With(card.SecondEmail, "zelie.martin@hopital.formation.mssante.fr")),
		Mailbox("Anne", "DUPONTEL", With(card.Title, "Sage-Femme"), With(card.L, "Paris")),
		Mailbox("Paul", "O'BRIEN", With(card.L, "Brest")),
		card.New(annuaire.BookMailboxes, "accueil@clinique.formation.mssante.fr").Add(card.Mail, "accueil@clinique.formation.mssante.fr").Add(card.CN, "Accueil").Add(card.SN, "Accueil").
			Add(card.DisplayName, "Accueil").Add(card.TypeBAL, "ORG").Add(card.O, "CLINIQUE DES LILAS").Card(),
		card.New(annuaire.BookPeople, "899012345679").Add(card.CN, "Jean DUPONT", "DUPONT Jean").Add(card.SN, "DUPONT").Add(card.UID, "899012345679").Add(card.GivenName, "Jean").Card(),
		card.New(annuaire.BookPeople, "899012345687").Add(card.CN, "Zélie MARTIN", "MARTIN Zélie").Add(card.SN, "MARTIN").Add(card.UID, "899012345687").Add(card.GivenName, "Zélie").Card(),
		card.New(annuaire.BookStructures, "R10000000000001").Add(card.CN, "CLINIQUE DES LILAS").Add(card.O, "CLINIQUE DES LILAS").Add(card.UID, "R10000000000001").Add(card.FINESS, "690000001").Card(),
	}
}

// Many are n mailboxes of people whose names are numbered.
func Many(n int) []card.Card {
	out := make([]card.Card, n)
	for i := range out {
		out[i] = Mailbox(fmt.Sprintf("Jean%06d", i), fmt.Sprintf("DUPONT%06d", (i*7919)%n), With(card.Title, "Médecin"), With(card.L, "Lyon"))
	}
	return out
}
