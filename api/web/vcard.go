package web

import (
	"strings"
	"unicode/utf8"

	"annuaire"
)

// MIMECard is the media type of a vCard.
const MIMECard = "text/vcard; charset=utf-8"

// maxCardLine is after how many bytes a line goes on in the next (RFC 2425, 5.8.1).
const maxCardLine = 75

// Card makes a vCard (RFC 2426, version 3.0: the one that every address book and Outlook reads) of somebody: names, trade, the first place
// of practice, telephones and secure addresses, the preferred first.
func Card(p Person, source string) []byte {
	var c card
	pro := p.Value
	c.line("BEGIN", "VCARD")
	c.line("VERSION", "3.0")
	c.list("N", pro.Family, pro.Given, "", pro.Title, "")
	c.line("FN", text(fullName(pro)))
	all := pro.Situations()
	if len(all) > 0 {
		c.line("TITLE", text(trade(all[0].Practice)))
	}
	if len(pro.Activities) > 0 {
		a := pro.Activities[0]
		if a.Structure != nil {
			c.line("ORG", text(refName(a.Structure)))
		}
		if a.Address != nil {
			c.list("ADR;TYPE=WORK", "", "", strings.Join(a.Address.Lines, ", "), a.Address.City, a.Address.Region.Label, a.Address.PostalCode, a.Address.Country.Label)
		}
		for _, tel := range a.Phones {
			c.line("TEL;TYPE=WORK,VOICE", text(tel))
		}
	}
	for i, m := range p.Mailboxes {
		name := "EMAIL;TYPE=INTERNET"
		if i == 0 {
			name += ",PREF"
		}
		c.line(name, text(m.Address))
	}
	if rpps := pro.RPPS(); rpps != "" {
		source = "RPPS " + rpps + "\n" + source
	}
	c.line("NOTE", text(source))
	c.line("UID", "urn:annuaire-sante:"+text(pro.ID))
	if at := pro.Source.Extract; !at.IsZero() {
		c.line("REV", at.UTC().Format("2006-01-02T15:04:05Z"))
	}
	c.line("END", "VCARD")
	return []byte(c.String())
}

// card writes the lines of a vCard.
type card struct{ strings.Builder }

// line writes a property, folded between characters.
func (c *card) line(name, value string) {
	s := name + ":" + value
	for room := maxCardLine; len(s) > room; room = maxCardLine - 1 { // what goes on begins with a space
		cut := room
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		c.WriteString(s[:cut] + "\r\n ")
		s = s[cut:]
	}
	c.WriteString(s + "\r\n")
}

// list writes a property of several components.
func (c *card) list(name string, values ...string) {
	for i, v := range values {
		values[i] = text(v)
	}
	c.line(name, strings.Join(values, ";"))
}

// text escapes a value (RFC 2426, 4): no value can end its line or its component. Controls, which no address book shows, are dropped.
func text(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	return escapes.Replace(s)
}

var escapes = strings.NewReplacer(`\`, `\\`, "\n", `\n`, ";", `\;`, ",", `\,`)

// CardName is the name of the file of a card.
func CardName(p annuaire.Professional) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return -1
	}, p.ID)
	return "annuaire-" + name + ".vcf"
}
