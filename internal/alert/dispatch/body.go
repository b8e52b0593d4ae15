package dispatch

import (
	"html"
	"strings"
	"time"

	"annuaire"
)

// Letterhead is what all messages of an instance share.
type Letterhead struct {
	Issuer   string // "DGS": one line, of the configuration
	From     string // address, of a white-listed domain
	Training bool
	Links    bool // messages have a link to acknowledge them
}

// linkMark stands for the link to acknowledge, in what is common to all messages: no text can hold it.
const linkMark = "\x00"

// paris is the time of those who read.
var paris = func() *time.Location {
	l, err := time.LoadLocation("Europe/Paris")
	if err != nil { // a machine without time zones: better a wrong zone that is named than none
		return time.UTC
	}
	return l
}()

// Text is the body in plain text: what it is not, number and levels, summary, text, what to do with it.
func (l Letterhead) Text(a annuaire.Alert, trial bool) string {
	var b strings.Builder
	for i, lang := range languages(a) {
		if i > 0 {
			b.WriteString("\n----------------------------------------\n\n")
		}
		for _, n := range l.notices(a, trial, lang) {
			b.WriteString(n + "\n\n")
		}
		b.WriteString(l.levels(a, lang) + "\n\n" + in(a.Summary, lang) + "\n\n" + in(a.Text, lang) + "\n\n")
		if l.Links {
			b.WriteString(in(askWords, lang) + "\n" + linkMark + "\n\n")
		}
		b.WriteString(strings.Join(footer(a, lang), "\n") + "\n")
	}
	return b.String()
}

// HTML is the body in simple HTML: the same.
func (l Letterhead) HTML(a annuaire.Alert, trial bool) string {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n<html lang=\"fr\"><head><meta charset=\"utf-8\"><title>" + html.EscapeString(l.Subject(a, trial)) + "</title></head><body>\n")
	for i, lang := range languages(a) {
		if i > 0 {
			b.WriteString("<hr>\n")
		}
		b.WriteString("<div lang=\"" + lang + "\">\n")
		for _, n := range l.notices(a, trial, lang) {
			b.WriteString("<p><strong>" + html.EscapeString(n) + "</strong></p>\n")
		}
		body := in(a.HTML, lang)
		if body == "" {
			body = htmlOf(in(a.Text, lang))
		}
		b.WriteString("<p>" + html.EscapeString(l.levels(a, lang)) + "</p>\n<h2>" + html.EscapeString(in(a.Title, lang)) + "</h2>\n" +
			htmlOf(in(a.Summary, lang)) + policy.Sanitize(body) + "\n")
		if l.Links {
			b.WriteString("<p>" + html.EscapeString(in(askWords, lang)) + "<br>\n<a href=\"" + linkMark + "\">" + linkMark + "</a></p>\n")
		}
		for _, f := range footer(a, lang) {
			b.WriteString("<p>" + linked(f) + "</p>\n")
		}
		b.WriteString("</div>\n")
	}
	b.WriteString("</body></html>\n")
	return b.String()
}

var askWords = annuaire.Bilingual{FR: "Confirmez que vous avez lu cette alerte :", EN: "Confirm that you have read this alert:"}

func languages(a annuaire.Alert) []string {
	if a.Text.EN != "" {
		return []string{"fr", "en"}
	}
	return []string{"fr"}
}

func in(b annuaire.Bilingual, lang string) string {
	if lang == "en" {
		return b.EN
	}
	return b.FR
}

// notices say what a message is not.
func (l Letterhead) notices(a annuaire.Alert, trial bool, lang string) (out []string) {
	for _, n := range []struct {
		say  bool
		text annuaire.Bilingual
	}{
		{l.Training, annuaire.Bilingual{FR: "FORMATION : message d'une instance de formation.", EN: "FORMATION: message of a training instance."}},
		{trial, annuaire.Bilingual{FR: "ESSAI avant envoi : relisez, ne diffusez pas.", EN: "TRIAL before sending: read it over, do not pass it on."}},
		{a.Status == annuaire.StatusExercise, annuaire.Bilingual{FR: "EXERCICE : ceci n'est pas une alerte réelle.", EN: "EXERCISE: this is not a real alert."}},
		{a.Status == annuaire.StatusTest, annuaire.Bilingual{FR: "TEST technique : ceci n'est pas une alerte réelle.", EN: "Technical TEST: this is not a real alert."}},
		{a.Kind == annuaire.KindUpdate, annuaire.Bilingual{FR: "MISE À JOUR de l'alerte " + a.Refers + ".", EN: "UPDATE of alert " + a.Refers + "."}},
		{a.Kind == annuaire.KindCancel, annuaire.Bilingual{FR: "ANNULATION de l'alerte " + a.Refers + ".", EN: "CANCELLATION of alert " + a.Refers + "."}},
	} {
		if n.say {
			out = append(out, in(n.text, lang))
		}
	}
	return out
}

func (l Letterhead) levels(a annuaire.Alert, lang string) string {
	s := l.Issuer + " n° " + a.ID + " — gravité : " + severityWords[a.Severity].FR + " — urgence : " + urgencyWords[a.Urgency].FR + " — certitude : " + certaintyWords[a.Certainty].FR
	if lang == "en" {
		s = l.Issuer + " no. " + a.ID + " — severity: " + severityWords[a.Severity].EN + " — urgency: " + urgencyWords[a.Urgency].EN + " — certainty: " + certaintyWords[a.Certainty].EN
	}
	if a.Area != "" {
		s += " — " + a.Area
	}
	return s
}

// footer is what stands under every alert.
func footer(a annuaire.Alert, lang string) []string {
	until := a.Expires.In(paris)
	if lang == "en" {
		return []string{"Legal basis: " + a.Legal, "Valid until " + until.Format("2 January 2006, 15:04 (MST)") + ".",
			"No alert asks for a password. Do not answer this message: nobody reads the answers."}
	}
	return []string{"Base légale : " + a.Legal, "Valable jusqu'au " + until.Format("02/01/2006 à 15:04 (MST)") + ".",
		"Aucune alerte ne demande de mot de passe. Ne répondez pas à ce message : les réponses ne sont pas lues."}
}
