package main

import (
	"strings"
	"testing"
)

const (
	newOrg = `{"kind": "ORG", "structure": {"type": "FINESS", "id": "480000017"}, "service": "ACCUEIL", "description": "Accueil du public", "responsible": "Mme Durand", "phone": "0466000001", "terms": "1.0"}`
	newPer = `{"kind": "PER", "holder": "99012345679", "family": "Exemple", "given": "Zélie", "phone": "0466000002", "otp_mobile": "+33698765432", "delegable": true, "rank": 1, "terms": "1.0"}`
)

const (
	boxPath = "/v1/mailboxes/" + zelieNew
	orgPath = "/v1/mailboxes/accueil@y.formation.mssante.fr"
)

// operatorRoutes are what DESIGN 8 and 10 say of operators and registrars, in the order in which it happens.
var operatorRoutes = []asking{
	{"operator: PUT /v1/mailboxes/{address}", "operator", "PUT " + boxPath, newPer, 201, []string{"state = active", "published = true", "phone = +33466000002", "otp_mobile = +33698765432"}},
	{"operator: PUT /v1/mailboxes/{address}: If-Match", "operator", "PUT " + boxPath + " If-Match", newPer, 200, nil},
	{"operator: PUT /v1/mailboxes/{address}: If-None-Match", "operator", "PUT " + boxPath + " If-None-Match: *", newPer, 412, []string{"rule = already_registered"}},
	{"operator: PUT /v1/mailboxes/{address}, of a service", "operator", "PUT " + orgPath + " If-None-Match: * Idempotency-Key: k1", newOrg, 201, []string{"service = ACCUEIL", "description = Accueil du public", "responsible = Mme Durand", "structure.id = 480000017"}},
	{"what is registered is found at once, before what the extract has", "anyone", "GET /v1/professionals/" + zelie, "", 200, []string{"mailboxes.*.address = zelie@y.formation.mssante.fr " + zelieBox}},
	{"what is registered is published, but for what never is", "anyone", "GET " + orgPath, "", 200, []string{"description = Accueil du public", "attachments.0.service = ACCUEIL", "responsible !", "phone !"}},
	{"operator: of its domains, no other", "operator", "PUT /v1/mailboxes/zelie@z.formation.mssante.fr", newPer, 403, []string{"rule = domain_not_yours"}},
	{"operator: by client certificate", "operator, by certificate", "PUT /v1/mailboxes/a@w.formation.mssante.fr", newOrg, 201, nil},
	{"operator: by client certificate, of its domains", "operator, by certificate", "PUT " + boxPath, newPer, 403, []string{"rule = domain_not_yours"}},
	{"one domain, one operator", "another operator", "PUT " + boxPath, newPer, 403, []string{"rule = domain_not_yours"}},
	{"operator: PATCH /v1/mailboxes/{address}", "operator", "PATCH " + orgPath + " Idempotency-Key: k2", `{"description": "Accueil"}`, 200, []string{"description = Accueil", "service = ACCUEIL"}},
	{"operator: the red list", "operator", "PATCH " + boxPath + " If-Match", `{"red_list": true}`, 200, []string{"red_list.in_force = true", "published = false"}},
	{"what is on the red list is there for nobody", "anyone", "GET " + boxPath, "", 404, nil},
	{"what is on the red list is there for no other operator", "another operator", "GET " + boxPath, "", 404, nil},
	{"what is on the red list is at no person", "anyone", "GET /v1/professionals/" + zelie, "", 200, []string{"mailboxes.*.address = " + zelieBox}},
	{"operator: read back all it wrote, red-listed ones too", "operator", "GET " + boxPath, "", 200, []string{"red_list.operator = true", "otp_mobile = +33698765432"}},
	{"operator: GET /v1/me/mailboxes", "operator", "GET /v1/me/mailboxes?domain=y.formation.mssante.fr", "", 200, []string{"items.*.address = accueil@y.formation.mssante.fr zelie@y.formation.mssante.fr"}},
	{"operator: GET /v1/me/mailboxes, red-listed ones", "operator", "GET /v1/me/mailboxes?state=red_listed", "", 200, []string{"items.*.address = zelie@y.formation.mssante.fr"}},
	{"operator: GET /v1/me/mailboxes: kind, limit, after", "operator", "GET /v1/me/mailboxes?kind=PER&limit=1&after=a@y.formation.mssante.fr", "", 200, []string{"items.*.kind = PER"}},
	{"operator: back from the red list", "operator", "PATCH " + boxPath, `{"red_list": false}`, 200, []string{"published = true"}},
	{"operator: what became of a mailbox", "operator", "GET " + boxPath + "/history", "", 200, []string{"items.# = 3"}},
	{"operator: GET /v1/me/indicators", "operator", "GET /v1/me/indicators", "", 200, []string{"items ~ y.formation.mssante.fr"}},
	{"operator: GET /v1/me/indicators: domain, month, format", "operator", "GET /v1/me/indicators?domain=y.formation.mssante.fr&month=2026-01&format=csv", "", 200, []string{" ~ y.formation.mssante.fr"}},
	{"operator: GET /v1/me/eligibility", "operator", "GET /v1/me/eligibility?rpps=" + ambroise[1:], "", 200, []string{"eligible = true", "cards_as_of = null"}},
	{"registrar: hand over identity, contact mail and mobile of staff absent from the extract", "registrar", "PUT /v1/staff/899000000059 Idempotency-Key: k3", `{"family": "SOCIAL", "given": "Sam", "contact": "sam@exemple.fr", "mobile": "+33698765433", "terms": "1.0"}`, 201, nil},
	{"registrar: not of who is in it", "registrar", "PUT /v1/staff/" + noe, `{"family": "TOUR", "given": "Noé", "contact": "noe@exemple.fr", "terms": "1.0"}`, 409, []string{"rule = staff_in_directory"}},
}

