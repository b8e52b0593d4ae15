package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"annuaire/internal/config"
)

// TestRulesOverREST breaks every rule over REST, with the registry, the white list and the tokens of a real server: the status, the name of
// the rule, both languages, and nothing of what the directory holds.
func TestRulesOverREST(t *testing.T) {
	data := loaded(t, extracts(t, set{2000, 1, 0}))
	w := newWorld(t, data)
	var page people
	if err := json.Unmarshal(w.ask("GET", "/v1/professionals?profession=10&limit=50", "", "").Body.Bytes(), &page); err != nil {
		t.Fatal(err)
	}
	var who []someone
	for _, it := range page.Items {
		if it.RPPS != "" && it.Given != "" {
			who = append(who, it)
		}
	}
	of := func(p someone, more string) string {
		return fmt.Sprintf(`{"kind":"PER","holder":%q,"family":%q,"given":%q,"terms":"1.0"%s}`, p.RPPS, p.Family, p.Given, more)
	}
	org := func(more string) string {
		return `{"kind":"ORG","structure":{"type":"FINESS","id":"480000017"},"terms":"1.0"` + more + `}`
	}
	const box, service = "/v1/mailboxes/zoe@x.formation.mssante.fr", "/v1/mailboxes/service@x.formation.mssante.fr"
	for path, body := range map[string]string{box: of(who[0], ""), service: org("")} {
		if res := w.ask("PUT", path, body, "operator"); res.Code != 201 {
			t.Fatal(res.Code, res.Body)
		}
	}
	tried := map[string]bool{}
	for _, tt := range []struct {
		rule, method, path, body string
		status                   int
		headers                  []string
	}{
		{"address_invalid", "PUT", "/v1/mailboxes/z%C3%A9@x.formation.mssante.fr", of(who[0], ""), 400, nil},
		{"patient_address", "PUT", "/v1/mailboxes/185057800608436@patient.mssante.fr", of(who[0], ""), 400, nil},
		{"domain_not_yours", "PUT", "/v1/mailboxes/zoe@y.formation.mssante.fr", of(who[0], ""), 403, nil},
		{"training_only", "PUT", "/v1/mailboxes/zoe@x.mssante.fr", of(who[0], ""), 400, nil},
		{"kind_unknown", "PUT", box, `{"kind":"XYZ"}`, 400, nil},
		{"kind_fixed", "PUT", service, of(who[0], ""), 409, nil},
		{"holder_fixed", "PUT", box, of(who[1], ""), 409, nil},
		{"holder_required", "PUT", box, `{"kind":"PER","terms":"1.0"}`, 400, nil},
		{"holder_not_allowed", "PUT", service, org(`,"holder":"` + who[0].RPPS + `"`), 400, nil},
		{"holder_invalid", "PUT", box, `{"kind":"PER","holder":"12","terms":"1.0"}`, 400, nil},
		{"holder_unknown", "PUT", "/v1/mailboxes/new@x.formation.mssante.fr", `{"kind":"PER","holder":"99999999993","family":"A","given":"B","terms":"1.0"}`, 400, nil},
		{"name_mismatch", "PUT", "/v1/mailboxes/new@x.formation.mssante.fr", strings.Replace(of(who[0], ""), who[0].Family, "NAISSANCE", 1), 400, nil},
		{"structure_required", "PUT", service, `{"kind":"ORG","terms":"1.0"}`, 400, nil},
		{"structure_invalid", "PUT", service, strings.Replace(org(""), "480000017", "12", 1), 400, nil},
		{"description_not_for_per", "PUT", box, of(who[0], `,"description":"x"`), 400, nil},
		{"service_not_for_kind", "PUT", box, of(who[0], `,"service":"x"`), 400, nil},
		{"responsible_not_for_per", "PUT", box, of(who[0], `,"responsible":"x"`), 400, nil},
		{"delegable_only_per", "PUT", service, org(`,"delegable":true`), 400, nil},
		{"too_long", "PUT", service, org(`,"description":"` + strings.Repeat("é", 76) + `"`), 400, nil},
		{"text_invalid", "PUT", service, org(`,"description":"a\nb"`), 400, nil},
		{"rank_invalid", "PUT", box, of(who[0], `,"rank":-1`), 400, nil},
		{"phone_invalid", "PUT", box, of(who[0], `,"phone":"12"`), 400, nil},
		{"mobile_invalid", "PUT", box, of(who[0], `,"otp_mobile":"x"`), 400, nil},
		{"terms_missing", "PUT", box, strings.Replace(of(who[0], ""), `"1.0"`, `""`, 1), 400, nil},
		{"etag_missing", "DELETE", box, "", 412, nil},
		{"etag_stale", "DELETE", box, "", 412, []string{"If-Match", `"0-0"`}},
		{"already_registered", "PUT", box, of(who[0], ""), 412, []string{"If-None-Match", "*"}},
		{"idempotency_key_invalid", "PUT", box, of(who[0], ""), 400, []string{"Idempotency-Key", strings.Repeat("k", 200)}},
		{"idempotency_key_not_taken", "POST", "/v1/mailboxes/batch", "{}", 400, []string{"Idempotency-Key", "k", "Content-Type", "application/x-ndjson"}},
	} {
		tried[tt.rule] = true
		t.Run(tt.rule, func(t *testing.T) {
			fr := w.ask(tt.method, tt.path, tt.body, "operator", tt.headers...)
			en := w.ask(tt.method, tt.path, tt.body, "operator", append(tt.headers, "Accept-Language", "en")...)
			if fr.Code != tt.status || !strings.Contains(fr.Body.String(), `"rule":"`+tt.rule+`"`) {
				t.Fatalf("%d %s", fr.Code, fr.Body)
			}
			if fr.Body.String() == en.Body.String() || strings.Contains(fr.Body.String(), "185057800608436") || strings.Contains(fr.Body.String(), who[0].Given) {
				t.Error(fr.Body, en.Body)
			}
		})
	}
	t.Run("idempotency_other_content", func(t *testing.T) {
		key := []string{"Idempotency-Key", "k-1"}
		if res := w.ask("PUT", box, of(who[0], `,"rank":1`), "operator", key...); res.Code != 200 {
			t.Fatal(res.Code, res.Body)
		}
		if res := w.ask("PUT", box, of(who[0], `,"rank":2`), "operator", key...); res.Code != 409 || !strings.Contains(res.Body.String(), `"rule":"idempotency_other_content"`) {
			t.Error(res.Code, res.Body)
		}
		if res := w.ask("PUT", box, of(who[0], `,"rank":1`), "operator", key...); res.Code != 200 || res.Header().Get("Idempotent-Replayed") != "true" {
			t.Error(res.Code, res.Header())
		}
	})
	t.Run("who is erased is in no answer that is kept: it is done anew", func(t *testing.T) {
		const path = "/v1/mailboxes/erased@x.formation.mssante.fr"
		put := func() (int, string) {
			res := w.ask("PUT", path, of(who[1], `,"otp_mobile":"+33698765432"`), "operator", "Idempotency-Key", "erased")
			return res.Code, res.Header().Get("Idempotent-Replayed")
		}
		for i, want := range []string{"", "true", ""} {
			if code, replayed := put(); code != 201 || replayed != want {
				t.Error(i, code, replayed)
			}
			if i == 1 {
				if res := w.ask("DELETE", "/v1/persons/"+who[1].ID+"/held?reason=demande", "", "admin"); res.Code != 200 {
					t.Fatal(res.Code, res.Body)
				}
			}
		}
		if res := w.ask("DELETE", path, "", "operator", "If-Match", "*"); res.Code != 204 {
			t.Error(res.Code, res.Body)
		}
	})
	t.Run("of two requests under one key at once, the box is written once and neither fails otherwise", func(t *testing.T) {
		var all sync.WaitGroup
		codes := make([]int, 6)
		for i := range codes {
			all.Go(func() {
				codes[i] = w.ask("PUT", "/v1/mailboxes/race@x.formation.mssante.fr", org(""), "operator", "Idempotency-Key", "race").Code
			})
		}
		all.Wait()
		for _, code := range codes {
			if code != 201 && code != 409 { // created, or answered as created; or in use
				t.Error(codes)
			}
		}
	})
	for rule, body := range map[string]string{"contact_required": `{"family":"A","given":"B"}`, "contact_invalid": `{"family":"A","given":"B","contact":"x"}`, "contact_mssante": `{"family":"A","given":"B","contact":"x@medecin.mssante.fr"}`, "contact_apicrypt": `{"family":"A","given":"B","contact":"x@interop-mssante.apicrypt.org"}`} {
		t.Run(rule, func(t *testing.T) {
			if res := w.ask("PUT", "/v1/staff/899999999993", body, "registrar"); res.Code != 400 || !strings.Contains(res.Body.String(), `"rule":"`+rule+`"`) {
				t.Error(res.Code, res.Body)
			}
		})
	}
	t.Run("staff_in_directory", func(t *testing.T) {
		if res := w.ask("PUT", "/v1/staff/"+who[0].ID, `{"family":"A","given":"B","contact":"x@exemple.fr"}`, "registrar"); res.Code != 409 || !strings.Contains(res.Body.String(), `"rule":"staff_in_directory"`) {
			t.Error(res.Code, res.Body)
		}
	})
	t.Run("the audit has who wrote what", func(t *testing.T) {
		res := w.ask("GET", "/v1/audit?what=mailbox&last=200", "", "admin")
		if body := res.Body.String(); res.Code != 200 || !strings.Contains(body, "mailbox.create") || !strings.Contains(body, "zoe@x.formation.mssante.fr") || strings.Contains(body, "185057800608436") {
			t.Error(res.Code, body)
		}
	})
	t.Run("every rule of docs/MAILBOXES.md that can be broken here was", func(t *testing.T) {
		doc, err := os.ReadFile(filepath.Join("..", "..", "docs", "MAILBOXES.md"))
		if err != nil {
			t.Fatal(err)
		}
		elsewhere := map[string]bool{"domain_not_listed": true, "white_list_missing": true, "training_refused": true, // TestWhiteListOverREST
			"field_not_yours": true, "not_registrar": true, // by holders; by whoever has the role of none
			"contact_required": true, "contact_invalid": true, "contact_mssante": true, "contact_apicrypt": true, "staff_in_directory": true, "idempotency_other_content": true, "idempotency_in_use": true,
			"line_invalid": true, "line_too_long": true, "batch_interrupted": true} // api: TestBatch
		_, rules, _ := strings.Cut(string(doc), "\n## Rules\n")
		rules, _, _ = strings.Cut(rules, "\n## ")
		for _, row := range regexp.MustCompile("(?m)^\\| (`[a-z_]+`.*?) \\|").FindAllStringSubmatch(rules, -1) {
			for _, m := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(row[1], -1) {
				if !tried[m[1]] && !elsewhere[m[1]] {
					t.Errorf("%s is documented and not tried", m[1])
				}
				delete(tried, m[1])
			}
		}
		for rule := range tried {
			t.Errorf("%s is not documented", rule)
		}
	})
}

