package dispatch

import (
	"cmp"
	"encoding/xml"
	"strings"
	"time"

	"annuaire"
)

// capAlert is an alert of the Common Alerting Protocol 1.2 (OASIS, July 2010); its elements in the order of the schema.
type capAlert struct {
	XMLName     xml.Name  `xml:"urn:oasis:names:tc:emergency:cap:1.2 alert"`
	Identifier  string    `xml:"identifier"`
	Sender      string    `xml:"sender"`
	Sent        string    `xml:"sent"`
	Status      string    `xml:"status"`
	MsgType     string    `xml:"msgType"`
	Source      string    `xml:"source,omitempty"`
	Scope       string    `xml:"scope"`
	Restriction string    `xml:"restriction,omitempty"`
	Note        string    `xml:"note,omitempty"`
	References  string    `xml:"references,omitempty"`
	Info        []capInfo `xml:"info"`
}

type capInfo struct {
	Language    string     `xml:"language"`
	Category    string     `xml:"category"`
	Event       string     `xml:"event"`
	Urgency     string     `xml:"urgency"`
	Severity    string     `xml:"severity"`
	Certainty   string     `xml:"certainty"`
	Expires     string     `xml:"expires"`
	SenderName  string     `xml:"senderName"`
	Headline    string     `xml:"headline"`
	Description string     `xml:"description"`
	Instruction string     `xml:"instruction,omitempty"`
	Parameters  []capValue `xml:"parameter"`
	Area        capArea    `xml:"area"`
}

type capValue struct {
	Name  string `xml:"valueName"`
	Value string `xml:"value"`
}

type capArea struct {
	Description string `xml:"areaDesc"`
}

// capTime is a time as CAP writes it: with an offset, never "Z" (3.3.2).
func capTime(t time.Time) string {
	return strings.Replace(t.In(paris).Format("2006-01-02T15:04:05-07:00"), "+00:00", "-00:00", 1)
}

// capWord is one of our words as CAP writes it: "immediate" is "Immediate".
func capWord[T ~string](w T) string { return strings.ToUpper(string(w[:1])) + string(w[1:]) }

// capSent is when an alert was issued: approved, else as it stands.
func capSent(a annuaire.Alert) time.Time {
	if !a.Approved.IsZero() {
		return a.Approved
	}
	return a.Changed
}

func (l Letterhead) capIdentifier(id string) string {
	return "alerte." + id + "." + annuaire.DomainOf(l.From)
}

// cap writes an alert as a CAP 1.2 message. earlier is the one it refers to.
func (l Letterhead) cap(a annuaire.Alert, earlier *annuaire.Alert) ([]byte, error) {
	c := capAlert{Identifier: l.capIdentifier(a.ID), Sender: l.From, Sent: capTime(capSent(a)), Status: capWord(a.Status), MsgType: capWord(a.Kind), Source: l.Issuer}
	switch {
	case a.Approved.IsZero():
		c.Status, c.Note = "Draft", "Projet, non approuvé / draft, not approved"
	case a.Status == annuaire.StatusExercise:
		c.Note = "EXERCICE : ceci n'est pas une alerte réelle / EXERCISE: this is not a real alert"
	}
	if l.Training { // whatever it says, nobody is to act on it
		c.Status, c.Note = "Test", "FORMATION : message d'une instance de formation / message of a training instance"
	}
	if c.Scope = "Public"; !a.Public {
		c.Scope, c.Restriction = "Restricted", "Professionnels de santé destinataires / health professionals it is sent to"
	}
	if earlier != nil {
		c.References = l.From + "," + l.capIdentifier(earlier.ID) + "," + capTime(capSent(*earlier))
	}
	for _, lang := range languages(a) {
		code := "fr-FR"
		if lang == "en" {
			code = "en"
		}
		c.Info = append(c.Info, capInfo{Language: code, Category: "Health", Event: in(a.Title, lang), Urgency: capWord(a.Urgency), Severity: capWord(a.Severity),
			Certainty: capWord(a.Certainty), Expires: capTime(a.Expires), SenderName: l.Issuer, Headline: in(a.Title, lang), Description: in(a.Text, lang),
			Instruction: in(a.Summary, lang), Parameters: []capValue{{"base-legale", a.Legal}}, Area: capArea{cmp.Or(a.Area, "France")}})
	}
	b, err := xml.MarshalIndent(c, "", " ")
	if err != nil {
		return nil, err
	}
	return append(append([]byte(xml.Header), b...), '\n'), nil
}
