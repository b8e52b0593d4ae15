package show

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPeople(t *testing.T) {
	body := `{"total": 41, "items": [
	 {"id": "899000000017", "family": "EXEMPLE", "given": "Zélie", "practices": [{"profession": {"label": "Médecin"}}],
	  "activities": [{"address": {"postal_code": "48000", "city": "Mende"}}], "mailboxes": [{"address": "z@medecin.formation.mssante.fr"}]},
	 {"id": "899000000025", "family": "X", "given": "", "practices": [], "activities": [{}], "mailboxes": []}]}`
	var b bytes.Buffer
	if err := People(&b, []byte(body)); err != nil {
		t.Fatal(err)
	}
	want := "899000000017  EXEMPLE Zélie  Médecin  48000 Mende  z@medecin.formation.mssante.fr\n" +
		"899000000025  X                                    \n2 of 41\n"
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Error(d)
	}
	if err := People(&b, []byte("<html>")); err == nil {
		t.Error("no error for what is no JSON")
	}
}
