package api

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"annuaire"
)

func someBoxes() *fakeRegistry {
	at := extractTime
	x, y := "x.formation.mssante.fr", "y.formation.mssante.fr"
	return newRegistry(
		annuaire.Registered{Address: "active@" + x, Kind: annuaire.KindORG, Operator: x},
		annuaire.Registered{Address: "closed@" + x, Kind: annuaire.KindORG, Operator: x, Closed: at},
		annuaire.Registered{Address: "orphan@" + x, Kind: annuaire.KindPER, Operator: x, Orphaned: at, Holder: "899000000041"},
		annuaire.Registered{Address: "suspended@" + x, Kind: annuaire.KindCAB, Operator: x, Suspended: true}, red,
		annuaire.Registered{Address: "far@" + y, Kind: annuaire.KindPER, Operator: y, Holder: "899012345679"})
}

func TestMyMailboxes(t *testing.T) {
	r := someBoxes()
	s := boxServer(r)
	list := func(t *testing.T, query, secret string) (got string, next *string) {
		t.Helper()
		w := write(s, "GET", "/v1/me/mailboxes"+query, "", secret)
		var body struct {
			Items []struct{ Address, ETag string }
			Next  *string
		}
		if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || w.Code != 200 {
			t.Fatal(w.Code, w.Body)
		}
		for _, it := range body.Items {
			if it.ETag == "" {
				t.Error("no tag:", it)
			}
			name, _, _ := strings.Cut(it.Address, "@")
			got += name + " "
		}
		return strings.TrimSpace(got), body.Next
	}
	for _, tt := range []struct{ rule, query, secret, want string }{
		{"an operator has all of its domains", "", "op", "active closed orphan red suspended"},
		{"another operator has its own", "", "op2", "far"},
		{"an administrator has all", "", "admin", "active closed far orphan red suspended"},
		{"or those of a domain", "?domain=y.formation.mssante.fr", "admin", "far"},
		{"a professional has their own, hidden ones and those of every operator", "", "pro", "far red"},
		{"another professional theirs", "", "pro2", "orphan"},
		{"orphaned ones", "?state=orphaned", "op", "orphan"},
		{"suspended or closed ones", "?state=suspended,closed", "op", "closed suspended"},
		{"those on the red list", "?state=red_listed", "op", "red"},
		{"active ones, on the red list or not", "?state=active", "op", "active red"},
		{"of a kind", "?kind=ORG", "op", "active closed"},
		{"after one", "?after=orphan@x.formation.mssante.fr", "op", "red suspended"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got, next := list(t, tt.query, tt.secret); got != tt.want || next != nil {
				t.Errorf("%q, want %q; next %v", got, tt.want, next)
			}
		})
	}
	t.Run("pages follow each other, under the same criteria", func(t *testing.T) {
		for secret, want := range map[string]string{"op": "active closed red ", "pro": "far red "} {
			query, all := "?limit=1&state=active,closed", ""
			for query != "" {
				got, next := list(t, query, secret)
				all += got + " "
				if query = ""; next != nil {
					query = strings.TrimPrefix(*next, "/v1/me/mailboxes")
				}
			}
			if all != want {
				t.Errorf("%q, want %q", all, want)
			}
		}
	})
	for _, tt := range []struct {
		rule, query, secret string
		status              int
		has                 string
	}{
		{"the domain of another is not told of", "?domain=y.formation.mssante.fr", "op", 403, "domain_not_yours"},
		{"a state that is none is a mistake", "?state=dead", "op", 400, "state"},
		{"so is a domain that is none", "?domain=x", "op", 400, "domain"},
		{"and a parameter that is none", "?stat=active", "op", 400, `"nearest":"state"`},
		{"a reader has no boxes", "", "reader", 403, ""},
		{"nobody unknown has", "", "", 401, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if w := write(s, "GET", "/v1/me/mailboxes"+tt.query, "", tt.secret); w.Code != tt.status || !strings.Contains(w.Body.String(), tt.has) {
				t.Error(w.Code, w.Body)
			}
		})
	}
}

func TestMyIndicators(t *testing.T) {
	s := boxServer(someBoxes())
	for _, tt := range []struct {
		rule, query, secret string
		status              int
		has                 string
	}{
		{"the month under way", "", "op", 200, `{"month":"2026-11","items":[{"domain":"x.formation.mssante.fr","from":"2026-11-01T00:00:00Z","to":"2026-12-01T00:00:00Z","boxes":{"PER":2},"created":1,"closed":0,"orphaned":0,"red_list":0}]}`},
		{"another month", "?month=2026-02", "op", 200, `"from":"2026-02-01T00:00:00Z","to":"2026-03-01T00:00:00Z"`},
		{"as a table", "?format=csv", "op", 200, "month,domain,per,org,cab,app,red_list,created,closed,orphaned\r\n2026-11,x.formation.mssante.fr,2,0,0,0,0,1,0,0\r\n"},
		{"a month that has not begun", "?month=2026-12", "op", 400, "month"},
		{"a month that is none", "?month=november", "op", 400, "2026-11"},
		{"the domain of another", "?domain=y.formation.mssante.fr", "op", 403, "domain_not_yours"},
		{"an administrator, of a domain", "?domain=y.formation.mssante.fr", "admin", 200, `"domain":"y.formation.mssante.fr"`},
		{"a professional has none", "", "pro", 403, ""},
		{"nor has a reader", "", "reader", 403, ""},
		{"nor anybody unknown", "", "", 401, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if w := write(s, "GET", "/v1/me/indicators"+tt.query, "", tt.secret); w.Code != tt.status || !strings.Contains(w.Body.String(), tt.has) {
				t.Error(w.Code, w.Body)
			}
		})
	}
}

func TestMyEligibility(t *testing.T) {
	s := boxServer(newRegistry())
	for _, tt := range []struct {
		rule, query, secret string
		status              int
		has                 string
	}{
		{"a professional asks about themselves", "", "pro", 200, `{"id":"899012345679","eligible":true,"reasons":[],"detail":[],"cards_as_of":"` + extractTime.Format(time.RFC3339) + `"}`},
		{"and not about another", "?rpps=99000000041", "pro", 403, ""},
		{"an operator asks about anyone", "?rpps=99012345679", "op", 200, `"eligible":true`},
		{"every reason is told, in words too", "?rpps=99000000041", "op", 200, `"eligible":false,"reasons":["unknown"],"detail":["aucun professionnel`},
		{"that no extract of cards is known is told", "?rpps=99000000041", "op", 200, `"cards_as_of":null`},
		{"about somebody", "", "op", 400, "rpps"},
		{"who has a number", "?rpps=1", "op", 400, "rpps"},
		{"a reader asks about nobody", "?rpps=99012345679", "reader", 403, ""},
		{"nor does anybody unknown", "?rpps=99012345679", "", 401, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if w := write(s, "GET", "/v1/me/eligibility"+tt.query, "", tt.secret); w.Code != tt.status || !strings.Contains(w.Body.String(), tt.has) {
				t.Error(w.Code, w.Body)
			}
		})
	}
}
