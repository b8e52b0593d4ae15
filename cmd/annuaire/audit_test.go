package main

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
)

// auditLine is what these tests read of a line.
type auditLine struct {
	Seq                         int
	Who, Proof, From, What, Why string
	Target                      string
	After                       map[string]any
	Hash                        string
}

func auditOf(t *testing.T, data string, args ...string) (out []auditLine) {
	t.Helper()
	for line := range strings.Lines(must(t, nil, append([]string{"audit", "export", "--data", data}, args...)...).out) {
		var l auditLine
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(line, err)
		}
		out = append(out, l)
	}
	return out
}

// tokenNamed returns the identifier of a token, by the name of whoever it was made for.
func tokenNamed(t *testing.T, data, name string) string {
	t.Helper()
	var list struct{ Tokens []struct{ ID, Name string } }
	if err := json.Unmarshal([]byte(must(t, nil, "token", "list", "--data", data, "--json").out), &list); err != nil {
		t.Fatal(err)
	}
	for _, k := range list.Tokens {
		if k.Name == name {
			return k.ID
		}
	}
	t.Fatal("no token of that name")
	return ""
}

func TestAuditOfCommands(t *testing.T) {
	data := loaded(t, extracts(t, set{300, 1, 0}))
	must(t, nil, "token", "new", "--data", data, "--name", "x", "--role", "reader")
	p, _ := serving(t, data, "")
	secret := strings.TrimSpace(must(t, nil, "token", "new", "--data", data, "--name", "admin", "--role", "admin").out)
	id := tokenNamed(t, data, "admin")
	if code, _ := fetch(t, http.DefaultClient, p.url+"/v1/sync/runs", secret); code != 200 {
		t.Fatal(code)
	}
	must(t, nil, "backup", "--data", data, "--out", filepath.Join(t.TempDir(), "b.zst"))
	p.hup(t)
	p.says(t, "taken up")
	must(t, nil, "token", "revoke", "--data", data, id, "--yes")
	if code, _ := fetch(t, http.DefaultClient, p.url+"/v1/sync/runs", secret); code != 401 {
		t.Error("a revoked token is good for", code)
	}
	lines := auditOf(t, data)
	t.Run("each command that writes, or reads what is not published, is a line", func(t *testing.T) {
		var acts []string
		for i, l := range lines {
			acts = append(acts, l.What)
			if l.Seq != i+1 || l.Who != "local" || l.From != "local" || !strings.HasPrefix(l.Proof, "local") || len(l.Hash) != 64 {
				t.Errorf("%+v", l)
			}
		}
		if got := strings.Join(acts, " "); got != "sync.start token.create token.create token.read backup config.reload token.revoke audit.read" {
			t.Error(got)
		}
	})
	t.Run("no line holds a secret", func(t *testing.T) {
		for _, l := range lines {
			if b, _ := json.Marshal(l); strings.Contains(string(b), "ann_") {
				t.Errorf("%s", b)
			}
		}
	})
	t.Run("a choice of them, as a table", func(t *testing.T) {
		out := must(t, nil, "audit", "export", "--data", data, "--what", "token", "--until", "2100-01-01", "--format", "csv").out
		rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		if err != nil || len(rows) != 5 || rows[1][6] != "token.create" {
			t.Error(rows, err)
		}
		if out := must(t, nil, "audit", "tail", "--data", data, "-n", "1").out; !strings.Contains(out, "audit.read") || strings.Count(out, "\n") != 1 {
			t.Error(out)
		}
		file := filepath.Join(t.TempDir(), "a.ndjson")
		must(t, nil, "audit", "export", "--data", data, "--out", file)
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Error(info, err)
		}
	})
	t.Run("a question that makes no sense is bad usage", func(t *testing.T) {
		for _, bad := range [][]string{{"--since", "yesterday"}, {"--format", "xml"}} {
			must(t, []int{2}, append([]string{"audit", "export", "--data", data}, bad...)...)
		}
	})
	anchor := strings.TrimSpace(must(t, nil, "audit", "anchor", "--data", data).out)
	t.Run("a running server verifies it, and so does the command on its own", func(t *testing.T) {
		must(t, nil, "audit", "verify", "--data", data, "--anchor", anchor)
		if code := p.stop(t); code != 0 {
			t.Fatal(code)
		}
		if out := must(t, nil, "audit", "verify", "--data", data, "--anchor", anchor).out; !strings.Contains(out, "12 lines, as they were written") {
			t.Error(out)
		}
		p.says(t, "audit anchor")
		if all := auditOf(t, data); all[11].What != "auth.refused" || all[11].Why != "token_revoked" || all[11].From != "127.0.0.1" || all[11].After["count"] != 1.0 {
			t.Errorf("what was refused is not told when the service ends: %+v", all[11])
		}
	})
	t.Run("a line changed behind its back shows, with an exit code of its own", func(t *testing.T) {
		db, err := bolt.Open(filepath.Join(data, "annuaire.db"), 0o600, nil)
		if err != nil {
			t.Fatal(err)
		}
		err = db.Update(func(tx *bolt.Tx) error {
			b := tx.Bucket([]byte("audit"))
			k := []byte{0, 0, 0, 0, 0, 0, 0, 2}
			return b.Put(k, []byte(strings.Replace(string(b.Get(k)), "token.create", "token.cReate", 1)))
		})
		if err != nil || db.Close() != nil {
			t.Fatal(err)
		}
		if out := must(t, []int{1}, "audit", "verify", "--data", data).out; !strings.Contains(out, "AT LINE 2") {
			t.Error(out)
		}
		if out := must(t, []int{1}, "audit", "verify", "--data", data, "--json").out; !strings.Contains(out, `"fault":"changed","at":2`) {
			t.Error(out)
		}
	})
	t.Run("where there is no data nothing is made", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "none")
		must(t, []int{1}, "audit", "verify", "--data", dir)
		if _, err := os.Stat(dir); err == nil {
			t.Error("it makes a data directory")
		}
	})
}
