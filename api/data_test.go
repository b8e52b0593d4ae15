package api

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"annuaire"
	"annuaire/internal/limits"
)

// someTokens recognises a secret for each kind of caller.
type someTokens struct{}

func (someTokens) Authenticate(secret string) (annuaire.Caller, error) {
	switch secret {
	case "reader":
		return annuaire.Caller{ID: "r", Roles: []annuaire.Role{annuaire.RoleReader}}, nil
	case "admin":
		return annuaire.Caller{ID: "a", Roles: []annuaire.Role{annuaire.RoleAdmin}}, nil
	case "author", "approver", "addresses":
		return annuaire.Caller{ID: secret, Roles: []annuaire.Role{annuaire.Role("alert:" + secret)}}, nil
	case "op":
		return annuaire.Caller{ID: "op", Roles: []annuaire.Role{annuaire.RoleOperator}, Domains: []string{"x.formation.mssante.fr"}}, nil
	case "op2":
		return annuaire.Caller{ID: "op2", Roles: []annuaire.Role{annuaire.RoleOperator}, Domains: []string{"y.formation.mssante.fr"}}, nil
	case "registrar":
		return annuaire.Caller{ID: "reg", Roles: []annuaire.Role{annuaire.RoleRegistrar}}, nil
	case "pro": // as an identity provider would vouch for
		return annuaire.Caller{ID: "pro", Roles: []annuaire.Role{annuaire.RoleProfessional}, Professional: "899012345679"}, nil
	case "pro2":
		return annuaire.Caller{ID: "pro2", Roles: []annuaire.Role{annuaire.RoleProfessional}, Professional: "899000000041"}, nil
	}
	return annuaire.Caller{}, annuaire.Errorf(annuaire.CodeUnauthorized, "token", "jeton inconnu", "unknown token", nil)
}

func tokenServer(d Directory, l Limits) *Server {
	o := Options{Directory: d, Now: func() time.Time { return extractTime }, Tokens: someTokens{}, Limits: l, Syncs: fakeSyncs{}, Keeper: fakeKeeper{}, Audit: &fakeAudit{},
		Registry: newRegistry(), Eligibilities: fakeEligibility{}, Answers: fakeAnswers{map[string]annuaire.Answer{}}, Audiences: fakeAudiences{}, Alerts: fakeAlerts{}}
	o.Metrics = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		_, _ = w.Write([]byte("up 1\n"))
	})
	o.Runs, _ = d.(Runs)
	return New(o)
}

