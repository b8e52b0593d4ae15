package main

import (
	"slices"
	"strings"
	"testing"
)

// asking is a line of DESIGN 8: what is asked, by whom, and what comes back (response.says). Zélie's identifier in a path may be any of the two.
type asking struct {
	line, as, request, body string
	code                    int
	wants                   []string
}

func (c *contract) asks(t *testing.T, table []asking) {
	t.Helper()
	for _, tt := range table {
		t.Run(tt.line, func(t *testing.T) {
			wants := slices.Clone(tt.wants)
			for i := range wants {
				wants[i] = strings.ReplaceAll(wants[i], "{alert}", c.named["alert"])
			}
			c.ask(t, tt.as, tt.request, tt.body).says(t, tt.code, wants...)
		})
	}
}

// publicRoutes are those that anyone may ask, in the order of DESIGN 8.
var publicRoutes = []asking{
	{"GET /v1/professionals", "anyone", "GET /v1/professionals", "", 200, []string{"total = 5"}},
	{"GET /v1/professionals/{id}: by IdNatPP", "anyone", "GET /v1/professionals/" + zelie, "", 200, []string{"family = EXEMPLE", "rpps = 99012345679"}},
	{"GET /v1/professionals/{id}: by RPPS", "anyone", "GET /v1/professionals/99012345679", "", 200, []string{"id = " + zelie}},
	{"GET /v1/professionals/{id}: practices", "anyone", "GET /v1/professionals/" + ambroise, "", 200, []string{"practices.*.profession.code = 10 40", "practices.*.category.label = Militaire Civil",
		`practices.*.diplomas = [{"code":"DE05","label":"Diplôme d'Etat Docteur en médecine","type":"DE"}] []`, "title = PR", "civility = M", "given = Ambroise"}},
	{"GET /v1/professionals/{id}: activities", "anyone", "GET /v1/professionals/" + ambroise, "", 200, []string{"activities.# = 1", "activities.0.mode.label = Salarié", "activities.0.sector.label = Etablissement public de santé",
		"activities.0.role.code = FON-09", "activities.0.authority = SSA/SSA/SSA", "activities.0.structure.finess = 480000017", "activities.0.structure.siret = 26480001700015",
		"activities.0.structure.name = CENTRE HOSPITALIER DE MENDE", `activities.0.address.lines = ["BATIMENT A","1 AVENUE DU 8 MAI 1945"]`, `activities.0.phones = ["+33466494900","+33466494950"]`}},
	{"GET /v1/professionals/{id}: published mailboxes", "anyone", "GET /v1/professionals/" + anais, "", 200, []string{"mailboxes.*.address = " + anaisBox + " " + anaisNext + " " + cabBox, "mailboxes.*.rank = 1 2 3", "mailboxes.*.kind = PER PER CAB"}},
	{"GET /v1/professionals/{id}: provenance", "anyone", "GET /v1/professionals/" + ambroise, "", 200, []string{"source.extract = 2026-11-02T03:12:00Z", "source.run = 000002"}},
	{"GET /v1/professionals/{id}: without RPPS", "anyone", "GET /v1/professionals/" + paul, "", 200, []string{"rpps = null", "civility = null", "title = null", "mailboxes = []", "active = true"}},
	{"GET /v1/professionals/{id}: without activity", "anyone", "GET /v1/professionals/" + noe, "", 200, []string{"activities = []", "practices.0.profession.label = Infirmier"}},
	{"GET /v1/professionals/{id}: 410 for someone known to have left", "anyone", "GET /v1/professionals/" + gerard, "", 410, []string{"type = /problems/gone"}},
	{"GET /v1/professionals/{id}: unknown", "anyone", "GET /v1/professionals/899000000999", "", 404, []string{"type = /problems/not_found"}},
	{"GET /v1/professionals/{id}/history: dated changes of that person", "anyone", "GET /v1/professionals/" + ambroise + "/history", "", 200, []string{"items.*.change = created changed", "items.1.at = 2026-11-02T03:12:00Z",
		"items.1.record.activities.0.phones.0 = +33466494900"}},
	{"GET /v1/professionals/{id}/history: of someone who has left", "anyone", "GET /v1/professionals/" + gerard + "/history", "", 200, []string{"items.*.change = created gone", "items.1.run = 000002"}},
	{"POST /v1/professionals/lookup: answers in order, null for unknown", "anyone", "POST /v1/professionals/lookup", `{"ids": ["` + paul + `", "899000000999", "99012345679"]}`, 200, []string{"items.# = 3", "items.0.id = " + paul, "items.1 = null", "items.2.id = " + zelie}},
	{"POST /v1/professionals/lookup: up to 1 000", "anyone", "POST /v1/professionals/lookup", manyIDs(1000), 200, []string{"items.# = 1000"}},
	{"POST /v1/professionals/lookup: not more", "anyone", "POST /v1/professionals/lookup", manyIDs(1001), 400, []string{"parameter = ids"}},
	{"POST /v1/professionals/verify: match", "anyone", "POST /v1/professionals/verify", `{"id": "99012345679", "family": "exemple", "given": "zelie", "profession": "médecin"}`, 200, []string{"result = match", "differs = []"}},
	{"POST /v1/professionals/verify: mismatch", "anyone", "POST /v1/professionals/verify", `{"id": "99012345679", "family": "EXEMPLES", "given": "Zélie", "profession": "60"}`, 200, []string{"result = mismatch", `differs = ["family","profession"]`}},
	{"POST /v1/professionals/verify: unknown", "anyone", "POST /v1/professionals/verify", `{"id": "99000000999", "family": "A", "given": "B"}`, 200, []string{"result = unknown"}},
	{"POST /v1/professionals/verify: gone", "anyone", "POST /v1/professionals/verify", `{"id": "` + gerard + `", "family": "PARTI", "given": "Gérard"}`, 200, []string{"result = gone"}},
	{"GET /v1/suggest?q=", "anyone", "GET /v1/suggest?q=exem", "", 200, []string{"items ~ /v1/professionals/" + zelie, "items ~ EXEMPLE"}},
	{"GET /v1/structures: by FINESS", "anyone", "GET /v1/structures?finess=480000017", "", 200, []string{"total = 1", "items.0.id = F480000017"}},
	{"GET /v1/structures: by SIRET", "anyone", "GET /v1/structures?siret=26480001700015", "", 200, []string{"items.*.id = F480000017"}},
	{"GET /v1/structures: by SIREN", "anyone", "GET /v1/structures?siren=264800017", "", 200, []string{"items.*.id = F480000017"}},
	{"GET /v1/structures: by technical id", "anyone", "GET /v1/structures?id=R10000000000001", "", 200, []string{"items.*.name = CABINET EXEMPLE"}},
	{"GET /v1/structures: by name", "anyone", "GET /v1/structures?structure=lyon", "", 200, []string{"items.*.id = F690000021"}},
	{"GET /v1/structures: by place", "anyone", "GET /v1/structures?city=mende&sort=name", "", 200, []string{"total = 2"}},
	{"GET /v1/structures/{id}", "anyone", "GET /v1/structures/F480000017", "", 200, []string{"name = CENTRE HOSPITALIER DE MENDE", "trade_name = HOPITAL LOZERE", "finess = 480000017", "finess_ej = 480000009", "siren = 264800017", "siret = 26480001700015",
		"sector.code = SA01", "address.city = Mende", "address.insee = 48095", "address.postal_code = 48000", "address.department.label = Lozère", "address.region.label = Occitanie", `phones = ["+33466494900","+33466494950"]`,
		"fax = +33466494951", `emails = ["contact@ch-mende.fr"]`, "source.run = 000002"}},
	{"GET /v1/mailboxes: published mailboxes", "anyone", "GET /v1/mailboxes?kind=ORG,CAB,APP", "", 200, []string{"total = 3"}},
	{"GET /v1/mailboxes/{address}: PER", "anyone", "GET /v1/mailboxes/" + zelieBox, "", 200, []string{"kind = PER", "rank = 1", `owners = ["` + zelie + `"]`, "family = EXEMPLE", "given = Zélie"}},
	{"GET /v1/mailboxes: free text finds the service of a hospital", "anyone", "GET /v1/mailboxes?q=urgences+mende", "", 200, []string{"total = 1", "items.0.address = " + orgBox, "ignored = []"}},
	{"GET /v1/mailboxes: what nothing has is left out, and said", "anyone", "GET /v1/mailboxes?q=urgences+zzyzx+mende", "", 200, []string{"total = 1", "items.0.address = " + orgBox, "ignored.0.text = zzyzx"}},
	{"GET /v1/mailboxes/{address}: ORG", "anyone", "GET /v1/mailboxes/" + orgBox, "", 200, []string{"kind = ORG", "rank = null", "owners = []", "paperless = true", "attachments.0.service = URGENCES", "attachments.0.id = 480000017", "attachments.0.name = CENTRE HOSPITALIER DE MENDE",
		"attachments.0.address.city = Mende"}},
	{"POST /v1/mailboxes/published", "anyone", "POST /v1/mailboxes/published", `{"addresses": ["` + zelieBox + `", "nobody@x.mssante.fr"]}`, 200, []string{"items.*.published = true false"}},
	{"GET /v1/changes?since=SEQ: NDJSON, tombstones included", "reader", "GET /v1/changes?since=0", "", 200, []string{` ~ "change":"gone","id":"` + gerard + `","record":null`, ` ~ "kind":"load"`, ` ~ +33466494900`}},
	{"GET /v1/export/professionals: NDJSON", "reader", "GET /v1/export/professionals?fields=id&department=69", "", 200, []string{"id = " + anais}},
	{"GET /v1/export/professionals: CSV, same criteria", "reader", "GET /v1/export/professionals?format=csv&department=69", "", 200, []string{" ~ id,rpps,", " ~ ŒUVRARD"}},
	{"GET /v1/export/mailboxes", "reader", "GET /v1/export/mailboxes?kind=ORG", "", 200, []string{"address = " + orgBox}},
	{"GET /v1/export/mailboxes: structure, by FINESS", "structure", "GET /v1/export/mailboxes?kind=APP", "", 200, []string{"address = " + appBox}},
	{"GET /v1/export/mailboxes: structure, by SIRET", "structure, by SIRET", "GET /v1/export/mailboxes?kind=APP", "", 200, []string{"address = " + appBox}},
	{"GET /v1/export/mailboxes: structure, by RPPS-rang", "structure, by RPPS-rang", "GET /v1/export/mailboxes?kind=APP", "", 200, []string{"address = " + appBox}},
	{"GET /v1/export/structures", "reader", "GET /v1/export/structures?finess=480000017", "", 200, []string{"id = F480000017"}},
	{"GET /v1/sync/runs", "admin", "GET /v1/sync/runs", "", 200, []string{"items.*.run = 000002 000001", "items.*.state = published published", "items.0.people.gone = 1"}},
	{"GET /v1/sync/runs/{id}", "admin", "GET /v1/sync/runs/000002", "", 200, []string{"run = 000002", "gate.closed = true"}},
	{"GET /v1/sync/runs.atom", "anyone", "GET /v1/sync/runs.atom", "", 200, []string{" ~ <entry>"}},
	{"/healthz", "anyone", "GET /healthz", "", 200, []string{"status = ok"}},
	{"/readyz answers 200 once searches are served", "anyone", "GET /readyz", "", 200, []string{"status = ready"}},
	{"/metrics", "anyone", "GET /metrics", "", 200, []string{" ~ annuaire_request_duration_seconds"}},
	{"/openapi.yaml", "anyone", "GET /openapi.yaml", "", 200, []string{" ~ openapi: 3"}},
	{"/docs", "anyone", "GET /docs", "", 200, []string{" ~ <html"}},
}

