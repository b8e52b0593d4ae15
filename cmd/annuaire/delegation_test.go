package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"annuaire"
	"annuaire/internal/config"
	"annuaire/internal/directory"
	"annuaire/internal/registry"
)

// registered gives the first of some people of a data directory a box that may be delegated, and all of them an account. It returns them.
func registered(t *testing.T, data, address string) (people []annuaire.Professional) {
	t.Helper()
	d, err := directory.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}()
	ctx := context.Background()
	page, err := d.SearchProfessionals(ctx, annuaire.Query{Where: annuaire.Prefix(annuaire.FieldID, "8"), Sort: annuaire.SortName, Limit: 3})
	if err != nil || len(page.Items) < 3 {
		t.Fatal(len(page.Items), err)
	}
	r := registry.New(d, registry.Policy{Training: true, Terms: config.Default().Mailboxes.Terms})
	p := registry.NewPersonal(d.Ledger, d, nil, registry.PersonalOptions{Registry: r})
	for _, it := range page.Items {
		people = append(people, it.Value)
		who := annuaire.Caller{ID: "pro:" + it.Value.ID, Roles: []annuaire.Role{annuaire.RoleProfessional}, Professional: it.Value.ID}
		if _, _, err := p.PutAccount(ctx, who, annuaire.AccountChange{Contact: it.Value.ID + "@exemple.fr", Terms: config.Default().Mailboxes.Terms}, ""); err != nil {
			t.Fatal(err)
		}
	}
	_, domain, _ := strings.Cut(address, "@")
	delegable := true
	holder := people[0]
	if _, _, err := r.Put(ctx, annuaire.Caller{ID: "op", Roles: []annuaire.Role{annuaire.RoleOperator}, Domains: []string{domain}},
		annuaire.Registered{Address: address, Kind: annuaire.KindPER, Holder: holder.ID, Family: holder.Family, Given: holder.Given, Terms: config.Default().Mailboxes.Terms, Delegable: &delegable}, ""); err != nil {
		t.Fatal(err)
	}
	return people
}

func TestDelegationsOfARunningServer(t *testing.T) {
	const address, sink = "titulaire@operateur.formation.mssante.fr", "bac@exercice.formation.mssante.fr"
	data := loaded(t, extracts(t, set{300, 1, 0}))
	people := registered(t, data, address)
	office, relay := openPostOffice(t)
	file := filepath.Join(t.TempDir(), "annuaire.toml")
	if err := os.WriteFile(file, []byte(fmt.Sprintf("mode = \"training\"\n[notify]\nsmtp = %q\nfrom = \"ne-pas-repondre@annuaire.example\"\nsecurity = \"offered\"\nsink = %q\n", relay, sink)), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Run("without a server the command says what to do", func(t *testing.T) {
		if res := must(t, []int{1}, "delegation", "list", "--data", data, address); !strings.Contains(res.err, "annuaire serve") {
			t.Error(res.err)
		}
	})
	p := start(t, "REST", nil, "serve", "--data", data, "--http", "127.0.0.1:0", "--config", file)
	defer p.stop(t)
	run := func(codes []int, args ...string) result {
		t.Helper()
		return must(t, codes, append([]string{args[0], args[1], "--data", data}, args[2:]...)...)
	}
	delegate := people[1]
	t.Run("adding tells holder and delegate; in training, the sink alone, which reads FORMATION", func(t *testing.T) {
		if out := run(nil, "delegation", "add", address, delegate.ID[1:]).out; !strings.Contains(out, delegate.ID) || !strings.Contains(out, "active") {
			t.Error(out)
		}
		for range 2 {
			if l := office.next(t); l.to != sink || !strings.Contains(l.subject, "FORMATION") || !strings.HasPrefix(l.body, "FORMATION") || strings.Contains(l.body, "@exemple.fr") {
				t.Errorf("%+v", l)
			}
		}
	})
	t.Run("a rule that is broken is said in words, and is exit code 1", func(t *testing.T) {
		if res := run([]int{1}, "delegation", "add", address, delegate.ID); !strings.Contains(res.err, "déjà déléguée") {
			t.Error(res.err)
		}
		if res := run([]int{2}, "delegation", "add", address, "123"); !strings.Contains(res.err, "RPPS") {
			t.Error(res.err)
		}
	})
	t.Run("it is listed", func(t *testing.T) {
		if out := run(nil, "delegation", "list", address).out; !strings.Contains(out, delegate.Family) || !strings.Contains(out, "1 / 10") {
			t.Error(out)
		}
	})
	t.Run("check answers by its exit code too", func(t *testing.T) {
		if out := run(nil, "delegation", "check", address, delegate.ID).out; !strings.Contains(out, "send_on_behalf") {
			t.Error(out)
		}
		var r annuaire.Rights
		if err := json.Unmarshal([]byte(run([]int{1}, "delegation", "check", address, people[2].ID, "--json").out), &r); err != nil || r.Scope != "none" || r.Reason != "no_delegation" {
			t.Errorf("%+v %v", r, err)
		}
	})
	t.Run("removal asks, and takes no answer for no", func(t *testing.T) {
		run([]int{1}, "delegation", "remove", address, delegate.ID)
		run(nil, "delegation", "check", address, delegate.ID)
	})
	t.Run("told not to ask, it removes, and tells holder and delegate", func(t *testing.T) {
		run(nil, "delegation", "remove", address, delegate.ID, "--yes")
		run([]int{1}, "delegation", "check", address, delegate.ID)
		office.next(t)
		office.next(t)
	})
	t.Run("what is held on somebody is written for its reader alone", func(t *testing.T) {
		out := filepath.Join(t.TempDir(), "held.json")
		run([]int{2}, "person", "export", people[0].ID)
		run(nil, "person", "export", people[0].ID, "--reason", "demande", "--out", out)
		info, err := os.Stat(out)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Fatal(info, err)
		}
		b, err := os.ReadFile(out)
		var h annuaire.Held
		if err == nil {
			err = json.Unmarshal(b, &h)
		}
		if err != nil || h.Account == nil || len(h.Mailboxes) != 1 || len(h.Audit) < 4 {
			t.Errorf("%+v %v", h, err)
		}
	})
	t.Run("erasing asks, erases, and says what stays", func(t *testing.T) {
		run([]int{1}, "person", "erase", people[0].ID, "--reason", "demande")
		var e annuaire.Erased
		if err := json.Unmarshal([]byte(run(nil, "person", "erase", people[0].ID, "--reason", "demande", "--yes").out), &e); err != nil || !e.Account || e.Mailboxes != 1 || len(e.Kept) != 1 {
			t.Errorf("%+v %v", e, err)
		}
		run([]int{1}, "delegation", "list", address)
		if code, _, err := get(p.url + "/v1/mailboxes/" + address); err != nil || code != 404 {
			t.Error(code, err)
		}
	})
	t.Run("no contact address and no mailbox is in the log", func(t *testing.T) {
		if s := p.text(); strings.Contains(s, "@exemple.fr") || strings.Contains(s, address) || strings.Contains(s, sink) {
			t.Error(s)
		}
	})
	t.Run("the metrics tell how many messages wait", func(t *testing.T) {
		res, body := fetch(t, http.DefaultClient, p.url+"/metrics", "")
		if res != 200 || !strings.Contains(body, "annuaire_notices_waiting 0") || !strings.Contains(body, `annuaire_notices_total{outcome="sent"} 4`) {
			t.Error(res, body)
		}
	})
}
