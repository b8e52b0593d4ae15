package api

import (
	"encoding/json"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"annuaire"
)

// fakeKeeper has one token, and one domain that is taken.
type fakeKeeper struct{ asked *annuaire.TokenRequest }

var oneToken = annuaire.Token{ID: "abc234", Name: "Y", Roles: []annuaire.Role{annuaire.RoleOperator}, Operator: "Y", Domains: []string{"y.mssante.fr"},
	Created: extractTime, Expires: extractTime.AddDate(1, 0, 0), Hash: []byte("hash")}

func (f fakeKeeper) Create(q annuaire.TokenRequest) (annuaire.Token, string, error) {
	if f.asked != nil {
		*f.asked = q
	}
	if len(q.Domains) > 0 && q.Domains[0] == "taken.mssante.fr" {
		return annuaire.Token{}, "", annuaire.Errorf(annuaire.CodeConflict, "domain", "pris", "taken", nil).Because("domain_taken")
	}
	return oneToken, "ann_secret", nil
}

func (fakeKeeper) List() ([]annuaire.Token, error) { return []annuaire.Token{oneToken}, nil }

func (fakeKeeper) Revoke(id string, _ annuaire.Caller) (annuaire.Token, error) {
	if id != oneToken.ID {
		return annuaire.Token{}, annuaire.Errorf(annuaire.CodeNotFound, "token", "aucun", "none", nil)
	}
	t := oneToken
	t.Revoked = extractTime
	return t, nil
}

// fakeAudit keeps what it is told; full, it keeps nothing more.
type fakeAudit struct {
	lines []annuaire.AuditRecord
	full  bool
	asked annuaire.AuditFilter
}

func (f *fakeAudit) AuditNow(e annuaire.AuditEvent) error {
	if f.full {
		return errors.New("no space left")
	}
	e.Seq = uint64(len(f.lines) + 1)
	f.lines = append(f.lines, annuaire.AuditRecord{AuditEvent: e, Hash: "ab"})
	return nil
}

func (f *fakeAudit) EachAudit(q annuaire.AuditFilter, fn func(annuaire.AuditRecord) error) error {
	f.asked = q
	for _, r := range f.lines {
		if err := fn(r); err != nil {
			return err
		}
	}
	return nil
}

func TestTokensOverREST(t *testing.T) {
	var asked annuaire.TokenRequest
	log := &fakeAudit{}
	s := New(Options{Directory: newFake(), Tokens: asKind{}, Keeper: fakeKeeper{&asked}, Audit: log})
	admin := []string{"Authorization", "Bearer ann_admin"}
	t.Run("the secret is shown once, to who made it, and kept by nobody on the way", func(t *testing.T) {
		w := post(s, "/v1/tokens", `{"name":"Y","roles":["operator"],"domains":["y.mssante.fr"],"days":30}`, admin...)
		var made struct{ ID, Secret string }
		if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil || w.Code != 201 || made.Secret != "ann_secret" || w.Header().Get("Cache-Control") != "no-store" {
			t.Fatal(w.Code, w.Body, err)
		}
		if asked.By.ID != "admin" || asked.By.Proof != "token" || asked.Life != 30*24*time.Hour {
			t.Errorf("%+v", asked)
		}
	})
	t.Run("a list shows neither secrets nor their hashes", func(t *testing.T) {
		w := do(t, s, "GET", "/v1/tokens", admin...)
		if w.Code != 200 || strings.Contains(w.Body.String(), "ann_") || strings.Contains(w.Body.String(), "hash") || !strings.Contains(w.Body.String(), `"operator":"Y"`) {
			t.Error(w.Body)
		}
	})
	t.Run("reading them is a line of the audit, and where it cannot be written they are not read", func(t *testing.T) {
		if n := len(log.lines); n == 0 || log.lines[n-1].What != "token.read" || log.lines[n-1].Who != "admin" {
			t.Errorf("%+v", log.lines)
		}
		log.full = true
		defer func() { log.full = false }()
		if w := do(t, s, "GET", "/v1/tokens", admin...); w.Code != 503 || strings.Contains(w.Body.String(), oneToken.ID) {
			t.Error(w.Code, w.Body)
		}
	})
	t.Run("domain_taken: a domain of another operator is a conflict", func(t *testing.T) {
		w := post(s, "/v1/tokens", `{"name":"Z","roles":["operator"],"domains":["taken.mssante.fr"]}`, admin...)
		if w.Code != 409 || !strings.Contains(w.Body.String(), "domain_taken") {
			t.Error(w.Code, w.Body)
		}
	})
	t.Run("where they are not kept, that is said", func(t *testing.T) {
		if w := do(t, New(Options{Directory: newFake(), Tokens: asKind{}}), "GET", "/v1/tokens", admin...); w.Code != 503 {
			t.Error(w.Code)
		}
	})
}

