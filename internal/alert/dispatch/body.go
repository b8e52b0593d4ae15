package dispatch

import (
	"fmt"
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

// text is the body in plain text: what it is not, number and levels, summary, text, what to do with it.
func (l Letterhead) text(a annuaire.Alert, trial bool) string {
	var b strings.Builder
	for i, lang := range languages(a) {
		if i > 0 {
			b.WriteString("\n----------------------------------------\n\n")
		}
		for _, m := range l.marks(a, trial) {
			b.WriteString(in(m.line, lang) + "\n\n")
		}
		b.WriteString(l.levels(a, lang) + "\n\n" + in(a.Summary, lang) + "\n\n" + in(a.Text, lang) + "\n\n")
		if l.Links {
			b.WriteString(in(askWords, lang) + "\n" + linkMark + "\n\n")
		}
		b.WriteString(strings.Join(footer(a, lang), "\n") + "\n")
	}
	return b.String()
}

// html is the body in simple HTML: the same.
func (l Letterhead) html(a annuaire.Alert, trial bool) string {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n<html lang=\"fr\"><head><meta charset=\"utf-8\"><title>" + html.EscapeString(l.subject(a, trial)) + "</title></head><body>\n")
	for i, lang := range languages(a) {
		if i > 0 {
			b.WriteString("<hr>\n")
		}
		b.WriteString("<div lang=\"" + lang + "\">\n")
		for _, m := range l.marks(a, trial) {
			b.WriteString("<p><strong>" + html.EscapeString(in(m.line, lang)) + "</strong></p>\n")
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

func (l Letterhead) levels(a annuaire.Alert, lang string) string {
	format := annuaire.Bilingual{FR: "%s n° %s — gravité : %s — urgence : %s — certitude : %s", EN: "%s no. %s — severity: %s — urgency: %s — certainty: %s"}
	s := fmt.Sprintf(in(format, lang), l.Issuer, a.ID, in(severityWords[a.Severity], lang), in(urgencyWords[a.Urgency], lang), in(certaintyWords[a.Certainty], lang))
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
