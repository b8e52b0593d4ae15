package main

import (
	"strings"
	"testing"
)

// structureQuestions are the parameters of GET /v1/structures, and what they find.
var structureQuestions = []found{
	{"q", "q=cabinet exemple", "R10000000000001"},
	{"name", "name=hopital de lyon", "F690000021"},
	{"id", "id=F480000017", "F480000017"},
	{"sector", "sector=SA07", "R10000000000001 R10000000000002"},
	{"setting", "setting=hopital", "F480000017 F690000021"},
	{"structure", "structure=osteo", "R10000000000002"},
	{"structure, by its other name", "structure=hopital lozere", "F480000017"},
	{"finess", "finess=690000021", "F690000021"},
	{"finess, of the legal entity", "finess=480000009", "F480000017"},
	{"siret", "siret=26480001700015", "F480000017"},
	{"siren", "siren=264800017", "F480000017"},
	{"street", "street=lilas", "R10000000000001"},
	{"city", "city=lyon", "F690000021"},
	{"postal_code", "postal_code=75004", "R10000000000002"},
	{"insee", "insee=48095", "F480000017 R10000000000001"},
	{"department", "department=Rhône", "F690000021"},
	{"region", "region=Occitanie", "F480000017 R10000000000001"},
	{"match", "match=exact&structure=hopital", ""},
}

// mailboxQuestions are those of GET /v1/mailboxes.
var mailboxQuestions = []found{
	{"q", "q=exemple", zelieBox},
	{"q: the service of a structure", "q=urgences mende", orgBox},
	{"q: an export leaves out what the search leaves out", "q=zzyzx mende", cabBox + " " + appBox + " " + orgBox},
	{"name", "name=zélie exemple", zelieBox},
	{"family", "family=tour", realBox},
	{"given", "given=noé", realBox},
	{"id", "id=" + zelie, zelieBox},
	{"rpps", "rpps=" + noe[1:], realBox},
	{"mailbox", "mailbox=" + anaisNext, anaisNext},
	{"kind", "kind=APP,ORG", appBox + " " + orgBox},
	{"profession", "profession=60", realBox},
	{"structure", "structure=centre hospitalier de mende", cabBox + " " + appBox + " " + orgBox},
	{"finess", "finess=480000017&kind=ORG", orgBox},
	{"siret", "siret=26480001700015", ""},
	{"city", "city=mende&kind=ORG", orgBox},
	{"postal_code", "postal_code=48&kind=APP", appBox},
	{"department", "department=48&kind=CAB", cabBox},
	{"region", "region=76&kind=CAB", cabBox},
	{"match", "match=exact&family=tou", ""},
}

