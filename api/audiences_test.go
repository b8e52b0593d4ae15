package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"annuaire"
)

// fakeAudiences has one audience, rougeole-69 at version 2, and records what it is asked.
type fakeAudiences struct{ asked *[]string }

func (f fakeAudiences) note(parts ...any) {
	if f.asked != nil {
		*f.asked = append(*f.asked, strings.TrimSpace(fmt.Sprintln(parts...)))
	}
}

func (f fakeAudiences) is(name string) (annuaire.SavedAudience, error) {
	if name != "rougeole-69" {
		return annuaire.SavedAudience{}, annuaire.Errorf(annuaire.CodeNotFound, "name", "aucune", "none", nil)
	}
	return annuaire.SavedAudience{Name: name, Title: "Rougeole", Text: "profession:10", Version: 2, Created: extractTime, Changed: extractTime, By: "t",
		Tree: json.RawMessage(`{"where":{"field":"profession","values":["10"]}}`)}, nil
}

func (f fakeAudiences) Audiences(context.Context) ([]annuaire.SavedAudience, error) {
	a, err := f.is("rougeole-69")
	return []annuaire.SavedAudience{a}, err
}

func (f fakeAudiences) Audience(_ context.Context, name string, version uint64) (annuaire.SavedAudience, error) {
	f.note("audience", name, version)
	return f.is(name)
}

func (f fakeAudiences) Save(_ context.Context, who annuaire.Caller, name, title, form string, expect uint64) (annuaire.SavedAudience, error) {
	f.note("save", who.ID, name, title, form, expect)
	if strings.Contains(form, "profesion") {
		return annuaire.SavedAudience{}, annuaire.Invalid("audience", "caractère 1 : « profesion » n'est pas un critère", "character 1: \"profesion\" is no criterion").Because("audience_field")
	}
	if expect == 1 {
		return annuaire.SavedAudience{}, annuaire.Errorf(annuaire.CodePrecondition, "version", "version 2", "version 2", nil).Because("audience_version")
	}
	return f.is("rougeole-69")
}

func (f fakeAudiences) Remove(_ context.Context, who annuaire.Caller, name string, expect uint64) error {
	f.note("remove", who.ID, name, expect)
	_, err := f.is(name)
	return err
}

func (f fakeAudiences) preview() annuaire.AudiencePreview {
	return annuaire.AudiencePreview{Text: "profession:10", AsOf: extractTime, Selected: 4, Reachable: 1, Published: 1, Coarse: true, Kinds: []annuaire.MailboxKind{"PER", "CAB"},
		Breakdown: map[annuaire.Field][]annuaire.Split{"profession": {{Coded: annuaire.Coded{Code: "10", Label: "Médecin"}, People: 4, Published: 1, Reachable: 1}}},
		Sample:    []annuaire.AudienceSample{{ID: "899012345679", Family: "EXEMPLE", Given: "Zélie", Profession: annuaire.Coded{Code: "10", Label: "Médecin"}}},
		Terms:     []annuaire.AudienceTerm{{Said: "profession:10", Means: [][]annuaire.AudienceCriterion{{{Field: "profession", Codes: []annuaire.Coded{{Code: "10", Label: "Médecin"}}, Count: 1}}}}}}
}

func (f fakeAudiences) PreviewFor(_ context.Context, who annuaire.Caller, form string, o annuaire.PreviewOptions) (annuaire.AudiencePreview, error) {
	f.note("preview", who.ID, form, o.Seed, o.Sample)
	return f.preview(), nil
}

func (f fakeAudiences) PreviewSaved(_ context.Context, who annuaire.Caller, name string, o annuaire.PreviewOptions) (annuaire.AudiencePreview, error) {
	f.note("preview saved", who.ID, name, o.Sample)
	p := f.preview()
	p.Since = &annuaire.AudienceChange{At: extractTime, Version: 1, Joined: 3, Left: 2}
	_, err := f.is(name)
	return p, err
}

func (f fakeAudiences) UnreachableOf(_ context.Context, who annuaire.Caller, name string, fn func(annuaire.Item[annuaire.Professional]) error) error {
	f.note("unreachable", who.ID, name)
	if _, err := f.is(name); err != nil {
		return err
	}
	for i := range 450 {
		if err := fn(annuaire.Item[annuaire.Professional]{Value: annuaire.Professional{ID: fmt.Sprintf("8990000%05d", i), Family: "=EXEMPLE"}}); err != nil {
			return err
		}
	}
	return nil
}

// authors recognises the roles of alerts by the name of the secret.
type authors struct{}

func (authors) Authenticate(secret string) (annuaire.Caller, error) {
	role := strings.TrimPrefix(secret, "ann_")
	return annuaire.Caller{ID: role, Roles: []annuaire.Role{annuaire.Role(role)}}, nil
}

func audienceServer(asked *[]string) *Server {
	return New(Options{Directory: newFake(), Tokens: authors{}, Audiences: fakeAudiences{asked}})
}

