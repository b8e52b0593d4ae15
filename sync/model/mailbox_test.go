package model

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"annuaire"
	"annuaire/sync/extract"
)

var (
	per = fields{"Type de BAL": "PER", "Adresse BAL": "anna@x.formation.mssante.fr", "Type Identifiant PP": "8", "Identifiant PP": "99000000017",
		"Identification nationale PP": "899000000017", "Nom d'exercice": "EXEMPLE", "Prénom d'exercice": "Anna", "Code Profession": "10"}
	org = fields{"Type de BAL": "ORG", "Adresse BAL": "Urgences@CH.formation.mssante.fr", "Type identifiant structure": "1",
		"Identification Structure": "990000019", "Raison Sociale structure BAL": "CH EXEMPLE", "Service de rattachement": "URGENCES"}
)

func boxOf(t testing.TB, rank int, rows ...fields) annuaire.Mailbox {
	t.Helper()
	var all []extract.MailboxRow
	for _, r := range rowsOf(t, extract.Mailboxes, rows...) {
		all = append(all, r.Mailbox())
	}
	return Mailbox(all, rank)
}

func TestMailbox(t *testing.T) {
	yes, no := true, false
	t.Run("a personal box has its holder and its rank", func(t *testing.T) {
		want := annuaire.Mailbox{Address: "anna@x.formation.mssante.fr", Kind: annuaire.KindPER, Owners: []string{annaID}, Rank: 2,
			Family: "EXEMPLE", Given: "Anna", Profession: annuaire.Coded{Code: "10"}}
		if d := cmp.Diff(want, boxOf(t, 2, per)); d != "" {
			t.Error(d)
		}
	})
	t.Run("a box of a service has a structure instead, and its address in lower case", func(t *testing.T) {
		want := annuaire.Mailbox{Address: "urgences@ch.formation.mssante.fr", Kind: annuaire.KindORG,
			Attachments: []annuaire.Attachment{{IDType: "1", ID: "990000019", Name: "CH EXEMPLE", Service: "URGENCES",
				Address: &annuaire.Address{Lines: []string{"2 RUE DES LILAS"}, Street: "2 RUE DES LILAS", PostalCode: "48000", City: "Mende",
					INSEE: "48095", Department: annuaire.Coded{Code: "48"}, Region: annuaire.Coded{Code: "76"}}}}}
		got := boxOf(t, 0, org.with("L4NUMEROVOIE structure BAL", "2", "NL4TYPEVOIE structure BAL", "RUE", "L4LIBELLEVOIE structure BAL", "DES LILAS",
			"L6LIGNEACHEMINEMENT structure BAL", "48000 MENDE"))
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	})
	t.Run("several rows are several attachments, in order, once each", func(t *testing.T) {
		m := boxOf(t, 0, org.with("Identification Structure", "990000027"), org, org.with("Service de rattachement", "ACCUEIL"), org)
		var got []string
		for _, a := range m.Attachments {
			got = append(got, a.ID+" "+a.Service)
		}
		if d := cmp.Diff([]string{"990000019 ACCUEIL", "990000019 URGENCES", "990000027 URGENCES"}, got); d != "" {
			t.Error(d)
		}
	})
	t.Run("two addresses of one structure are two attachments", func(t *testing.T) {
		m := boxOf(t, 0, org.with("L6LIGNEACHEMINEMENT structure BAL", "48000 MENDE"), org.with("L6LIGNEACHEMINEMENT structure BAL", "69003 LYON"))
		if len(m.Attachments) != 2 {
			t.Error(m.Attachments)
		}
	})
	t.Run("a street and a complement in the same words are two, in whatever order", func(t *testing.T) {
		way, complement := org.with("L4LIBELLEVOIE structure BAL", "LES LILAS"), org.with("L2COMPLEMENTLOCALISATION structure BAL", "LES LILAS")
		m := boxOf(t, 0, way, complement)
		if d := cmp.Diff(boxOf(t, 0, complement, way), m); d != "" || len(m.Attachments) != 2 {
			t.Error(d, m.Attachments)
		}
	})
	t.Run("several holders are all kept, sorted", func(t *testing.T) {
		m := boxOf(t, 1, per.with("Identifiant PP", "99000000025", "Identification nationale PP", ""), per, per)
		if d := cmp.Diff([]string{annaID, "899000000025"}, m.Owners); d != "" {
			t.Error(d)
		}
	})
	t.Run("names and profession are settled", func(t *testing.T) {
		m := boxOf(t, 1, per.with("Nom d'exercice", "ZZZ", "Code Profession", "P9", "Libellé Profession", "a"),
			per.with("Code Profession", "P9", "Libellé Profession", "b"), per.with("Nom d'exercice", "EXEMPLE", "Prénom d'exercice", ""))
		if m.Family != "EXEMPLE" || m.Given != "Anna" || m.Profession != (annuaire.Coded{Code: "P9", Label: "b"}) {
			t.Error(m)
		}
	})
	for name, c := range map[string]struct {
		stated []string
		want   *bool
	}{
		"not stated is neither":         {[]string{"", "?"}, nil},
		"one yes is a yes":              {[]string{"N", "O", "N"}, &yes},
		"a no is a no":                  {[]string{"", "false"}, &no},
		"the order does not matter":     {[]string{"O", "N"}, &yes},
		"what is not understood is not": {[]string{"peut-être", "0"}, &no},
	} {
		t.Run("paperless: "+name, func(t *testing.T) {
			var rows []fields
			for _, s := range c.stated {
				rows = append(rows, per.with("Dématérialisation", s))
			}
			if d := cmp.Diff(c.want, boxOf(t, 1, rows...).Paperless); d != "" {
				t.Error(d)
			}
		})
	}
}