func TestAudit(t *testing.T) {
	log := &fakeAudit{}
	s := New(Options{Directory: newFake(), Tokens: asKind{}, Audit: log, Syncs: fakeSyncs{}})
	admin := []string{"Authorization", "Bearer ann_admin"}
	t.Run("each act of an administrator is a line, written before it", func(t *testing.T) {
		for _, at := range []struct{ url, body, what, target, why string }{
			{"/v1/sync/runs", `{"from":["ans"]}`, "sync.start", "ans", ""},
			{"/v1/sync/runs/000002/approve", `{"reason":"seen"}`, "sync.approve", "000002", "seen"},
			{"/v1/sync/runs/000002/abort", `{"reason":"no"}`, "sync.abort", "000002", "no"},
		} {
			if w := post(s, at.url, at.body, admin...); w.Code >= 300 {
				t.Fatal(w.Code, w.Body)
			}
			got := log.lines[len(log.lines)-1]
			if got.What != at.what || got.Target != at.target || got.Why != at.why || got.Who != "admin" || got.Proof != "token" || got.From == "" {
				t.Errorf("%+v", got)
			}
		}
	})
	t.Run("reading whom a run that awaits approval would remove is one, reading one that is published is not", func(t *testing.T) {
		n := len(log.lines)
		for _, id := range []string{"000001", "000002"} {
			if w := do(t, s, "GET", "/v1/sync/runs/"+id, admin...); w.Code != 200 {
				t.Fatal(w.Code)
			}
		}
		if len(log.lines) != n+1 || log.lines[n].What != "sync.read" || log.lines[n].Target != "000002" {
			t.Errorf("%+v", log.lines[n:])
		}
	})
	t.Run("what is refused is no act", func(t *testing.T) {
		n := len(log.lines)
		if w := post(s, "/v1/sync/runs", `{}`); w.Code != 401 || len(log.lines) != n {
			t.Error(w.Code, log.lines)
		}
	})
	t.Run("reading it is a line of it", func(t *testing.T) {
		w := do(t, s, "GET", "/v1/audit?who=admin&last=3&since=2026-11-01T00:00:00Z", admin...)
		lines := strings.Split(strings.TrimSpace(w.Body.String()), "\n")
		if w.Code != 200 || w.Header().Get("Content-Type") != "application/x-ndjson" || len(lines) != 5 || !strings.Contains(lines[4], "audit.read") || !strings.Contains(lines[4], "last=3") {
			t.Error(w.Code, w.Body)
		}
		if log.asked.Who != "admin" || log.asked.Last != 3 || log.asked.Since.IsZero() {
			t.Errorf("%+v", log.asked)
		}
	})
	for _, bad := range []string{"since=x", "until=2026", "last=0", "last=-1", "last=x", "last=100001", "who=a&who=b", "whom=a"} {
		t.Run("a question that makes no sense is refused: "+bad, func(t *testing.T) {
			if w := do(t, s, "GET", "/v1/audit?"+bad, admin...); w.Code != 400 {
				t.Error(w.Code)
			}
		})
	}
	t.Run("what cannot be recorded is not done", func(t *testing.T) {
		var asked []string
		s := New(Options{Directory: newFake(), Tokens: asKind{}, Audit: &fakeAudit{full: true}, Syncs: fakeSyncs{&asked}})
		if w := post(s, "/v1/sync/runs", `{}`, admin...); w.Code != 503 || len(asked) > 0 {
			t.Error(w.Code, asked)
		}
		if w := do(t, s, "GET", "/v1/audit", admin...); w.Code != 503 {
			t.Error(w.Code)
		}
	})
	t.Run("on the control socket the person at the keyboard is named", func(t *testing.T) {
		r := httptest.NewRequest("GET", "/v1/audit", nil)
		r.Header.Set(headerUser, "jeanne\x01 dupont")
		Local(s).ServeHTTP(httptest.NewRecorder(), r)
		if got := log.lines[len(log.lines)-1]; got.Who != "local" || got.Proof != "local user=jeannedupont" || got.From != "local" {
			t.Errorf("%+v", got)
		}
	})
	t.Run("from elsewhere the name counts for nothing", func(t *testing.T) {
		do(t, s, "GET", "/v1/audit", append(admin, headerUser, "root")...)
		if got := log.lines[len(log.lines)-1]; got.Who != "admin" || got.Proof != "token" {
			t.Errorf("%+v", got)
		}
	})
}
