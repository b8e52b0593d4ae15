package filter

import (
	"slices"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"annuaire"
	"annuaire/internal/card"
	"annuaire/ldapd/ber"
	"annuaire/ldapd/schema"
)

// compiled is what an independent client sends for a filter written as RFC 4515 has it.
func compiled(t testing.TB, s string) []byte {
	t.Helper()
	p, err := ldap.CompileFilter(s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return p.Bytes()
}

func parsed(t testing.TB, s string) *Filter {
	t.Helper()
	c := ber.Read(compiled(t, s))
	f, err := Parse(&c)
	if err != nil || !c.Done() {
		t.Fatalf("%s: %v", s, err)
	}
	return f
}

// subject is an entry of a book.
type subject struct {
	card     card.Card
	computed map[string][]string
}

func (s *subject) Card() card.Card { return s.card }

func (s *subject) Computed(t *schema.AttributeType) (out [][]byte) {
	values := s.computed[t.Name]
	if t.Name == "objectClass" && !s.card.Empty() {
		values = schema.ObjectClasses(s.card.Book())
	}
	for _, v := range values {
		out = append(out, []byte(v))
	}
	return out
}

func (s *subject) EachInDN(fn func(*schema.AttributeType, []byte) bool) {
	_ = (s.card.Empty() || fn(schema.Of(card.Mail), s.card.ID())) && fn(schema.Lookup([]byte("dc")), []byte("mssante")) && fn(schema.Lookup([]byte("dc")), []byte("fr"))
}

// jean is a mailbox with a value of about everything.
func jean() *subject {
	const address = "jean.dupont@medecin.formation.mssante.fr"
	c := card.New(annuaire.BookMailboxes, address).Add(card.Mail, address).Add(card.SecondEmail, "jd@chu.mssante.fr").
		Add(card.CN, "Jean-François DUPONT", "DUPONT Jean-François").Add(card.SN, "DUPONT").Add(card.GivenName, "Jean-François").
		Add(card.DisplayName, "Jean-François DUPONT").Add(card.Title, "Médecin - Gynécologie, Cœur").Add(card.TelephoneNumber, "+33466000000").
		Add(card.TypeBAL, "PER").Add(card.IdNatPP, "899012345679").Add(card.IdentifiantPP, "99012345679").Add(card.TypeIdentifiantPP, "8").
		Add(card.Profession, "10").Add(card.CodeProfession, "10").Add(card.CodeSpecialite, "SM42").Add(card.Specialite, "Gynécologie").
		Add(card.O, "CABINET  DE L'ÉGLISE").Add(card.L, "Saint-Étienne").Add(card.ST, "Auvergne-Rhône-Alpes").Add(card.Departement, "Loire", "42").
		Add(card.Street, "12 RUE DES LILAS").Add(card.PostalAddress, `BAT \24 A$12 RUE DES LILAS$42000 Saint-Étienne`).Add(card.PostalCode, "42000").
		Add(card.C, "FR").Add(card.Description, "+++").Card()
	return &subject{card: c, computed: map[string][]string{
		"entryDN":         {"mail=" + address + ",dc=mssante,dc=fr"},
		"createTimestamp": {"20261101041200Z"}, "modifyTimestamp": {"20261101041200Z"}, "hasSubordinates": {"FALSE"},
		"entryUUID": {"597ae2f6-16a6-8027-98f4-d28b5365dc14"}, "structuralObjectClass": {"inetOrgPerson"}}}
}

// service is the mailbox of a team.
func service() *subject {
	const address = "urgences@chu.mssante.fr"
	c := card.New(annuaire.BookMailboxes, address).Add(card.Mail, address).Add(card.CN, "Service des Urgences").Add(card.SN, "Service des Urgences").
		Add(card.DisplayName, "Service des Urgences").Add(card.TypeBAL, "ORG").Add(card.O, "CHU").Add(card.C, "FR").Card()
	return &subject{card: c}
}

func texts(values [][]byte) (out []string) {
	for _, v := range values {
		out = append(out, string(v))
	}
	slices.Sort(out)
	return out
}
