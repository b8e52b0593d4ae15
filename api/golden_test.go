package api

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// golden compares with testdata/name, or rewrites it under -update.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// TestGoldenJSON pins the exact JSON of every shape, keys in their order. The first item of professionals.json is the one of
// DESIGN 8.
func TestGoldenJSON(t *testing.T) {
	t.Parallel()
	s := newServer(newFake())
	for name, url := range map[string]string{
		"professionals.json": "/v1/professionals?family=exemple&facets=profession&explain=true&limit=1",
		"professional.json":  "/v1/professionals/0990000001",
		"structures.json":    "/v1/structures",
		"mailboxes.json":     "/v1/mailboxes",
		"problem.json":       "/v1/professionals?famly=x",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := do(t, s, "GET", url, "X-Request-Id", "golden")
			var out bytes.Buffer
			if err := json.Indent(&out, w.Body.Bytes(), "", "  "); err != nil {
				t.Fatalf("%v: %s", err, w.Body)
			}
			golden(t, filepath.Join("testdata", name), out.Bytes())
		})
	}
}

// TestItemOfTheContract compares with the example of the contract itself, as one line.
func TestItemOfTheContract(t *testing.T) {
	t.Parallel()
	const example = `{"id": "899012345679", "rpps": "99012345679", "civility": "MME", "title": "DR", "family": "EXEMPLE", "given": "Zélie", "active": true,
 "practices": [{"profession": {"code": "10", "label": "Médecin"}, "category": {"code": "C", "label": "Civil"},
                "specialties": [{"code": "SM42", "label": "Psychiatrie", "type": "S"}], "diplomas": []}],
 "activities": [{"profession": "10", "category": "C", "mode": {"code": "L", "label": "Libéral"}, "sector": {"code": "SA07", "label": "Cabinet individuel"},
                 "role": null, "authority": "CNOM/CNOM/ARS",
                 "structure": {"id": "R10000000000001", "name": "CABINET EXEMPLE", "finess": null, "siret": null},
                 "address": {"lines": ["12 RUE DES LILAS"], "postal_code": "48000", "city": "Mende", "insee": "48095",
                             "department": {"code": "48", "label": "Lozère"}, "region": {"code": "76", "label": "Occitanie"}},
                 "phones": ["+33466000000"]}],
 "mailboxes": [{"address": "zelie.exemple@medecin.formation.mssante.fr", "kind": "PER", "rank": 1}],
 "source": {"extract": "2026-11-21T04:12:00Z", "run": "000042"}, "matched_on": ["family=exact", "city=exact"]}`
	var want bytes.Buffer
	if err := json.Compact(&want, []byte(example)); err != nil {
		t.Fatal(err)
	}
	got := do(t, newServer(newFake()), "GET", zeliePath).Body.String()
	if diff := cmp.Diff(want.String()+"\n", got); diff != "" {
		t.Errorf("item (-want +got):\n%s", diff)
	}
}