func post(h http.Handler, url, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", url, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestLookup(t *testing.T) {
	s := newServer(newFake())
	t.Run("answers come in order, null for whoever is not there", func(t *testing.T) {
		w := post(s, "/v1/professionals/lookup?fields=id", `{"ids": ["899000000001", "99012345679", "nonsense", "`+goneID+`", "0990000001"]}`)
		want := `{"as_of":"2026-11-21T04:12:00Z","items":[null,{"id":"899012345679"},null,null,{"id":"0990000001"}]}`
		if w.Code != 200 || strings.TrimSpace(w.Body.String()) != want {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
	for name, c := range map[string]struct {
		body, typ string
		status    int
		parameter string
	}{
		"no id is a mistake":                       {`{"ids": []}`, "", 400, "ids"},
		"1001 are too many":                        {`{"ids": [` + strings.Repeat(`"1",`, 1000) + `"1"]}`, "", 400, "ids"},
		"an unknown key is named":                  {`{"ids": ["1"], "idz": 1}`, "", 400, "idz"},
		"a number is no list":                      {`{"ids": 5}`, "", 400, "ids"},
		"half an object is none":                   {`{"ids": ["1"`, "", 400, "body"},
		"two objects are one too many":             {`{"ids": ["1"]} {}`, "", 400, "body"},
		"a form is not JSON":                       {`ids=1`, "application/x-www-form-urlencoded", 415, ""},
		"a body of more than 256 KiB is refused":   {`{"ids": ["` + strings.Repeat("x", 270_000) + `"]}`, "", 413, ""},
		"a body that says nothing of its own type": {`{}`, "text/plain", 415, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := []string{}
			if c.typ != "" {
				h = []string{"Content-Type", c.typ}
			}
			w := post(s, "/v1/professionals/lookup", c.body, h...)
			var p Problem
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != c.status || p.Parameter != c.parameter {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
}

func TestVerify(t *testing.T) {
	s := newServer(newFake())
	for _, c := range []struct{ name, body, want string }{
		{"the same name matches", `{"id":"99012345679","family":"EXEMPLE","given":"Zélie"}`, `{"result":"match","differs":[]}`},
		{"case and accents do not count", `{"id":"899012345679","family":"exemple","given":"ZELIE"}`, `{"result":"match","differs":[]}`},
		{"the field that differs is named", `{"id":"99012345679","family":"EXEMPEL","given":"Zélie"}`, `{"result":"mismatch","differs":["family"]}`},
		{"what sounds alike differs", `{"id":"99012345679","family":"Exampl","given":"Zelly"}`, `{"result":"mismatch","differs":["family","given"]}`},
		{"a beginning differs", `{"id":"99012345679","family":"EXEMP","given":"Zélie"}`, `{"result":"mismatch","differs":["family"]}`},
		{"the names swapped differ", `{"id":"99012345679","family":"Zélie","given":"EXEMPLE"}`, `{"result":"mismatch","differs":["family","given"]}`},
		{"a profession by its code", `{"id":"99012345679","family":"EXEMPLE","given":"Zélie","profession":"10"}`, `{"result":"match","differs":[]}`},
		{"a profession by its label", `{"id":"99012345679","family":"EXEMPLE","given":"Zélie","profession":"medecin"}`, `{"result":"match","differs":[]}`},
		{"another profession differs", `{"id":"99012345679","family":"EXEMPLE","given":"Zélie","profession":"21"}`, `{"result":"mismatch","differs":["profession"]}`},
		{"an id nobody has is unknown", `{"id":"99000000001","family":"EXEMPLE","given":"Zélie"}`, `{"result":"unknown","differs":[]}`},
		{"whoever has left is gone", `{"id":"` + goneID + `","family":"EXEMPLE","given":"Zélie"}`, `{"result":"gone","differs":[]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if w := post(s, "/v1/professionals/verify", c.body); w.Code != 200 || strings.TrimSpace(w.Body.String()) != c.want {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	for name, body := range map[string]string{"id": `{"family":"x","given":"y"}`, "family": `{"id":"99012345679","given":"y"}`, "given": `{"id":"99012345679","family":"x","given":" - "}`} {
		t.Run("without "+name+" nothing is verified", func(t *testing.T) {
			if w := post(s, "/v1/professionals/verify", body); w.Code != 400 || !strings.Contains(w.Body.String(), `"parameter":"`+name+`"`) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
}

func TestStillPublished(t *testing.T) {
	s := newServer(newFake())
	w := post(s, "/v1/mailboxes/published", `{"addresses": ["ZELIE.exemple@medecin.formation.mssante.fr", "old@medecin.formation.mssante.fr", "no address"]}`)
	var got struct {
		Items []struct {
			Address   string
			Published bool
			Kind      *string
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != 200 || len(got.Items) != 3 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if !got.Items[0].Published || *got.Items[0].Kind != "PER" || got.Items[1].Published || got.Items[2].Published || got.Items[2].Address != "no address" {
		t.Errorf("%s", w.Body)
	}
	long := strings.Repeat("a", 64) + "@" + strings.Repeat("b", 189)
	if w := post(s, "/v1/mailboxes/published", `{"addresses":[`+strings.Repeat(`"`+long+`",`, maxLookup-1)+`"`+long+`"]}`); w.Code != 200 {
		t.Errorf("as many addresses as may be asked, as long as they may be: %d", w.Code)
	}
}

// someChanges is three changes of one person, the last her leaving.
func someChanges() []annuaire.Change {
	before := newFake().people[0].Value
	after := before
	after.Family = "EXEMPLE DUPONT"
	return []annuaire.Change{
		{Seq: 5, Run: "000002", Time: extractTime, Kind: annuaire.KindPerson, Op: annuaire.Created, ID: before.ID, Person: &before},
		{Seq: 7, Run: "000003", Time: extractTime.Add(24 * time.Hour), Kind: annuaire.KindPerson, Op: annuaire.Changed, ID: before.ID, Person: &after},
		{Seq: 9, Run: "000004", Time: extractTime.Add(48 * time.Hour), Kind: annuaire.KindPerson, Op: annuaire.Gone, ID: before.ID},
	}
}

func TestHistory(t *testing.T) {
	d := newFake()
	d.changes = someChanges()
	s := newServer(d)
	w := do(t, s, "GET", "/v1/professionals/899012345679/history")
	var got struct {
		ID    string
		Items []struct {
			Seq     int
			Change  string
			Differs []string
			Record  *struct{ Family string }
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != 200 || len(got.Items) != 3 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	t.Run("changes come oldest first and name what differs", func(t *testing.T) {
		if got.Items[1].Change != "changed" || !cmp.Equal(got.Items[1].Differs, []string{"family"}) || got.Items[1].Record.Family != "EXEMPLE DUPONT" {
			t.Errorf("%s", w.Body)
		}
	})
	t.Run("who left has no record", func(t *testing.T) {
		if got.Items[2].Change != "gone" || got.Items[2].Record != nil {
			t.Errorf("%s", w.Body)
		}
	})
	t.Run("who was never there is unknown", func(t *testing.T) {
		if w := do(t, s, "GET", "/v1/professionals/899000000001/history"); w.Code != 404 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}

func TestChanges(t *testing.T) {
	d := newFake()
	d.changes = someChanges()
	s := tokenServer(d, Limits{})
	auth := []string{"Authorization", "Bearer reader"}
	seqs := func(url string) (out []int) {
		w := do(t, s, "GET", url, auth...)
		if w.Code != 200 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		for line := range strings.Lines(w.Body.String()) {
			var l struct{ Seq int }
			if err := json.Unmarshal([]byte(line), &l); err != nil {
				t.Fatal(err)
			}
			out = append(out, l.Seq)
		}
		return out
	}
	t.Run("everything, oldest first", func(t *testing.T) {
		if got := seqs("/v1/changes"); !cmp.Equal(got, []int{5, 7, 9}) {
			t.Error(got)
		}
	})
	t.Run("what came since", func(t *testing.T) {
		if got := seqs("/v1/changes?since=5&limit=1"); !cmp.Equal(got, []int{7}) {
			t.Error(got)
		}
	})
	t.Run("nothing since the end", func(t *testing.T) {
		if got := seqs("/v1/changes?since=9"); got != nil {
			t.Error(got)
		}
	})
	for _, bad := range []string{"since=-1", "since=x", "limit=0", "limit=10001", "limit=x"} {
		t.Run(bad+" is refused", func(t *testing.T) {
			if w := do(t, s, "GET", "/v1/changes?"+bad, auth...); w.Code != 400 {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	t.Run("without a token nothing", func(t *testing.T) {
		if w := do(t, s, "GET", "/v1/changes"); w.Code != 401 || !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Bearer") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}

func TestEvents(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	d := newFake()
	d.changes = someChanges()[:1]
	s := tokenServer(d, Limits{})
	srv := httptest.NewUnstartedServer(s)
	srv.Config.ReadTimeout, srv.Config.WriteTimeout = 300*time.Millisecond, 300*time.Millisecond // as short as a stream is long
	srv.Start()
	defer srv.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", srv.URL+"/v1/changes", nil)
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range map[string]string{"Authorization": "Bearer reader", "Accept": "text/event-stream", "Last-Event-ID": "4"} {
		r.Header.Set(k, v)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil || res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatal(res, err)
	}
	defer res.Body.Close()
	defer http.DefaultClient.CloseIdleConnections()
	lines := bufio.NewScanner(res.Body)
	next := func() string {
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), "id: ") {
				return lines.Text()
			}
		}
		t.Fatal(lines.Err())
		return ""
	}
	if got := next(); got != "id: 5" {
		t.Errorf("after Last-Event-ID 4 comes %q", got)
	}
	time.Sleep(800 * time.Millisecond)
	d.commit(someChanges()[1])
	if got := next(); got != "id: 7" {
		t.Errorf("after a commit comes %q", got)
	}
	s.Close() // the server stops: so does the stream
	for lines.Scan() {
	}
	if err := lines.Err(); err != nil {
		t.Error(err)
	}
}

func TestExport(t *testing.T) {
	d := newFake()
	s := tokenServer(d, Limits{})
	auth := []string{"Authorization", "Bearer reader"}
	t.Run("without a token it is refused, and says where to get one", func(t *testing.T) {
		if w := do(t, s, "GET", "/v1/export/professionals"); w.Code != 401 || !strings.Contains(w.Body.String(), "annuaire token new") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
	t.Run("one line per record, and where it comes from", func(t *testing.T) {
		w := do(t, s, "GET", "/v1/export/professionals?fields=id", auth...)
		if w.Code != 200 || w.Body.String() != "{\"id\":\"0990000001\"}\n{\"id\":\"899012345679\"}\n" {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		h := w.Header()
		if h.Get("X-Annuaire-Extract") != "2026-11-21T04:12:00Z" || !strings.Contains(h.Get("Link"), "license") || !strings.Contains(h.Get("Content-Disposition"), "professionals-20261121.ndjson") {
			t.Errorf("%v", h)
		}
	})
	t.Run("it has the criteria of the search", func(t *testing.T) {
		do(t, s, "GET", "/v1/export/professionals?q=cardiologue+lyon&department=69", auth...)
		if got := render(d.asked().Where); !strings.Contains(got, "specialty") || !strings.Contains(got, `equals(department, "69")`) || strings.Count(got, "one_activity") != 1 {
			t.Error(got)
		}
	})
	t.Run("it has no pages", func(t *testing.T) {
		for _, p := range []string{"limit=5", "cursor=x", "sort=name", "facets=mode"} {
			if w := do(t, s, "GET", "/v1/export/professionals?"+p, auth...); w.Code != 400 {
				t.Errorf("%s: %d", p, w.Code)
			}
		}
	})
	t.Run("cut anywhere, it goes on after the last id", func(t *testing.T) {
		rapid.Check(t, func(rt *rapid.T) {
			all := strings.Split(strings.TrimSpace(do(t, s, "GET", "/v1/export/mailboxes?fields=address", auth...).Body.String()), "\n")
			cut := rapid.IntRange(1, len(all)).Draw(rt, "cut")
			var last struct{ Address string }
			if err := json.Unmarshal([]byte(all[cut-1]), &last); err != nil {
				rt.Fatal(err)
			}
			rest := strings.TrimSpace(do(t, s, "GET", "/v1/export/mailboxes?fields=address&after="+last.Address, auth...).Body.String())
			if got := strings.Join(all[:cut], "\n") + "\n" + rest; strings.TrimSpace(got) != strings.Join(all, "\n") {
				rt.Fatalf("cut at %d: %s", cut, got)
			}
		})
	})
	t.Run("a table for spreadsheets", func(t *testing.T) {
		d.people[1].Value.Family = "=HYPERLINK(\"http://evil\")"
		w := do(t, s, "GET", "/v1/export/professionals?format=csv", auth...)
		rows, err := csv.NewReader(strings.NewReader(w.Body.String())).ReadAll()
		if err != nil || len(rows) != 3 || rows[0][0] != "id" || rows[1][4] != "'=HYPERLINK(\"http://evil\")" || rows[2][6] != "10 Médecin" {
			t.Errorf("%v %v", rows, err)
		}
		if !strings.Contains(w.Body.String(), "\r\n") {
			t.Error("lines do not end as RFC 4180 says")
		}
	})
	t.Run("columns of a table are not chosen by keys of an item", func(t *testing.T) {
		if p := problemIn(t, do(t, s, "GET", "/v1/export/professionals?format=csv&fields=id", auth...)); p.Status != 400 || p.Parameter != "fields" {
			t.Errorf("%+v", p)
		}
	})
	t.Run("what of a text is not used is said", func(t *testing.T) {
		w := do(t, s, "GET", "/v1/export/professionals?q=kin%C3%A9+du+sport+pas+cher", auth...)
		if got := w.Header().Get("X-Annuaire-Ignored"); got != "du%20sport,pas%20cher" {
			t.Errorf("%q", got)
		}
	})
	t.Run("two run at a time", func(t *testing.T) {
		s.exports <- struct{}{}
		s.exports <- struct{}{}
		w := do(t, s, "GET", "/v1/export/structures", auth...)
		<-s.exports
		<-s.exports
		if w.Code != 429 || w.Header().Get("Retry-After") == "" {
			t.Errorf("%d %v", w.Code, w.Header())
		}
	})
	for name, kind := range map[string]string{"structures": "name", "mailboxes": "kind"} {
		t.Run("a table of "+name, func(t *testing.T) {
			w := do(t, s, "GET", "/v1/export/"+name+"?format=csv", auth...)
			if rows, err := csv.NewReader(strings.NewReader(w.Body.String())).ReadAll(); err != nil || len(rows) < 2 || rows[0][1] != kind {
				t.Errorf("%v %v", rows, err)
			}
		})
	}
}

func TestWhoIsCalling(t *testing.T) {
	s := tokenServer(newFake(), Limits{})
	for _, c := range []struct {
		name, auth, url string
		status          int
	}{
		{"a search needs no token", "", "/v1/professionals", 200},
		{"a good token searches too", "Bearer reader", "/v1/professionals", 200},
		{"the scheme has any case", "bearer reader", "/v1/changes", 200},
		{"a wrong token is refused where none is needed", "Bearer wrong", "/v1/professionals", 401},
		{"a password is no token", "Basic eDp5", "/v1/professionals", 401},
		{"an administrator reads", "Bearer admin", "/v1/changes", 200},
		{"health asks nobody", "Bearer wrong", "/readyz", 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := []string{}
			if c.auth != "" {
				h = []string{"Authorization", c.auth}
			}
			if w := do(t, s, "GET", c.url, h...); w.Code != c.status {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	t.Run("guessing is slowed down", func(t *testing.T) {
		last := 0
		for range limits.Guesses.Burst + 1 {
			last = do(t, s, "GET", "/v1/professionals", "Authorization", "Bearer guess").Code
		}
		if last != 429 {
			t.Errorf("%d", last)
		}
	})
	t.Run("the control socket is the administrator", func(t *testing.T) {
		if w := do(t, Local(s), "GET", "/v1/changes"); w.Code != 200 {
			t.Errorf("%d", w.Code)
		}
	})
}

func TestRequestLimits(t *testing.T) {
	tight := Limits{Anonymous: limits.Class{RPS: 1, Burst: 2, PeoplePerHour: 5}}
	from := func(s *Server, ip string, headers ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/v1/structures?limit=1", nil)
		r.RemoteAddr = ip + ":1234"
		for i := 0; i+1 < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	t.Run("one too many gets 429 and the time to wait", func(t *testing.T) {
		s := tokenServer(newFake(), tight)
		from(s, "192.0.2.1")
		from(s, "192.0.2.1")
		if w := from(s, "192.0.2.1"); w.Code != 429 || w.Header().Get("Retry-After") != "1" || !strings.Contains(w.Body.String(), "/problems/too_many") {
			t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
		}
		if w := from(s, "192.0.2.2"); w.Code != 200 {
			t.Errorf("another address pays: %d", w.Code)
		}
		if w := from(s, "192.0.2.1", "Authorization", "Bearer reader"); w.Code != 200 {
			t.Errorf("a token pays for its address: %d", w.Code)
		}
	})
	t.Run("people are counted, not only requests", func(t *testing.T) {
		s := tokenServer(newFake(), Limits{Anonymous: limits.Class{PeoplePerHour: 3}})
		for range 4 {
			from(s, "192.0.2.1")
		}
		if w := from(s, "192.0.2.1"); w.Code != 429 {
			t.Errorf("%d", w.Code)
		}
	})
	t.Run("a forwarded address is believed behind a trusted proxy only", func(t *testing.T) {
		s := tokenServer(newFake(), tight)
		for range 2 {
			from(s, "192.0.2.1", "X-Forwarded-For", "198.51.100.1")
		}
		if w := from(s, "192.0.2.1", "X-Forwarded-For", "198.51.100.2"); w.Code != 429 {
			t.Errorf("a stranger chose its own address: %d", w.Code)
		}
	})
	t.Run("health is not limited", func(t *testing.T) {
		s := tokenServer(newFake(), tight)
		for range 10 {
			if w := do(t, s, "GET", "/healthz"); w.Code != 200 {
				t.Fatal(w.Code)
			}
		}
	})
}
