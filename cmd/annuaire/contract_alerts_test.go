package main

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// doctors are four, with Noé, whose mailbox is none of a training domain; three can be reached.
const doctors = `profession:médecin,infirmier`

// audienceRoutes and alertRoutes are what DESIGN 8 and 10 say of the health authority, in the order in which it happens.
var audienceRoutes = []asking{
	{"POST /v1/audiences/preview", "author", "POST /v1/audiences/preview", `{"text": "` + doctors + `"}`, 200, []string{"selected = 4", "published = 3", "coarse = true"}},
	{"only alert:addresses sees how many are on the red list", "addresses", "POST /v1/audiences/preview", `{"text": "` + doctors + `"}`, 200, []string{"coarse = false", "red_listed = 0"}},
	{"PUT /v1/audiences/{name}", "author", "PUT /v1/audiences/essai", `{"title": "Essai", "text": "` + doctors + `"}`, 201, []string{"version = 1"}},
	{"GET /v1/audiences", "approver", "GET /v1/audiences", "", 200, []string{"items.*.name = essai"}},
	{"GET /v1/audiences/{name}", "approver", "GET /v1/audiences/essai", "", 200, []string{"tree.where.field = profession", `tree.where.values = ["médecin","infirmier"]`}},
	{"POST /v1/audiences/{name}/preview", "author", "POST /v1/audiences/essai/preview", "", 200, []string{"selected = 4"}},
	{"GET /v1/audiences/{name}/unreachable", "author", "GET /v1/audiences/essai/unreachable", "", 200, []string{" ~ " + ambroise}},
	{"PUT /v1/audiences/{name}: If-Match", "author", "PUT /v1/audiences/essai If-Match", `{"title": "Essai 2", "text": "` + doctors + `"}`, 200, []string{"version = 2"}},
	{"GET /v1/audiences/{name}: version", "author", "GET /v1/audiences/essai?version=1", "", 200, []string{"title = Essai"}},
	{"GET /v1/audiences/{name}/unreachable: format", "author", "GET /v1/audiences/essai/unreachable?format=csv", "", 200, []string{" ~ id,rpps,"}},
	{"DELETE /v1/audiences/{name}", "author", "DELETE /v1/audiences/essai If-Match", "", 204, nil},
}

var alertRoutes = []asking{
	{"GET /v1/alerts/{id}", "approver", "GET /v1/alerts/{alert}", "", 200, []string{"state = draft", "title.fr = Rougeole"}},
	{"GET /v1/alerts: before, limit", "approver", "GET /v1/alerts?limit=1&before={alert}", "", 200, []string{"items = []"}},
	{"GET /v1/alerts", "approver", "GET /v1/alerts", "", 200, []string{"items.*.id = {alert}"}},
	{"PUT /v1/alerts/{id}", "author", "PUT /v1/alerts/{alert} If-Match", "{draft}", 200, []string{"area = Lozère"}},
	{"GET /v1/alerts/{id}/preview", "author", "GET /v1/alerts/{alert}/preview", "", 200, []string{"selected = 4", "messages = 3", "everyone = true", "subject ~ [FORMATION] DGS"}},
	{"GET /v1/alerts/{id}/cap", "author", "GET /v1/alerts/{alert}/cap", "", 200, []string{" ~ urn:oasis:names:tc:emergency:cap:1.2"}},
	{"POST /v1/alerts/{id}/submit: not before it was tested", "author", "POST /v1/alerts/{alert}/submit", `{"everyone": true}`, 409, []string{"rule = test_missing"}},
	{"POST /v1/alerts/{id}/test", "author", "POST /v1/alerts/{alert}/test If-Match /v1/alerts/{alert}", "", 200, []string{"tested_at ~ 20"}},
	{"POST /v1/alerts/{id}/submit", "author", "POST /v1/alerts/{alert}/submit If-Match /v1/alerts/{alert}", `{"everyone": true}`, 200, []string{"state = submitted"}},
	{"POST /v1/alerts/{id}/reject", "approver", "POST /v1/alerts/{alert}/reject If-Match /v1/alerts/{alert}", `{"reason": "à préciser"}`, 200, []string{"state = draft", "reason = à préciser"}},
	{"POST /v1/alerts/{id}/submit: again", "author", "POST /v1/alerts/{alert}/submit If-Match /v1/alerts/{alert}", `{"everyone": true}`, 200, []string{"state = submitted"}},
	{"author and approver differ", "the author with another token", "POST /v1/alerts/{alert}/approve", `{"everyone": true}`, 403, []string{"rule = approver_is_author"}},
}

