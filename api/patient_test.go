package api

import (
	"net/http"
	"strings"
	"testing"
)

// Every read that an address may be asked of says why there is no answer, and repeats nothing of it.
func TestPatientAddressesAreExplained(t *testing.T) {
	const ins = "185057800608436"
	s := newServer(newFake())
	for rule, url := range map[string]string{
		"a record":                          "/v1/mailboxes/" + ins + "@patient.mssante.fr",
		"escaped":                           "/v1/mailboxes/" + ins + "%40PATIENT.mssante.fr",
		"a criterion":                       "/v1/mailboxes?mailbox=" + ins + "@patient.mssante.fr",
		"of people":                         "/v1/professionals?mailbox=x@patient.mssante.fr",
		"free text":                         "/v1/professionals?q=dr+" + ins + "@patient.mssante.fr+lyon",
		"free text with signs around":       "/v1/mailboxes?q=%3C" + ins + "@patient.mssante.fr%3E",
		"suggestions":                       "/v1/suggest?q=" + ins + "@patient.mssante.fr",
		"a domain of training":              "/v1/mailboxes/" + ins + "@patient.formation.mssante.fr",
		"a domain in full-width letters":    "/v1/mailboxes/" + ins + "@%EF%BD%90atient.mssante.fr",
		"one criterion of several":          "/v1/mailboxes?mailbox=a@b.fr&mailbox=" + ins + "@patient.mssante.fr",
		"an address that is no address too": "/v1/mailboxes?mailbox=" + ins + "%20@patient.mssante.fr",
	} {
		t.Run(rule, func(t *testing.T) {
			w := do(t, s, http.MethodGet, url)
			body := w.Body.String()
			if w.Code != 400 || !strings.Contains(body, `"rule":"patient_address"`) || !strings.Contains(body, "il n'en existe pas") || strings.Contains(body, ins) {
				t.Error(w.Code, body)
			}
		})
	}
	t.Run("in English too", func(t *testing.T) {
		w := do(t, s, http.MethodGet, "/v1/mailboxes/x@patient.mssante.fr", "Accept-Language", "en")
		if !strings.Contains(w.Body.String(), "none exists") {
			t.Error(w.Body)
		}
	})
	t.Run("another address is only unknown", func(t *testing.T) {
		if w := do(t, s, http.MethodGet, "/v1/mailboxes/x@patients.mssante.fr"); w.Code != 404 || strings.Contains(w.Body.String(), "rule") {
			t.Error(w.Code, w.Body)
		}
	})
}