// TestWhiteListOverREST: what may be registered where the white list decides.
func TestWhiteListOverREST(t *testing.T) {
	data := loaded(t, extracts(t, set{2000, 1, 0}))
	file := filepath.Join(t.TempDir(), "list.xml")
	list := `<L xmlns="https://listeblanche.mssante.fr/schema"><Domaine><Nom>x.mssante.fr</Nom></Domaine></L>`
	if err := os.WriteFile(file, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	const org = `{"kind":"ORG","structure":{"type":"FINESS","id":"480000017"},"terms":"1.0"}`
	production := func(source string) func(*config.Config) {
		return func(c *config.Config) { c.Mode, c.Mailboxes.WhiteList = config.Production, source }
	}
	for _, tt := range []struct {
		rule, source, address string
		status                int
		because               string
	}{
		{"a listed domain is taken", file, "a@x.mssante.fr", 201, ""},
		{"domain_not_listed", file, "a@y.mssante.fr", 400, `"rule":"domain_not_listed"`},
		{"a domain below a listed one is not listed", file, "a@b.x.mssante.fr", 400, `"rule":"domain_not_listed"`},
		{"training_refused", file, "a@x.formation.mssante.fr", 400, `"rule":"training_refused"`},
		{"white_list_missing", "", "a@x.mssante.fr", 503, `"rule":"white_list_missing"`},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			w := newWorld(t, data, production(tt.source))
			if res := w.ask("PUT", "/v1/mailboxes/"+tt.address, org, "admin"); res.Code != tt.status || !strings.Contains(res.Body.String(), tt.because) {
				t.Error(res.Code, res.Body)
			}
		})
	}
	t.Run("a list that cannot be read is told by /readyz and by metrics, and nothing is registered", func(t *testing.T) {
		w := newWorld(t, data, production(filepath.Join(t.TempDir(), "none.xml")))
		if body := w.ask("GET", "/readyz", "", "").Body.String(); !strings.Contains(body, "white list") || !strings.Contains(body, "degraded") {
			t.Error(body)
		}
		if body := w.ask("GET", "/metrics", "", "").Body.String(); !strings.Contains(body, "annuaire_whitelist_good 0") {
			t.Error("metrics do not tell")
		}
		if res := w.ask("PUT", "/v1/mailboxes/a@x.mssante.fr", org, "admin"); res.Code != 400 {
			t.Error(res.Code, res.Body)
		}
	})
}
