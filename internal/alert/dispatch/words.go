package dispatch

import "annuaire"

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

// Subject is the subject of an alert: what it is not, first; then its number and its title.
func (l Letterhead) Subject(a annuaire.Alert, trial bool) string {
	s := ""
	for _, w := range []struct {
		say  bool
		word string
	}{{l.Training, "FORMATION"}, {trial, "ESSAI"}, {a.Status == annuaire.StatusExercise, "EXERCICE"}, {a.Status == annuaire.StatusTest, "TEST"},
		{a.Kind == annuaire.KindUpdate, "MISE À JOUR"}, {a.Kind == annuaire.KindCancel, "ANNULATION"}, {a.Severity == annuaire.SeverityExtreme, "URGENT"}} {
		if w.say {
			s += "[" + w.word + "] "
		}
	}
	return s + l.Issuer + " n° " + a.ID + " : " + a.Title.FR
}
