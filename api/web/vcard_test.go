package web

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/emersion/go-vcard"
	"pgregory.net/rapid"

	"annuaire"
)

// cardOf is somebody of whom everything is s.
func cardOf(s string) []byte {
	c := annuaire.Coded{Code: s, Label: s}
	return Card(Person{Item: annuaire.Item[annuaire.Professional]{Value: annuaire.Professional{ID: "899012345679", Title: s, Family: s, Given: s,
		Practices: []annuaire.Practice{{Profession: c, Specialties: []annuaire.Specialty{{Coded: c}}}},
		Activities: []annuaire.Activity{{Profession: s, Structure: &annuaire.StructureRef{ID: "1", Name: s}, Phones: []string{s},
			Address: &annuaire.Address{Lines: []string{s, s}, City: s, PostalCode: s, Region: c}}}},
		Mailboxes: []annuaire.Mailbox{{Address: s}, {Address: s}}}}, s)
}

// unfolded are the lines of a vCard as a reader takes them.
func unfolded(card []byte) []string {
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(string(card), "\r\n ", ""), "\r\n"), "\r\n")
}

var properties = "BEGIN VERSION N FN TITLE ORG ADR;TYPE=WORK TEL;TYPE=WORK,VOICE EMAIL;TYPE=INTERNET,PREF EMAIL;TYPE=INTERNET NOTE UID END"

func TestNothingAddsALineToACard(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"a\r\nEND:VCARD", "\nTEL:1", "\\", ";;;;", "a,b", "\u2028x", "\r"})).Draw(t, "text")
		card := cardOf(s)
		var names []string
		for _, l := range unfolded(card) {
			name, _, _ := strings.Cut(l, ":")
			names = append(names, name)
			if strings.ContainsAny(l, "\r\n") {
				t.Fatalf("a line within a line: %q", l)
			}
		}
		if got := strings.Join(names, " "); got != properties {
			t.Fatalf("%q: %s", s, got)
		}
		for l := range strings.SplitSeq(string(card), "\r\n") {
			if len(l) > maxCardLine || utf8.ValidString(s) && !utf8.ValidString(l) {
				t.Fatalf("line of %d bytes: %q", len(l), l)
			}
		}
	})
}

func TestCardIsReadByOthers(t *testing.T) {
	c, err := vcard.NewDecoder(bytes.NewReader(cardOf(strings.Repeat("Zélie, dite « la brève » ", 9)))).Decode()
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Value("ORG"); got != strings.Repeat("Zélie, dite « la brève » ", 9) {
		t.Errorf("%q", got)
	}
}

func TestCardName(t *testing.T) {
	if got := CardName(annuaire.Professional{ID: "8\"; ../é"}); got != "annuaire-8.vcf" {
		t.Error(got)
	}
}