// sentRoutes are those of an alert that is sent.
var sentRoutes = []asking{
	{"GET /v1/alerts/{id}/report", "approver", "GET /v1/alerts/{alert}/report", "", 200, []string{"counts.recipients = 3", "counts.accepted = 2"}},
	{"only alert:addresses sees addresses: GET /v1/alerts/{id}/recipients", "addresses", "GET /v1/alerts/{alert}/recipients", "", 200, []string{"items.# = 3", "items ~ @medecin.formation.mssante.fr"}},
	{"GET /v1/alerts/{id}/report: format", "approver", "GET /v1/alerts/{alert}/report?format=csv", "", 200, []string{" ~ recipients,queued"}},
	{"GET /v1/alerts/{id}/recipients: after, limit, state, format", "addresses", "GET /v1/alerts/{alert}/recipients?after=0&limit=1&state=skipped&format=json", "", 200, []string{"items.*.address = " + realBox}},
	{"GET /v1/alerts/{id}/evidence: format", "approver", "GET /v1/alerts/{alert}/evidence?format=html", "", 200, []string{" ~ <html"}},
	{"training writes mail only to *.formation.mssante.fr", "approver", "GET /v1/alerts/{alert}/report", "", 200, []string{"counts.skipped = 1", "counts.failed = 0"}},
	{"only alert:addresses sees addresses: not the author", "author", "GET /v1/alerts/{alert}/recipients", "", 403, []string{"rule = role_lacking"}},
	{"only alert:addresses sees addresses: not the approver", "approver", "GET /v1/alerts/{alert}/recipients", "", 403, []string{"rule = role_lacking"}},
	{"POST /v1/alerts/{id}/deliveries", "author", "POST /v1/alerts/{alert}/deliveries", `{"items": [{"message_id": "{message}", "status": "delivered"}]}`, 200, []string{"recorded = 1", "unknown = 0"}},
	{"GET /v1/alerts/{id}/acknowledge/{link}: records nothing", "anyone", "GET {link}", "", 200, []string{"title.fr = Rougeole", "acknowledged !"}},
	{"POST /v1/alerts/{id}/acknowledge/{link}", "anyone", "POST {link}", "", 200, []string{"acknowledged ~ 20"}},
	{"GET /v1/alerts/{id}/acknowledgements", "approver", "GET /v1/alerts/{alert}/acknowledgements", "", 200, []string{"acknowledged = 1", "accepted = 2"}},
	{"GET /v1/alerts/{id}/evidence", "approver", "GET /v1/alerts/{alert}/evidence", "", 200, []string{"alert.frozen.count = 3", "alert.authors.0.name = author", "alert.approver.name = approver", "report.counts.delivered = 1"}},
	{"GET /v1/alerts/public", "anyone", "GET /v1/alerts/public", "", 200, []string{"items.*.id = {alert}", "items.0.audience !"}},
	{"GET /v1/alerts/public: before, limit", "anyone", "GET /v1/alerts/public?limit=1&before={alert}", "", 200, []string{"items = []"}},
	{"GET /v1/alerts/public/{id}: format", "anyone", "GET /v1/alerts/public/{alert}?format=cap", "", 200, []string{" ~ <identifier>"}},
	{"GET /v1/alerts/public/{id}", "anyone", "GET /v1/alerts/public/{alert}", "", 200, []string{"issuer = DGS", "title.fr = Rougeole"}},
	{"POST /v1/alerts/{id}/cancel: what is sent cannot be taken back", "approver", "POST /v1/alerts/{alert}/cancel", `{"reason": "non"}`, 409, []string{"rule = wrong_state"}},
}

func (c *contract) alerts(t *testing.T) {
	c.asks(t, audienceRoutes)
	c.named["draft"] = `{"title": {"fr": "Rougeole"}, "summary": {"fr": "Vérifiez."}, "text": {"fr": "Des cas."}, "severity": "severe", "legal": "Article L. 4001-2", "area": "Lozère", "public": true, "audience": "` + doctors +
		`", "expires": "` + time.Now().Add(48*time.Hour).UTC().Format(time.RFC3339) + `"}`
	draft := func(t *testing.T) string {
		t.Helper()
		made := c.ask(t, "author", "POST /v1/alerts", "{draft}")
		made.says(t, 201, "state = draft")
		id, _ := valueAt(made.body, "id")
		return id
	}
	t.Run("POST /v1/alerts", func(t *testing.T) { c.named["alert"] = draft(t) })
	c.asks(t, alertRoutes)
	c.mail.mu.Lock() // the relay takes no message for now
	c.asks(t, []asking{
		{"POST /v1/alerts/{id}/approve", "approver", "POST /v1/alerts/{alert}/approve If-Match /v1/alerts/{alert}", `{"everyone": true}`, 200, []string{"frozen.count = 3", "approver.name = approver"}},
		{"POST /v1/alerts/{id}/pause", "author", "POST /v1/alerts/{alert}/pause If-Match /v1/alerts/{alert}", "", 200, []string{"state = paused"}},
		{"POST /v1/alerts/{id}/resume", "approver", "POST /v1/alerts/{alert}/resume If-Match /v1/alerts/{alert}", "", 200, nil},
	})
	c.mail.mu.Unlock()
	until(t, func() bool {
		state, _ := valueAt(c.ask(t, "author", "GET /v1/alerts/{alert}", "").body, "state")
		return state == "sent"
	})
	letters := c.mail.byRecipient()
	message := strings.ReplaceAll(letters[zelieNew][0].whole, "=\r\n", "")
	if len(letters[realBox]) > 0 {
		t.Error("training writes to", realBox)
	}
	id := regexp.MustCompile(`Message-ID: <(\S+)>`).FindStringSubmatch(message)[1]
	if link := regexp.MustCompile(`https://annuaire\.example(/v1/alerts/[-\w]+/acknowledge/[-\w]+)`).FindStringSubmatch(message); link != nil {
		c.named["link"], c.named["message"] = link[1], id
	} else {
		t.Fatal(message)
	}
	c.asks(t, sentRoutes)
	t.Run("POST /v1/alerts/{id}/cancel", func(t *testing.T) {
		c.named["alert"] = draft(t)
		c.ask(t, "author", "POST /v1/alerts/{alert}/cancel If-Match /v1/alerts/{alert}", `{"reason": "sans objet"}`).says(t, 200, "state = cancelled", "reason = sans objet")
	})
}