// holderRoutes are what they say of professionals, holders and delegates; of operators, whether an RPPS may act on a mailbox.
var holderRoutes = []asking{
	{"GET /v1/me/mailboxes", "Zélie", "GET /v1/me/mailboxes", "", 200, []string{"items.*.address = zelie.exemple@medecin.formation.mssante.fr zelie@y.formation.mssante.fr", "items.*.source = national registered"}},
	{"identity = claim SubjectNameID, else preferred_username", "Zélie, by another claim", "GET /v1/me/mailboxes", "", 200, []string{"items ~ " + zelieNew}},
	{"GET /v1/me/eligibility", "Noé", "GET /v1/me/eligibility", "", 200, []string{"id = " + noe, "eligible = false", `reasons = ["already_has_one"]`}},
	{"GET /v1/me/account: none yet", "Anaïs", "GET /v1/me/account", "", 200, []string{"active = false", "contact = null"}},
	{"PUT /v1/mailboxes/{address}/delegations/{id}", "Zélie", "PUT " + boxPath + "/delegations/" + anais[1:], "", 201, []string{"state = pending", "delegate.family = ŒUVRARD-L'HÔTE", "holder.rpps = 99012345679"}},
	{"operator: may this RPPS act on this mailbox: not before it has an account", "operator", "GET " + boxPath + "/delegations/" + anais[1:] + "/rights", "", 200, []string{"scope = none", "reason = pending"}},
	{"PUT /v1/me/account", "Anaïs", "PUT /v1/me/account", `{"contact": "anais@exemple.fr", "terms": "1.0", "no_survey": true}`, 201, []string{"active = true", "no_survey = true"}},
	{"PUT /v1/me/account: If-Match", "Anaïs", "PUT /v1/me/account If-Match", `{"contact": "anais@exemple.fr", "terms": "1.0", "no_newsletter": true}`, 200, []string{"no_newsletter = true"}},
	{"GET /v1/me/account", "Anaïs", "GET /v1/me/account", "", 200, []string{"contact = anais@exemple.fr", "terms = 1.0"}},
	{"operator: may this RPPS act on this mailbox", "operator", "GET " + boxPath + "/delegations/" + anais[1:] + "/rights", "", 200, []string{"scope = whole", "allow ~ read", "deny ~ delegations"}},
	{"operator: may this RPPS act on this mailbox: of no other's", "another operator", "GET " + boxPath + "/delegations/" + anais[1:] + "/rights", "", 404, nil},
	{"GET /v1/mailboxes/{address}/delegations", "Zélie", "GET " + boxPath + "/delegations", "", 200, []string{"items.*.id = " + anais, "items.*.state = active"}},
	{"GET /v1/mailboxes/{address}/delegations/{id}", "Anaïs", "GET " + boxPath + "/delegations/" + anais, "", 200, []string{"state = active"}},
	{"own delegations: nobody else's", "Noé", "GET " + boxPath + "/delegations", "", 404, []string{"rule = not_holder"}},
	{"own delegations: a delegate removes none", "Anaïs", "DELETE " + boxPath + "/delegations/" + anais + " If-Match", "", 403, []string{"rule = delegate_may_not"}},
	{"GET /v1/me/delegations", "Anaïs", "GET /v1/me/delegations", "", 200, []string{"as = delegate", "items.*.mailbox = zelie@y.formation.mssante.fr"}},
	{"GET /v1/me/delegations: those given", "Zélie", "GET /v1/me/delegations?as=holder", "", 200, []string{"items.*.id = " + anais}},
	{"GET /v1/delegates", "Zélie", "GET /v1/delegates?name=tour&profession=60", "", 200, []string{"items.*.rpps = " + noe[1:], "items.*.given = Noé"}},
	{"GET /v1/delegates: given, postal_code, city", "Zélie", "GET /v1/delegates?given=ana%C3%AFs&postal_code=69&city=lyon", "", 200, []string{"items.*.rpps = " + anais[1:], "items.*.city = Lyon 3e Arrondissement"}},
	{"GET /v1/delegates: id", "Zélie", "GET /v1/delegates?id=" + noe, "", 200, []string{"items.*.family = TOUR"}},
	{"DELETE /v1/mailboxes/{address}/delegations/{id}", "Zélie", "DELETE " + boxPath + "/delegations/" + anais + " If-Match", "", 204, nil},
	{"own mailboxes' settings: the telephone opposition", "Zélie", "PATCH " + boxPath, `{"phone_opposed": true}`, 200, []string{"phone_opposed.holder = true"}},
	{"own mailboxes' settings: nothing that is the operator's", "Zélie", "PATCH " + boxPath, `{"rank": 2}`, 403, []string{"rule = field_not_yours"}},
	{"own mailboxes' settings: nobody else's", "Noé", "PATCH " + boxPath, `{"red_list": true}`, 404, nil},
	{"own mailboxes' settings: the red list, of one that the extract has too", "Zélie", "PATCH /v1/mailboxes/" + zelieBox, `{"red_list": true}`, 200, []string{"red_list.holder = true"}},
	{"own mailboxes' settings: then nobody sees it", "anyone", "GET /v1/mailboxes/" + zelieBox, "", 404, nil},
	{"own mailboxes' settings: until the holder lifts it", "Zélie", "PATCH /v1/mailboxes/" + zelieBox, `{"red_list": false}`, 200, []string{"published = true"}},
}

