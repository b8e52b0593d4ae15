package api

import (
	"context"
	"strings"
	"testing"
	"time"

	"annuaire"
)

// fakeSyncs has two runs: 000002, which awaits approval, and 000001. It records what it is asked.
type fakeSyncs struct{ asked *[]string }

func (f fakeSyncs) note(parts ...string) {
	if f.asked != nil {
		*f.asked = append(*f.asked, strings.Join(parts, " "))
	}
}

func someRun(id string) annuaire.SyncRun {
	at := time.Date(2026, 11, 21, 4, 15, 0, 0, time.UTC)
	r := annuaire.SyncRun{ID: id, State: annuaire.RunPublished, Trigger: annuaire.TriggerSchedule, By: "schedule", Started: at, Ended: at, Source: "ans", Extract: extractTime,
		Steps: []annuaire.SyncStep{{Stage: "acquire", Started: at, Seconds: 1.5}}, Warnings: []string{},
		Files: []annuaire.SyncFile{{Name: "PS_LibreAcces_202611210412.zip", Path: "/secret/path", Size: 1, SHA256: "ab"}}}
	if id == "000002" {
		example := annuaire.GateExample{Kind: annuaire.KindPerson, Change: annuaire.Gone, ID: "899012345679", What: "EXEMPLE Zélie — Médecin"}
		r.State, r.Error, r.English = annuaire.RunAwaiting, "en français", "in English"
		r.Gate = &annuaire.Gate{Closed: true, Base: 7, Digest: "cd", Examples: []annuaire.GateExample{example}, Findings: []annuaire.GateFinding{{Kind: annuaire.KindPerson,
			By: "profession", Group: "21", Label: "Pharmacien", Change: annuaire.Gone, Count: 70, Members: 1200, Share: 5.8, Examples: []annuaire.GateExample{example}}}}
	}
	return r
}

func (f fakeSyncs) Runs(_ context.Context, before string, n int) ([]annuaire.SyncRun, error) {
	f.note("runs", before)
	if before == "x" {
		return nil, annuaire.Invalid("before", "« x »", "x")
	}
	all := []annuaire.SyncRun{someRun("000002"), someRun("000001")}
	return all[:min(n, len(all))], nil
}

func (f fakeSyncs) Run(_ context.Context, id string) (annuaire.SyncRun, error) {
	if id != "000001" && id != "000002" {
		return annuaire.SyncRun{}, annuaire.Errorf(annuaire.CodeNotFound, "run", "aucun passage", "no run", nil)
	}
	return someRun(id), nil
}

func (f fakeSyncs) Start(_ context.Context, by string, from []string, older bool) (annuaire.SyncRun, error) {
	f.note("start", by, strings.Join(from, ","), map[bool]string{true: "older"}[older])
	if len(from) > 0 && from[0] == "busy" {
		return annuaire.SyncRun{}, annuaire.Errorf(annuaire.CodeConflict, "sync", "déjà en cours", "already running", nil)
	}
	return someRun("000001"), nil
}

func (f fakeSyncs) Approve(ctx context.Context, id string, d annuaire.Decision) (annuaire.SyncRun, error) {
	f.note("approve", id, d.By, d.Reason)
	return f.Run(ctx, id)
}

func (f fakeSyncs) Abort(ctx context.Context, id string, d annuaire.Decision) (annuaire.SyncRun, error) {
	f.note("abort", id, d.By, d.Reason)
	return f.Run(ctx, id)
}

