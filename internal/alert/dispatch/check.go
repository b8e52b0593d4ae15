package dispatch

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"annuaire"
)

// maxAhead is how far ahead an alert may expire.
const maxAhead = 90 * 24 * time.Hour

// tidy brings what an author wrote to its one form: line ends are \n, nothing stands around a text, choices that were left open are
// the usual ones.
func tidy(d annuaire.AlertDraft) annuaire.AlertDraft {
	for _, b := range []*annuaire.Bilingual{&d.Title, &d.Summary, &d.Text, &d.HTML} {
		for _, s := range []*string{&b.FR, &b.EN} {
			*s = strings.TrimSpace(strings.ReplaceAll(*s, "\r\n", "\n"))
		}
	}
	d.Legal, d.Area, d.Audience, d.Refers = strings.TrimSpace(d.Legal), strings.TrimSpace(d.Area), strings.TrimSpace(d.Audience), strings.TrimSpace(d.Refers)
	d.Status, d.Kind = cmp.Or(d.Status, annuaire.StatusActual), cmp.Or(d.Kind, annuaire.KindAlert)
	d.Urgency, d.Certainty = cmp.Or(d.Urgency, "unknown"), cmp.Or(d.Certainty, "unknown")
	d.Expires = d.Expires.UTC().Truncate(time.Second)
	return d
}

// wellFormed refuses what may not even be kept as a draft: too long, or with signs that could end a line of the message. What is missing
// may still come.
func wellFormed(d annuaire.AlertDraft) error {
	for _, f := range []struct {
		name     string
		text     annuaire.Bilingual
		max      int
		lines    bool
		markedUp bool
	}{
		{"title", d.Title, maxTitle, false, false},
		{"summary", d.Summary, maxSummary, true, false},
		{"text", d.Text, maxText, true, false},
		{"html", d.HTML, maxHTML, true, true},
		{"legal", annuaire.Bilingual{FR: d.Legal}, maxLegal, false, false},
		{"area", annuaire.Bilingual{FR: d.Area}, maxArea, false, false},
	} {
		for _, s := range []string{f.text.FR, f.text.EN} {
			if err := line(f.name, s, f.max, f.lines); err != nil {
				return err
			}
			check := plainLinks
			if f.markedUp {
				check = simpleHTML
			}
			if err := check(f.name, s); err != nil {
				return err
			}
		}
	}
	if len(d.Audience) > maxAudience {
		return refuse("audience_too_long", "audience", "l'audience est trop longue : %d octets au plus.", "the audience is too long: at most %d bytes.", maxAudience)
	}
	return choices(d)
}

// line refuses a text that is too long or holds what a reader does not see.
func line(name, s string, most int, lines bool) error {
	if n := utf8.RuneCountInString(s); n > most {
		return refuse(name+"_too_long", name, "%d caractères, %d au plus.", "%d characters, at most %d.", n, most)
	}
	if !utf8.ValidString(s) {
		return refuse("control_character", name, "le texte n'est pas de l'UTF-8.", "the text is not UTF-8.")
	}
	for _, r := range s {
		switch {
		case r == '\n' && lines, r == '\t' && lines:
		case r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029':
			return refuse("line_break", name, "une seule ligne est attendue.", "a single line is expected.")
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\ufeff':
			return refuse("control_character", name, "un caractère de contrôle (U+%04X) n'a pas sa place ici.", "a control character (U+%04X) has no place here.", r)
		}
	}
	return nil
}

func choices(d annuaire.AlertDraft) error {
	for _, c := range []struct {
		name  string
		known bool
		all   any
	}{
		{"severity", d.Severity == "" || slices.Contains(annuaire.AlertSeverities, d.Severity), annuaire.AlertSeverities},
		{"urgency", slices.Contains(annuaire.AlertUrgencies, d.Urgency), annuaire.AlertUrgencies},
		{"certainty", slices.Contains(annuaire.AlertCertainties, d.Certainty), annuaire.AlertCertainties},
		{"status", slices.Contains(annuaire.AlertStatuses, d.Status), annuaire.AlertStatuses},
		{"kind", slices.Contains(annuaire.AlertKinds, d.Kind), annuaire.AlertKinds},
	} {
		if !c.known {
			return refuse("choice_unknown", c.name, "valeur inconnue ; possibles : %v.", "unknown value; possible: %v.", c.all)
		}
	}
	return nil
}

// complete refuses what may not be sent: something is missing, or it is too late.
func complete(d annuaire.AlertDraft, now time.Time) error {
	for _, f := range []struct {
		name    string
		missing bool
	}{
		{"title", d.Title.FR == ""}, {"summary", d.Summary.FR == ""}, {"text", d.Text.FR == ""}, {"severity", d.Severity == ""},
		{"legal", d.Legal == ""}, {"audience", d.Audience == ""},
	} {
		if f.missing {
			return refuse(f.name+"_missing", f.name, "à remplir avant l'envoi.", "to be filled in before sending.")
		}
	}
	if en := []bool{d.Title.EN != "", d.Summary.EN != "", d.Text.EN != ""}; slices.Contains(en, true) && slices.Contains(en, false) || d.HTML.EN != "" && d.Text.EN == "" {
		return refuse("english_incomplete", "text", "en anglais, il faut le titre, le résumé et le texte, ou rien.", "in English, title, summary and text are needed, or nothing.")
	}
	if (d.Kind == annuaire.KindAlert) != (d.Refers == "") {
		return refuse("reference_missing", "refers", "une mise à jour ou une annulation nomme l'alerte d'origine, une alerte n'en nomme pas.",
			"an update or a cancellation names the original alert, an alert names none.")
	}
	return timely(d, now)
}

// timely refuses an expiry that has passed or is too far.
func timely(d annuaire.AlertDraft, now time.Time) error {
	switch {
	case d.Expires.IsZero() || d.Expires.Unix() <= 0:
		return refuse("expiry_missing", "expires", "une fin de validité est nécessaire.", "an expiry is needed.")
	case !now.Before(d.Expires):
		return refuse("alert_expired", "expires", "cette alerte a expiré.", "this alert has expired.")
	case d.Expires.Sub(now) > maxAhead:
		return refuse("expiry_too_far", "expires", "la fin de validité est à %d jours au plus.", "the expiry is at most %d days ahead.", int(maxAhead.Hours()/24))
	}
	return nil
}
