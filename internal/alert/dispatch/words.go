package dispatch

import (
	"github.com/samber/lo"

	"annuaire"
)

// What readers see of the words of the protocol.
var (
	severityWords = map[annuaire.AlertSeverity]annuaire.Bilingual{
		annuaire.SeverityExtreme: {FR: "extrême", EN: "extreme"}, annuaire.SeveritySevere: {FR: "grave", EN: "severe"},
		annuaire.SeverityModerate: {FR: "modérée", EN: "moderate"}, annuaire.SeverityMinor: {FR: "mineure", EN: "minor"}}
	urgencyWords = map[annuaire.AlertUrgency]annuaire.Bilingual{"immediate": {FR: "agir immédiatement", EN: "act immediately"},
		"expected": {FR: "agir bientôt", EN: "act soon"}, "future": {FR: "agir plus tard", EN: "act later"}, "past": {FR: "passée", EN: "past"}, "unknown": {FR: "non précisée", EN: "not stated"}}
	certaintyWords = map[annuaire.AlertCertainty]annuaire.Bilingual{"observed": {FR: "constatée", EN: "observed"}, "likely": {FR: "probable", EN: "likely"},
		"possible": {FR: "possible", EN: "possible"}, "unlikely": {FR: "peu probable", EN: "unlikely"}, "unknown": {FR: "non précisée", EN: "not stated"}}
)

// mark says what a message is not, or which other one it is about.
type mark struct {
	said bool
	word string             // in the subject
	line annuaire.Bilingual // above the text
}

func (l Letterhead) marks(a annuaire.Alert, trial bool) []mark {
	return lo.Filter([]mark{
		{l.Training, "FORMATION", annuaire.Bilingual{FR: "FORMATION : message d'une instance de formation.", EN: "FORMATION: message of a training instance."}},
		{trial, "ESSAI", annuaire.Bilingual{FR: "ESSAI avant envoi : relisez, ne diffusez pas.", EN: "TRIAL before sending: read it over, do not pass it on."}},
		{a.Status == annuaire.StatusExercise, "EXERCICE", annuaire.Bilingual{FR: "EXERCICE : ceci n'est pas une alerte réelle.", EN: "EXERCISE: this is not a real alert."}},
		{a.Status == annuaire.StatusTest, "TEST", annuaire.Bilingual{FR: "TEST technique : ceci n'est pas une alerte réelle.", EN: "Technical TEST: this is not a real alert."}},
		{a.Kind == annuaire.KindUpdate, "MISE À JOUR", annuaire.Bilingual{FR: "MISE À JOUR de l'alerte " + a.Refers + ".", EN: "UPDATE of alert " + a.Refers + "."}},
		{a.Kind == annuaire.KindCancel, "ANNULATION", annuaire.Bilingual{FR: "ANNULATION de l'alerte " + a.Refers + ".", EN: "CANCELLATION of alert " + a.Refers + "."}},
	}, func(m mark, _ int) bool { return m.said })
}

// subject is the subject of an alert: what it is not, first; then its number and its title.
func (l Letterhead) subject(a annuaire.Alert, trial bool) string {
	s := ""
	for _, m := range l.marks(a, trial) {
		s += "[" + m.word + "] "
	}
	if a.Severity == annuaire.SeverityExtreme {
		s += "[URGENT] "
	}
	return s + l.Issuer + " n° " + a.ID + " : " + a.Title.FR
}
