package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// may is a row of DESIGN 10: who may do what. What they do is in the tables of the routes; here, everybody who is in no row of an operation tries
// it, and is refused.
type may struct {
	line  string
	who   []string // nil: anyone
	ops   string   // operations of /openapi.yaml
	owner bool     // what they may is theirs alone: a domain, a mailbox
}

var mays = []may{
	{"anyone: search and read what is published", nil, `GET /v1/(professionals|structures|mailboxes|suggest)(/\{\w+\})?|GET /v1/professionals/\{id\}/history|POST /v1/professionals/(lookup|verify)|POST /v1/mailboxes/published`, false},
	{"anyone: how the service does", nil, `GET /(healthz|readyz|metrics|openapi.yaml|docs)|GET /v1/sync/runs.atom`, false},
	{"anyone: alerts meant for the public, a link that was received", nil, `GET /v1/alerts/public(/\{id\})?|(GET|POST) /v1/alerts/\{id\}/acknowledge/\{link\}`, false},
	{"reader: export, changes; structure: as reader", []string{"reader", "structure", "operator", "another operator", "registrar", "author", "approver", "addresses", "admin", "local"}, `GET /v1/(changes|export/\w+)`, false},
	{"operator: write mailboxes of its domains", []string{"operator", "another operator", "admin", "local"}, `(PUT|DELETE) /v1/mailboxes/\{address\}|POST /v1/mailboxes/batch|GET /v1/me/indicators`, true},
	{"operator: write mailboxes of its domains, read back all it wrote; professional: own mailboxes' settings", []string{"operator", "another operator", "admin", "local", "Zélie", "Noé"},
		`PATCH /v1/mailboxes/\{address\}|GET /v1/mailboxes/\{address\}/history|GET /v1/me/(mailboxes|eligibility)|GET /v1/mailboxes/\{address\}/delegations(/\{id\})?|GET /v1/delegates`, true},
	{"operator: ask may this RPPS act on this mailbox", []string{"operator", "another operator", "admin", "local"}, `GET /v1/mailboxes/\{address\}/delegations/\{id\}/rights`, true},
	{"registrar: hand over social-care staff", []string{"registrar"}, `PUT /v1/staff/\{id\}`, false},
	{"professional: own delegations", []string{"Zélie", "Noé", "admin", "local"}, `(PUT|DELETE) /v1/mailboxes/\{address\}/delegations/\{id\}`, true},
	{"professional: own account", []string{"Zélie", "Noé"}, `GET /v1/me/delegations|(GET|PUT) /v1/me/account`, false},
	{"health authority: alerts", []string{"author", "approver", "addresses"}, `GET /v1/alerts(/\{id\}(/(preview|report|acknowledgements|evidence|cap))?)?|GET /v1/audiences(/\{name\}(/unreachable)?)?|POST /v1/audiences/(\{name\}/)?preview`, false},
	{"health authority: author", []string{"author"}, `POST /v1/alerts|PUT /v1/alerts/\{id\}|POST /v1/alerts/\{id\}/(test|submit)|(PUT|DELETE) /v1/audiences/\{name\}`, false},
	{"health authority: approver", []string{"approver"}, `POST /v1/alerts/\{id\}/(approve|reject|resume)`, false},
	{"health authority: author or approver", []string{"author", "approver"}, `POST /v1/alerts/\{id\}/(pause|cancel|deliveries)`, false},
	{"health authority: only the last sees addresses", []string{"addresses"}, `GET /v1/alerts/\{id\}/recipients`, false},
	{"administrator: sync, gates, tokens, GDPR requests, the audit", []string{"admin", "local"}, `\w+ /v1/(sync/runs(/\{id\})?(/approve|/abort)?|tokens(/\{id\})?|persons/\{id\}/held|audit)`, false},
}

// spares are second selves of others.
var spares = []string{"the author with another token", "whom it was given to", "Anaïs", "Zélie, by another claim", "structure, by SIRET", "structure, by RPPS-rang", "operator, by certificate"}

// everyoneElse has whoever may not do something try it: every operation of /openapi.yaml, by every row of DESIGN 10.
func (c *contract) everyoneElse(t *testing.T) {
	rows := map[string]int{}
	for path, item := range c.stated {
		for method, op := range item {
			name := method + " " + path
			i := slices.IndexFunc(mays, func(m may) bool { return regexp.MustCompile("^(" + m.ops + ")$").MatchString(name) })
			if i < 0 {
				t.Errorf("DESIGN 10 does not say who may %s", name)
				continue
			}
			rows[mays[i].line]++
			t.Run(mays[i].line+": "+name, func(t *testing.T) {
				url, body := requestOf(path, op)
				for who := range c.who {
					if mays[i].who == nil || slices.Contains(mays[i].who, who) || slices.Contains(spares, who) {
						continue // what they may is done elsewhere
					}
					got := c.ask(t, who, method+" "+url, body)
					if who == "anyone" && got.code != 401 || who != "anyone" && (got.code != 403 || rule(got.body) != "role_lacking") {
						t.Errorf("%s may not, and gets %d %s", who, got.code, got.body)
					}
				}
				for _, stranger := range []string{"another operator", "Noé"} {
					if !mays[i].owner || !slices.Contains(mays[i].who, stranger) || !strings.Contains(path, "{address}") {
						continue
					}
					if got := c.ask(t, stranger, method+" "+url, body); got.code < 400 {
						t.Errorf("%s gets %d for what is not theirs", stranger, got.code)
					}
				}
			})
		}
	}
	for _, m := range mays {
		if rows[m.line] == 0 {
			t.Errorf("%q: no operation", m.line)
		}
	}
}

// audited holds the audit against DESIGN 10: every write, and every read of something unpublished, is in it: who, what, when, from where, before and after.
func (c *contract) audited(t *testing.T) {
	got := c.ask(t, "admin", "GET /v1/audit", "")
	got.says(t, 200)
	acts := map[string]map[string]any{}
	for line := range strings.Lines(got.body) {
		var l map[string]any
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err, line)
		}
		acts[fmt.Sprint(l["what"])] = l
	}
	for _, act := range []string{"mailbox.create", "mailbox.change", "mailbox.delete", "mailbox.read", "mailbox.list", "mailbox.history", "eligibility.read", "staff.hand_over", "delegation.add", "delegation.remove", "delegation.list", "delegation.check",
		"account.put", "account.read", "token.create", "token.revoke", "token.read", "person.export", "person.erase", "sync.start", "sync.abort", "sync.approve", "audience.create", "audience.remove", "audience.preview", "audience.unreachable",
		"alert.create", "alert.edit", "alert.preview", "alert.test", "alert.submit", "alert.reject", "alert.approve", "alert.pause", "alert.resume", "alert.cancel", "alert.recipients", "audit.read"} {
		t.Run(act, func(t *testing.T) {
			l, written := acts[act]
			if !written {
				t.Fatal("it is not among", slices.Sorted(maps.Keys(acts)))
			}
			for _, key := range []string{"who", "what", "time", "from"} {
				if l[key] == nil || l[key] == "" {
					t.Errorf("no %s in %v", key, l)
				}
			}
		})
	}
	t.Run("before and after", func(t *testing.T) {
		l := acts["mailbox.change"]
		before, _ := json.Marshal(l["before"])
		after, _ := json.Marshal(l["after"])
		if l["before"] == nil || l["after"] == nil || bytes.Equal(before, after) {
			t.Error(l)
		}
	})
}