func sent(h http.Handler, method, url, body, role string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, url, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if role != "" {
		r.Header.Set("Authorization", "Bearer ann_"+role)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestAudiences(t *testing.T) {
	const author = "alert:author"
	for _, tt := range []struct {
		rule, method, url, body, role string
		headers                       []string
		status                        int
		asked, says                   string // "" for nothing asked, for anything said
	}{
		{"a new audience is saved as text", "PUT", "/v1/audiences/rougeole-69", `{"title":"Rougeole","text":"médecin"}`, author, nil, 201, "save alert:author rougeole-69 Rougeole médecin 0", `"version":2`},
		{"or as JSON", "PUT", "/v1/audiences/rougeole-69", `{"tree":{"everyone":true}}`, author, []string{"If-Match", `"2"`}, 200, `save alert:author rougeole-69  {"everyone":true} 2`, `"tree":{"where"`},
		{"not as both", "PUT", "/v1/audiences/rougeole-69", `{"text":"médecin","tree":{"everyone":true}}`, author, nil, 400, "", "audience once|une fois"},
		{"nor as neither", "PUT", "/v1/audiences/rougeole-69", `{"title":"x"}`, author, nil, 400, "", ""},
		{"JSON inside the text is refused where it belongs", "PUT", "/v1/audiences/rougeole-69", `{"text":"{\"everyone\":true}"}`, author, nil, 400, "", "tree"},
		{"an unknown key is refused by name", "PUT", "/v1/audiences/rougeole-69", `{"txt":"médecin"}`, author, nil, 400, "", `"parameter":"txt"`},
		{"a wrong audience is answered with its rule", "PUT", "/v1/audiences/rougeole-69", `{"text":"profesion:10"}`, author, nil, 400, "save", `"rule":"audience_field"`},
		{"a version that has passed is 412", "PUT", "/v1/audiences/rougeole-69", `{"text":"médecin"}`, author, []string{"If-Match", `"1"`}, 412, "save", `"rule":"audience_version"`},
		{"what is no entity tag is 400", "PUT", "/v1/audiences/rougeole-69", `{"text":"médecin"}`, author, []string{"If-Match", `*`}, 400, "", ""},
		{"an earlier version is read by its number", "GET", "/v1/audiences/rougeole-69?version=1", "", author, nil, 200, "audience rougeole-69 1", ""},
		{"a version is a number", "GET", "/v1/audiences/rougeole-69?version=x", "", author, nil, 400, "", `"parameter":"version"`},
		{"another parameter is refused", "GET", "/v1/audiences?limit=1", "", author, nil, 400, "", `"parameter":"limit"`},
		{"removing takes the version", "DELETE", "/v1/audiences/rougeole-69", "", author, []string{"If-Match", `"2"`}, 204, "remove alert:author rougeole-69 2", ""},
		{"a preview takes seed and sample", "POST", "/v1/audiences/preview", `{"text":"médecin","seed":7,"sample":3}`, author, nil, 200, "preview alert:author médecin 7 3", `"since":null`},
		{"one of a saved audience needs no body", "POST", "/v1/audiences/rougeole-69/preview", "", author, nil, 200, "preview saved alert:author rougeole-69 0", `"joined":3`},
		{"a seed that some readers would round is refused", "POST", "/v1/audiences/preview", `{"text":"médecin","seed":9007199254740992}`, author, nil, 400, "", `"parameter":"seed"`},
		{"approvers read and preview", "POST", "/v1/audiences/rougeole-69/preview", "", "alert:approver", nil, 200, "preview saved", ""},
		{"and do not write", "PUT", "/v1/audiences/rougeole-69", `{"text":"médecin"}`, "alert:approver", nil, 403, "", ""},
		{"a reader has no audiences", "GET", "/v1/audiences", "", "reader", nil, 403, "", ""},
		{"nor has an operator", "GET", "/v1/audiences/rougeole-69/unreachable", "", "operator", nil, 403, "", ""},
		{"nor has an administrator", "POST", "/v1/audiences/preview", `{"text":"médecin"}`, "admin", nil, 403, "", ""},
		{"nor has anyone", "GET", "/v1/audiences", "", "", nil, 401, "", ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var asked []string
			w := sent(audienceServer(&asked), tt.method, tt.url, tt.body, tt.role, tt.headers...)
			says := false
			for part := range strings.SplitSeq(tt.says, "|") {
				says = says || strings.Contains(w.Body.String(), part)
			}
			if got := strings.Join(asked, ";"); w.Code != tt.status || !strings.HasPrefix(got, tt.asked) || tt.asked == "" && got != "" || !says {
				t.Fatalf("%d, asked %q: %s", w.Code, got, w.Body)
			}
		})
	}
	t.Run("who has no mailbox is exported whole, as lines or as a table that no spreadsheet takes for formulas", func(t *testing.T) {
		w := sent(audienceServer(nil), "GET", "/v1/audiences/rougeole-69/unreachable", "", author)
		if lines := strings.Split(strings.TrimSpace(w.Body.String()), "\n"); w.Code != 200 || len(lines) != 450 || !strings.HasPrefix(lines[0], `{"id":"899000000000"`) {
			t.Fatal(w.Code, len(lines), lines[0])
		}
		w = sent(audienceServer(nil), "GET", "/v1/audiences/rougeole-69/unreachable?format=csv", "", author)
		if lines := strings.Split(strings.TrimSpace(w.Body.String()), "\r\n"); w.Code != 200 || len(lines) != 451 || !strings.Contains(lines[450], "'=EXEMPLE") {
			t.Fatal(w.Code, len(lines))
		}
		if w = sent(audienceServer(nil), "GET", "/v1/audiences/none/unreachable", "", author); w.Code != 404 {
			t.Fatal(w.Code)
		}
	})
	t.Run("without a desk there are none", func(t *testing.T) {
		if w := sent(New(Options{Directory: newFake(), Tokens: authors{}}), "GET", "/v1/audiences", "", author); w.Code != 503 {
			t.Fatal(w.Code)
		}
	})
}
