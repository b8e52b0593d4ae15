package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"annuaire"
)

// TestAlert takes an alert through the real program: two people, a real relay, the real directory.
func TestAlert(t *testing.T) {
	office, addr := openPostOffice(t)
	data := loaded(t, extracts(t, set{300, 1, 0}))
	config := fmt.Sprintf("mode = \"training\"\n[alert]\nissuer = \"DGS\"\nfrom = \"alertes@dgs.formation.mssante.fr\"\npublic_url = \"https://annuaire.example\"\nseeds = [\"essai@dgs.formation.mssante.fr\"]\nrelays = [%q]\nsecurity = \"none\"\n", addr)
	p, _ := serving(t, data, config)
	token := func(name, role string) string {
		file := filepath.Join(t.TempDir(), role)
		res := must(t, nil, "token", "new", "--data", data, "--name", name, "--role", role)
		if err := os.WriteFile(file, []byte(res.out), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	author, chief, clerk := token("Anne", "alert:author"), token("Bruno", "alert:approver"), token("Cellule", "alert:addresses")
	alert := func(code int, args ...string) result {
		t.Helper()
		res := typed(t, append([]string{"alert", args[0], "--data", data}, args[1:]...)...)
		if res.code != code {
			t.Fatalf("%q: %d, want %d\n%s%s", args, res.code, code, res.out, res.err)
		}
		return res
	}
	draft := []string{"new", "--token-file", author, "--title", "Rougeole", "--summary", "Vérifiez.", "--text", "Des cas sont signalés.", "--severity", "severe",
		"--legal", "Article L. 4001-2", "--expires", "3d", "--audience", "profession:médecin", "--public"}

	t.Run("the owner of the machine is no author", func(t *testing.T) {
		if res := alert(1, slices.Concat([]string{"new"}, draft[3:])...); !strings.Contains(res.err, "role_lacking") {
			t.Error(res.err)
		}
	})
	t.Run("a text that breaks a rule is bad usage, and the rule is named", func(t *testing.T) {
		if res := alert(2, append(slices.Clone(draft), "--text", "https://bit.ly/x")...); !strings.Contains(res.err, "link_shortened") {
			t.Error(res.err)
		}
	})
	t.Run("an audience that cannot be read is refused at once", func(t *testing.T) {
		alert(2, append(slices.Clone(draft), "--audience", "profession:(")...)
	})
	id := strings.TrimSpace(alert(0, draft...).out)
	if !regexp.MustCompile(`^\d{4}-001$`).MatchString(id) {
		t.Fatal(id)
	}
	alert(0, "edit", id, "--token-file", author, "--area", "Rhône")
	var preview annuaire.AlertPreview
	if err := json.Unmarshal([]byte(alert(0, "preview", id, "--token-file", author, "--json").out), &preview); err != nil {
		t.Fatal(err)
	}
	t.Run("the preview counts who is selected and who is reached, and shows the message", func(t *testing.T) {
		if preview.Reachable == 0 || preview.Selected <= preview.Reachable || !strings.HasPrefix(preview.Subject, "[FORMATION] DGS n° "+id) || !strings.Contains(preview.Body, "cas sont signalés") {
			t.Errorf("%+v", preview)
		}
	})
	alert(0, "test", id, "--token-file", author)
	everyone := []string{}
	if preview.Everyone {
		everyone = []string{"--everyone"}
	}
	alert(0, slices.Concat([]string{"submit", id, "--token-file", author}, everyone)...)
	t.Run("the author does not approve", func(t *testing.T) {
		alert(1, "approve", id, "--token-file", author, "--yes")
	})
	t.Run("whoever is asked and says nothing has not approved", func(t *testing.T) {
		if res := alert(1, "approve", id, "--token-file", chief); !strings.Contains(res.err, "people selected") || !strings.Contains(res.err, "not approved") {
			t.Error(res.err)
		}
	})
	alert(0, slices.Concat([]string{"approve", id, "--token-file", chief, "--yes"}, everyone)...)
	var report annuaire.AlertReport
	for end := time.Now().Add(deadline); report.State != annuaire.AlertSent; time.Sleep(20 * time.Millisecond) {
		if err := json.Unmarshal([]byte(alert(0, "report", id, "--token-file", chief, "--json").out), &report); err != nil || time.Now().After(end) {
			t.Fatal(err, report)
		}
	}
	recipients := map[string]annuaire.AlertRecipient{}
	for l := range strings.Lines(alert(0, "recipients", id, "--token-file", clerk).out) {
		var r annuaire.AlertRecipient
		if err := json.Unmarshal([]byte(l), &r); err != nil {
			t.Fatal(err)
		}
		recipients[r.Address] = r
	}
	t.Run("whoever the preview counted has it, once, and nobody else", func(t *testing.T) {
		if report.Counts.Accepted != preview.Messages || len(recipients) != preview.Messages {
			t.Errorf("%+v, %d recipients, want %d", report.Counts, len(recipients), preview.Messages)
		}
		for to, got := range office.byRecipient() {
			r, ok := recipients[to]
			if len(got) != 1 || !ok && to != "essai@dgs.formation.mssante.fr" || ok && got[0].id != "<"+r.MessageID+">" {
				t.Errorf("%d messages, on the list: %v", len(got), ok)
			}
		}
	})
	t.Run("an approver sees no address", func(t *testing.T) {
		alert(1, "recipients", id, "--token-file", chief)
	})
	t.Run("the link in a message acknowledges it, over REST, by POST alone", func(t *testing.T) {
		var text string
		for to := range recipients {
			text = strings.ReplaceAll(office.byRecipient()[to][0].body, "=\r\n", "")
			break
		}
		path := regexp.MustCompile(`https://annuaire\.example(/v1/alerts/[-\w]+/acknowledge/[-\w]+)`).FindStringSubmatch(text)
		if path == nil {
			t.Fatal(text)
		}
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			req, _ := http.NewRequestWithContext(t.Context(), method, p.url+path[1], nil)
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if err := json.Unmarshal([]byte(alert(0, "report", id, "--token-file", chief, "--json").out), &report); err != nil {
				t.Fatal(err)
			}
			if want := map[string]int{http.MethodGet: 0, http.MethodPost: 1}[method]; res.StatusCode != 200 || report.Counts.Acknowledged != want {
				t.Errorf("%s: %d, %d acknowledged", method, res.StatusCode, report.Counts.Acknowledged)
			}
		}
	})
	t.Run("the public reads it in the archive, without a word of the audience", func(t *testing.T) {
		for _, path := range []string{"/v1/alerts/public", "/v1/alerts/public/" + id, "/v1/alerts/public/" + id + "?format=cap"} {
			res, err := http.Get(p.url + path)
			if err != nil {
				t.Fatal(err)
			}
			b, _ := io.ReadAll(res.Body)
			_ = res.Body.Close()
			if s := string(b); res.StatusCode != 200 || !strings.Contains(s, "Rougeole") || strings.Contains(s, "profession") || strings.Contains(s, "Anne") {
				t.Error(path, res.StatusCode, s)
			}
		}
	})
	t.Run("the evidence names both, with the hash of the list", func(t *testing.T) {
		res := alert(0, "evidence", id, "--token-file", chief)
		if !strings.Contains(res.out, `"name":"Anne"`) || !strings.Contains(res.out, `"name":"Bruno"`) || !regexp.MustCompile(`"hash":"[0-9a-f]{64}"`).MatchString(res.out) {
			t.Error(res.out)
		}
	})
	t.Run("tables for people", func(t *testing.T) {
		for want, args := range map[string][]string{"Rougeole": {"list"}, "approver  Bruno": {"show", id}, "accepted": {"report", id}, "recipients,queued": {"report", id, "--csv"}} {
			if res := alert(0, append(args, "--token-file", chief)...); !strings.Contains(res.out, want) {
				t.Errorf("%q: %s", args, res.out)
			}
		}
	})
	t.Run("no log holds an address, a title or a token", func(t *testing.T) {
		log := p.text()
		for to := range recipients {
			if strings.Contains(log, to) {
				t.Error("an address")
			}
		}
		if strings.Contains(log, "Rougeole") || strings.Contains(log, "acknowledge/A") {
			t.Error(log)
		}
	})
	t.Run("without a server the commands say what is missing", func(t *testing.T) {
		res := typed(t, "alert", "list", "--data", t.TempDir())
		if res.code != 1 || !strings.Contains(res.err, "annuaire serve") {
			t.Error(res.code, res.err)
		}
	})
}