func TestSyncRuns(t *testing.T) {
	var asked []string
	s := New(Options{Directory: newFake(), Tokens: someTokens{}, Syncs: fakeSyncs{&asked}})
	admin := []string{"Authorization", "Bearer admin"}
	get := func(url string, headers ...string) (int, string) {
		w := do(t, s, "GET", url, append(headers, admin...)...)
		return w.Code, w.Body.String()
	}
	t.Run("only an administrator sees them", func(t *testing.T) {
		for url, method := range map[string]string{"/v1/sync/runs": "GET", "/v1/sync/runs/000002": "GET"} {
			if w := do(t, s, method, url); w.Code != 401 {
				t.Error(url, w.Code)
			}
			if w := do(t, s, method, url, "Authorization", "Bearer reader"); w.Code != 403 || strings.Contains(w.Body.String(), "EXEMPLE") {
				t.Error(url, w.Code, w.Body)
			}
		}
		for _, url := range []string{"/v1/sync/runs", "/v1/sync/runs/000002/approve", "/v1/sync/runs/000002/abort"} {
			if w := post(s, url, `{"reason":"x"}`, "Authorization", "Bearer reader"); w.Code != 403 {
				t.Error(url, w.Code)
			}
		}
		if len(asked) > 0 {
			t.Error("asked:", asked)
		}
	})
	t.Run("the list goes page by page, without examples", func(t *testing.T) {
		code, body := get("/v1/sync/runs?limit=2")
		if code != 200 || !strings.Contains(body, `"next":"/v1/sync/runs?limit=2&before=000001"`) || strings.Contains(body, "EXEMPLE") || strings.Contains(body, "secret") ||
			!strings.Contains(body, `"share":5.8`) {
			t.Error(code, body)
		}
		if _, body = get("/v1/sync/runs"); !strings.Contains(body, `"next":null`) {
			t.Error(body)
		}
	})
	t.Run("one run comes with its examples, in the reader's language", func(t *testing.T) {
		if code, body := get("/v1/sync/runs/000002"); code != 200 || !strings.Contains(body, "EXEMPLE Zélie") || !strings.Contains(body, `"error":"en français"`) || strings.Contains(body, "english") {
			t.Error(code, body)
		}
		if _, body := get("/v1/sync/runs/000002", "Accept-Language", "en"); !strings.Contains(body, `"error":"in English"`) {
			t.Error(body)
		}
		if code, _ := get("/v1/sync/runs/000009"); code != 404 {
			t.Error(code)
		}
	})
	t.Run("a wrong parameter is named", func(t *testing.T) {
		for _, q := range []string{"?limit=0", "?limit=201", "?limit=x", "?befor=1", "?limit=1&limit=2", "?before=x"} {
			if code, body := get("/v1/sync/runs" + q); code != 400 || !strings.Contains(body, "parameter") && q != "?before=x" {
				t.Error(q, code, body)
			}
		}
	})
	t.Run("one is started now, and followed at its address", func(t *testing.T) {
		asked = nil
		w := post(s, "/v1/sync/runs", `{"from":["datagouv"],"allow_older":true}`, admin...)
		if w.Code != 202 || w.Header().Get("Location") != "/v1/sync/runs/000001" || asked[0] != "start token a datagouv older" {
			t.Error(w.Code, w.Header(), asked)
		}
		if w := do(t, s, "POST", "/v1/sync/runs", admin...); w.Code != 202 {
			t.Error("without a body:", w.Code, w.Body)
		}
		if w := post(s, "/v1/sync/runs", `{"from":["busy"]}`, admin...); w.Code != 409 {
			t.Error(w.Code)
		}
		if w := post(s, "/v1/sync/runs", `{"form":["x"]}`, admin...); w.Code != 400 || !strings.Contains(w.Body.String(), "form") {
			t.Error(w.Code, w.Body)
		}
	})
	t.Run("a decision is taken with who and why", func(t *testing.T) {
		asked = nil
		if w := post(s, "/v1/sync/runs/000002/approve", `{"reason":"vu"}`, admin...); w.Code != 202 {
			t.Error(w.Code, w.Body)
		}
		if w := post(Local(s), "/v1/sync/runs/000002/abort", `{"reason":"non"}`); w.Code != 200 {
			t.Error(w.Code, w.Body)
		}
		if len(asked) != 2 || asked[0] != "approve 000002 token a vu" || asked[1] != "abort 000002 control socket non" {
			t.Error(asked)
		}
		if w := do(t, s, "POST", "/v1/sync/runs/000002/abort", admin...); w.Code != 415 {
			t.Error("without a body:", w.Code)
		}
	})
	t.Run("where nothing can be synced it says so", func(t *testing.T) {
		none := New(Options{Directory: newFake(), Tokens: someTokens{}})
		if w := do(t, none, "GET", "/v1/sync/runs", admin...); w.Code != 503 {
			t.Error(w.Code)
		}
	})
}

func TestConfiguredCriteria(t *testing.T) {
	e, err := Criteria("profession=10&department=69")
	if err != nil || e.Op != annuaire.OpOneActivity || len(e.Args) != 2 {
		t.Error(e, err)
	}
	if _, err := Criteria("profesion=10"); annuaire.CodeOf(err) != annuaire.CodeInvalid || !strings.Contains(err.Error(), "profesion") {
		t.Error(err)
	}
}