// adminRoutes are what they say of administrators: tokens and GDPR requests, by a token and through the control socket.
var adminRoutes = []asking{
	{"tokens: POST /v1/tokens", "admin", "POST /v1/tokens", `{"name": "éditeur", "roles": ["reader"], "days": 30}`, 201, []string{"secret ~ ann_", "roles.0 = reader"}},
	{"tokens: GET /v1/tokens, without secrets", "admin", "GET /v1/tokens", "", 200, []string{" ~ éditeur", "items.0.secret !"}},
	{"GDPR requests: GET /v1/persons/{id}/held", "admin", "GET /v1/persons/" + anais + "/held?reason=demande", "", 200, []string{"account.contact = anais@exemple.fr"}},
	{"GDPR requests: DELETE /v1/persons/{id}/held", "local", "DELETE /v1/persons/" + anais + "/held?reason=demande", "", 200, []string{"account = true", "kept.0.what = audit"}},
	{"GDPR requests: nothing is left", "local", "GET /v1/persons/" + anais + "/held?reason=demande", "", 200, []string{"account = null"}},
}

func (c *contract) writes(t *testing.T) {
	c.asks(t, operatorRoutes)
	t.Run("operator: POST /v1/mailboxes/batch", func(t *testing.T) {
		lines := strings.Replace(newOrg, "{", `{"address": "lot@y.formation.mssante.fr", `, 1) + "\n" + strings.Replace(newOrg, "{", `{"address": "lot@z.formation.mssante.fr", `, 1) + "\n"
		got := c.ask(t, "operator", "POST /v1/mailboxes/batch", lines, "Content-Type", "application/x-ndjson")
		got.says(t, 200, ` ~ "address":"lot@y.formation.mssante.fr","outcome":"created"`, ` ~ "rule":"domain_not_yours"`, ` ~ "created":1`)
	})
	t.Run("operator: a batch is not done by anybody else", func(t *testing.T) {
		c.ask(t, "reader", "POST /v1/mailboxes/batch", newOrg, "Content-Type", "application/x-ndjson").says(t, 403, "rule = role_lacking")
	})
	t.Run("whatever is withdrawn disappears at once, from later pages too", func(t *testing.T) {
		page := c.ask(t, "anyone", "GET /v1/mailboxes?limit=1", "")
		first, _ := valueAt(page.body, "items.0.address")
		c.ask(t, "operator", "PATCH "+boxPath, `{"red_list": true}`).says(t, 200)
		seen, next := 0, ""
		for next, _ = valueAt(page.body, "next"); next != "null"; next, _ = valueAt(page.body, "next") {
			page = c.ask(t, "anyone", "GET "+next, "")
			page.says(t, 200)
			if seen++; strings.Contains(page.body, zelieNew) {
				t.Error("a later page has it")
			}
		}
		if first == zelieNew || seen < 5 {
			t.Error(first, seen)
		}
		c.ask(t, "operator", "PATCH "+boxPath, `{"red_list": false}`).says(t, 200)
	})
	c.asks(t, []asking{{"operator: DELETE /v1/mailboxes/{address}", "operator", "DELETE /v1/mailboxes/lot@y.formation.mssante.fr If-Match Idempotency-Key: k4", "", 204, nil}})
	c.asks(t, holderRoutes)
	t.Run("GET /v1/me/delegations: limit, cursor", func(t *testing.T) {
		var seen []string
		for _, to := range []string{anais, ambroise} {
			c.ask(t, "Zélie", "PUT "+boxPath+"/delegations/"+to, "").says(t, 201)
		}
		for next := "/v1/me/delegations?as=holder&limit=1"; next != "null"; {
			got := c.ask(t, "Zélie", "GET "+next, "")
			got.says(t, 200, "items.# = 1")
			id, _ := valueAt(got.body, "items.0.id")
			seen = append(seen, id)
			next, _ = valueAt(got.body, "next")
		}
		if sorted(strings.Join(seen, " ")) != ambroise+" "+anais {
			t.Error(seen)
		}
	})
	c.asks(t, adminRoutes)
	t.Run("tokens: DELETE /v1/tokens/{id}", func(t *testing.T) {
		made := c.ask(t, "local", "POST /v1/tokens", `{"name": "bref", "roles": ["reader"]}`)
		id, _ := valueAt(made.body, "id")
		secret, _ := valueAt(made.body, "secret")
		c.who["whom it was given to"] = somebody{token: secret, client: c.who["anyone"].client, url: c.url}
		c.ask(t, "whom it was given to", "GET /v1/export/mailboxes", "").says(t, 200)
		c.ask(t, "admin", "DELETE /v1/tokens/"+id, "").says(t, 200, "revoked ~ 20")
		c.ask(t, "whom it was given to", "GET /v1/export/mailboxes", "").says(t, 401, "rule = token_revoked")
	})
}