// pageParameters are those that say how to answer, and those of other routes.
var pageParameters = []asking{
	{"fields", "anyone", "GET /v1/professionals/" + zelie + "?fields=id", "", 200, []string{` = {"id":"` + zelie + `"}` + "\n"}},
	{"fields, of many", "anyone", "POST /v1/professionals/lookup?fields=family", `{"ids": ["` + zelie + `"]}`, 200, []string{`items = [{"family":"EXEMPLE"}]`}},
	{"fields, of a structure", "anyone", "GET /v1/structures/F690000021?fields=name", "", 200, []string{` = {"name":"HOPITAL DE LYON"}` + "\n"}},
	{"fields, of a mailbox", "anyone", "GET /v1/mailboxes/" + zelieBox + "?fields=kind", "", 200, []string{` = {"kind":"PER"}` + "\n"}},
	{"structures: sort, limit, fields, explain", "anyone", "GET /v1/structures?city=mende&sort=name&limit=1&fields=id&explain=true", "", 200, []string{`items = [{"id":"R10000000000001"}]`, "explain.sort = name", "next ~ cursor="}},
	{"mailboxes: sort, limit, fields, explain", "anyone", "GET /v1/mailboxes?kind=PER&sort=name&limit=1&fields=address&explain=true", "", 200, []string{`items = [{"address":"` + anaisNext + `"}]`, "explain.sort = name", "next ~ cursor="}},
	{"suggest: limit, kinds", "anyone", "GET /v1/suggest?q=exem&limit=1&kinds=structure", "", 200, []string{"items.*.kind = structure"}},
	{"changes: since, limit", "reader", "GET /v1/changes?since=1&limit=1", "", 200, []string{"seq = 2"}},
	{"export: format, after", "reader", "GET /v1/export/professionals?format=ndjson&fields=id&after=" + anais, "", 200, []string{"id = " + zelie}},
	{"export of structures: format, after, fields", "reader", "GET /v1/export/structures?format=ndjson&fields=id&after=R10000000000001", "", 200, []string{` = {"id":"R10000000000002"}` + "\n"}},
	{"export of structures: CSV", "reader", "GET /v1/export/structures?format=csv&city=lyon", "", 200, []string{" ~ F690000021,HOPITAL DE LYON,"}},
	{"export of mailboxes: format, after, fields", "reader", "GET /v1/export/mailboxes?format=ndjson&fields=address&after=" + realBox, "", 200, []string{"address ~ @"}},
	{"export of mailboxes: CSV", "reader", "GET /v1/export/mailboxes?format=csv&kind=ORG", "", 200, []string{" ~ " + orgBox + ",ORG,"}},
	{"audit: since, until, who, what, last", "admin", "GET /v1/audit?since=2000-01-01T00:00:00Z&until=2100-01-01T00:00:00Z&who=local&what=token&last=1", "", 200, []string{"what = token.create", "who = local"}},
	{"runs: before, limit", "admin", "GET /v1/sync/runs?before=000002&limit=1", "", 200, []string{"items.*.run = 000001"}},
}

// filters holds the parameters of structures, mailboxes and exports against DESIGN 8; an export finds what the search finds.
func (c *contract) filters(t *testing.T) {
	for _, of := range []struct {
		route, key string
		questions  []found
	}{{"structures", "id", structureQuestions}, {"mailboxes", "address", mailboxQuestions}, {"professionals", "given", searchParameters}} {
		for _, tt := range of.questions {
			t.Run(of.route+": "+tt.line, func(t *testing.T) {
				got := c.ask(t, "anyone", "GET /v1/"+of.route+"?"+spaced(tt.query), "")
				got.says(t, 200, "total = "+count(tt.who))
				if who, _ := valueAt(got.body, "items.*."+of.key); sorted(who) != sorted(tt.who) {
					t.Errorf("%q, want %q", sorted(who), tt.who)
				}
				exported, lines := c.ask(t, "reader", "GET /v1/export/"+of.route+"?"+spaced(tt.query), ""), ""
				for l := range strings.Lines(exported.body) {
					id, _ := valueAt(l, of.key)
					lines += id + " "
				}
				if exported.code != 200 || sorted(lines) != sorted(tt.who) {
					t.Errorf("exported: %d %q", exported.code, lines)
				}
			})
		}
	}
	c.asks(t, pageParameters)
	for _, first := range []string{"/v1/structures?limit=1&sort=name", "/v1/mailboxes?limit=1&sort=name"} {
		t.Run("cursor: "+first, func(t *testing.T) {
			total, _ := valueAt(c.ask(t, "anyone", "GET "+first, "").body, "total")
			seen := map[string]bool{}
			for next := first; next != "null"; {
				got := c.ask(t, "anyone", "GET "+next, "")
				item, _ := valueAt(got.body, "items.0")
				if got.code != 200 || seen[item] {
					t.Fatal(got)
				}
				seen[item] = true
				next, _ = valueAt(got.body, "next")
			}
			if count(strings.Repeat("x ", len(seen))) != total {
				t.Error(len(seen), total)
			}
		})
	}
	t.Run("Last-Event-ID", func(t *testing.T) {
		c.ask(t, "reader", "GET /v1/changes", "", "Accept", "text/event-stream", "Last-Event-ID", "1").says(t, 200, " ~ id: 2")
	})
}
