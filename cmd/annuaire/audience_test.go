package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/registry"
)

// TestAudienceCommands takes an audience from its first words to its removal, through a server, on a directory where somebody's mailbox is
// on the red list.
func TestAudienceCommands(t *testing.T) {
	data := loaded(t, extracts(t, set{300, 1, 0}))
	holder := redListed(t, data)
	file := func(role string) string {
		path := filepath.Join(t.TempDir(), "token")
		secret := must(t, nil, "token", "new", "--data", data, "--name", role, "--role", role).out
		if err := os.WriteFile(path, []byte(secret), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	author, addresses, reader := file("alert:author"), file("alert:addresses"), file("reader")
	p, _ := serving(t, data, "mode = \"training\"\n")
	defer p.stop(t)
	run := func(codes []int, token string, args ...string) result {
		t.Helper()
		return must(t, codes, append(append([]string{"alert", "audience"}, args...), "--url", p.url, "--token-file", token)...)
	}
	preview := func(token, text string) (out annuaire.AudiencePreview) {
		t.Helper()
		if err := json.Unmarshal([]byte(run(nil, token, "preview", "--json", text).out), &out); err != nil {
			t.Fatal(err)
		}
		return out
	}

	t.Run("a preview says first how many are selected and how many can be reached", func(t *testing.T) {
		out := run(nil, author, "preview", "--seed", "1", "médecin", "OU", "infirmier").out
		if !strings.Contains(strings.SplitN(out, "\n", 2)[0], "joignables / reachable") || !strings.Contains(out, "word:infirmier") || !strings.Contains(out, "60 Infirmier") {
			t.Fatal(out)
		}
	})
	t.Run("the red list shows to whoever may see addresses, and to an author only by tens", func(t *testing.T) {
		exact, coarse := preview(addresses, "include(rpps:"+holder+")"), preview(author, "include(rpps:"+holder+")")
		if exact.Coarse || exact.Selected != 1 || exact.RedListed != 1 || exact.Reachable != 1 {
			t.Error(exact)
		}
		if !coarse.Coarse || coarse.RedListed != 0 || coarse.Reachable != 0 || coarse.Breakdown["profession"][0].Reachable != 0 {
			t.Error(coarse)
		}
	})
	t.Run("an audience is saved, listed, shown, previewed and removed", func(t *testing.T) {
		if out := run(nil, author, "save", "essai", "--title", "Un essai", "médecin -mode:L").out; out != "essai v1: word:médecin -mode:L\n" {
			t.Fatal(out)
		}
		if out := run(nil, author, "list").out; !strings.Contains(out, "essai") || !strings.Contains(out, "Un essai") {
			t.Error(out)
		}
		if out := run(nil, author, "show", "essai").out; !strings.Contains(out, `"not":{"field":"mode","values":["L"]}`) {
			t.Error(out)
		}
		run(nil, author, "preview", "--name", "essai")
		if out := run(nil, author, "preview", "--name", "essai").out; !strings.Contains(out, "+0 -0") {
			t.Error(out)
		}
		if out := run(nil, author, "unreachable", "essai").out; !strings.HasPrefix(out, "id,rpps,") || strings.Count(out, "\n") < 2 {
			t.Error(out)
		}
		if out := run([]int{1}, author, "save", "essai", "kiné").err; !strings.Contains(out, "version 1") {
			t.Error(out)
		}
		run(nil, author, "save", "essai", "--version", "1", "kiné")
		if out := run([]int{1}, author, "delete", "essai", "--version", "2").err; !strings.Contains(out, "delete audience essai") {
			t.Error("a removal does not ask:", out)
		}
		run([]int{1}, author, "delete", "essai", "--version", "1", "--yes")
		run(nil, author, "delete", "essai", "--version", "2", "--yes")
		run([]int{1}, author, "show", "essai")
	})
	t.Run("what cannot be read says where and what was expected", func(t *testing.T) {
		if out := run([]int{2}, author, "preview", "profesion:10").err; !strings.Contains(out, "profession") {
			t.Error(out)
		}
	})
	t.Run("a reader has no audiences, nor has anyone without a token", func(t *testing.T) {
		run([]int{1}, reader, "list")
		must(t, []int{2}, "alert", "audience", "list", "--url", p.url)
	})
	t.Run("without an address, the server of the data directory is asked through its socket, which is nobody's", func(t *testing.T) {
		if out := must(t, nil, "alert", "audience", "preview", "--data", data, "--token-file", author, "médecin").out; !strings.Contains(out, "joignables / reachable") {
			t.Error(out)
		}
		must(t, []int{1}, "alert", "audience", "list", "--data", data, "--token-file", reader)
		must(t, []int{1}, "alert", "audience", "list", "--data", data)
	})
	t.Run("a token is not sent in the clear", func(t *testing.T) {
		must(t, []int{2}, "alert", "audience", "list", "--data", data, "--token-file", author, "--url", "http://annuaire.example")
	})
	t.Run("each look is in the audit", func(t *testing.T) {
		if out := must(t, nil, "audit", "export", "--data", data, "--what", "audience", "--format", "csv").out; !strings.Contains(out, "audience.preview") || !strings.Contains(out, "audience.unreachable") || !strings.Contains(out, "audience.remove") {
			t.Error(out)
		}
	})
}

// redListed registers a mailbox on the red list for somebody without one, and returns who that is.
func redListed(t *testing.T, data string) (holder string) {
	t.Helper()
	d, err := directory.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, d)
	page, err := d.SearchProfessionals(t.Context(), annuaire.Query{Where: annuaire.And(annuaire.OneActivity(annuaire.Equals("profession", "10")), annuaire.Equals("has_mailbox", "false")), Limit: 1})
	if err != nil || len(page.Items) == 0 {
		t.Fatal(err)
	}
	who := page.Items[0].Value
	r := registry.New(d, registry.Policy{Training: true})
	_, _, err = r.Put(t.Context(), annuaire.Caller{ID: "op", Roles: []annuaire.Role{annuaire.RoleOperator}, Domains: []string{"op.formation.mssante.fr"}},
		annuaire.Registered{Address: "secret@op.formation.mssante.fr", Kind: annuaire.KindPER, Holder: who.ID, Family: who.Family, Given: who.Given, RedListOperator: true, Terms: "1"}, "")
	if err != nil {
		t.Fatal(err)
	}
	return who.ID
}