func manyIDs(n int) string {
	return `{"ids": ["` + strings.Join(slices.Repeat([]string{zelie}, n), `","`) + `"]}`
}

// reads holds what is read over REST against the routes of DESIGN 8, and its heading against some of them.
func (c *contract) reads(t *testing.T) {
	c.asks(t, publicRoutes)
	record := "GET /v1/professionals/" + zelie
	t.Run("JSON, UTF-8", func(t *testing.T) {
		if got := c.ask(t, "anyone", record, ""); !strings.HasPrefix(got.header.Get("Content-Type"), "application/json") || !strings.Contains(got.body, "Zélie") {
			t.Error(got.header)
		}
	})
	t.Run("RFC 9457 problems with a stable type; detail in French", func(t *testing.T) {
		got := c.ask(t, "anyone", "GET /v1/professionals/899000000999", "")
		got.says(t, 404, "type = /problems/not_found", "status = 404", "title ~ ", "request_id ~ ", "detail ~ inconnu")
		if ct := got.header.Get("Content-Type"); !strings.HasPrefix(ct, "application/problem+json") {
			t.Error(ct)
		}
	})
	t.Run("in English with Accept-Language: en", func(t *testing.T) {
		c.ask(t, "anyone", "GET /v1/professionals?famly=x", "", "Accept-Language", "en").says(t, 400, "detail ~ unknown parameter")
	})
	t.Run("GET /v1/professionals/{id}: ETag", func(t *testing.T) {
		tag := c.ask(t, "anyone", record, "").header.Get("ETag")
		if again := c.ask(t, "anyone", record, "", "If-None-Match", tag); tag == "" || again.code != 304 || again.body != "" {
			t.Error(tag, again)
		}
	})
	t.Run("GET /v1/changes: server-sent events with Accept: text/event-stream", func(t *testing.T) {
		got := c.ask(t, "reader", "GET /v1/changes?since=0", "", "Accept", "text/event-stream")
		got.says(t, 200, " ~ event: change", " ~ id: 1")
		if ct := got.header.Get("Content-Type"); !strings.HasPrefix(ct, "text/event-stream") {
			t.Error(ct)
		}
	})
	t.Run("GET /v1/export: source, date and licence stated", func(t *testing.T) {
		h := c.ask(t, "reader", "GET /v1/export/mailboxes", "").header
		if !strings.Contains(h.Get("X-Annuaire-Source"), "Annuaire Sante") || h.Get("X-Annuaire-Extract") != "2026-11-02T03:12:00Z" || !strings.Contains(h.Get("Link"), "licence-ouverte") {
			t.Error(h)
		}
	})
}