// synced holds sync and gates, over REST, against DESIGN 8 and 10: what is in its folder is a day on which one of five people has left.
func (c *contract) synced(t *testing.T) {
	contractExtracts(t, c.next, 3)
	settled := func(state string) {
		t.Helper()
		until(t, func() bool {
			got, _ := valueAt(c.ask(t, "admin", "GET /v1/sync/runs?limit=1", "").body, "items.0.state")
			return got == state
		})
	}
	c.asks(t, []asking{{"sync: POST /v1/sync/runs", "admin", "POST /v1/sync/runs", "{}", 202, []string{"run = 000003"}}})
	settled("awaiting_approval")
	c.asks(t, []asking{
		{"gates: nothing has changed", "anyone", "GET /v1/professionals/" + paul, "", 200, nil},
		{"gates: POST /v1/sync/runs/{id}/abort", "admin", "POST /v1/sync/runs/000003/abort", `{"reason": "non"}`, 200, []string{"state = aborted", "decision.reason = non"}},
		{"sync: again", "local", "POST /v1/sync/runs", "{}", 202, []string{"run = 000004"}},
	})
	settled("awaiting_approval")
	c.asks(t, []asking{{"gates: POST /v1/sync/runs/{id}/approve", "admin", "POST /v1/sync/runs/000004/approve", `{"reason": "vu"}`, 202, []string{"run = 000004"}}})
	settled("published")
	c.asks(t, []asking{{"gates: what was approved is what is shown", "anyone", "GET /v1/professionals/" + paul, "", 410, nil}})
}
