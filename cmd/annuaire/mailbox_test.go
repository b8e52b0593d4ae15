package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"annuaire/internal/cli"
)

// holders returns people with an RPPS and two names, whom personal boxes can be made for.
func holders(t *testing.T, url string, n int) (out []someone) {
	t.Helper()
	code, body := fetch(t, http.DefaultClient, url+"/v1/professionals?profession=10&limit=50", "")
	var page people
	if err := json.Unmarshal([]byte(body), &page); err != nil || code != 200 {
		t.Fatal(code, body, err)
	}
	for _, p := range page.Items {
		if p.RPPS != "" && p.Given != "" {
			out = append(out, p)
		}
	}
	if len(out) < n {
		t.Fatalf("%d people of %d", len(out), n)
	}
	return out[:n]
}

// TestMailboxCommands goes through the life of boxes on the command line, with the program as it is used.
func TestMailboxCommands(t *testing.T) {
	data := loaded(t, extracts(t, set{2000, 1, 0}))
	p := start(t, "REST", []string{"ANNUAIRE_MODE=training"}, "serve", "--data", data, "--http", "127.0.0.1:0")
	defer p.stop(t)
	who := holders(t, p.url, 3)
	run := func(args ...string) result {
		t.Helper()
		return typed(t, append(append([]string{"mailbox"}, args...), "--data", data)...)
	}
	ok := func(res result, wants ...string) string {
		t.Helper()
		for _, w := range wants {
			if res.code != 0 || !strings.Contains(res.out, w) {
				t.Fatalf("%d %s%s, want %q", res.code, res.out, res.err, w)
			}
		}
		return res.out
	}
	const zoe = "zoe@x.formation.mssante.fr"
	per := []string{"kind=PER", "holder=" + who[0].RPPS, "family=" + who[0].Family, "given=" + who[0].Given, "terms=1.0"}
	t.Run("a box is registered and found within a second", func(t *testing.T) {
		begun := time.Now()
		ok(run(append([]string{"put", zoe}, per...)...), `"state":"active","published":true`)
		for found := false; !found; {
			if code, body := fetch(t, http.DefaultClient, p.url+"/v1/mailboxes?mailbox="+zoe, ""); code == 200 && strings.Contains(body, zoe) {
				found = true
			} else if time.Since(begun) > deadline {
				t.Fatal(code, body)
			}
		}
	})
	t.Run("a rule that is broken is named", func(t *testing.T) {
		res := run("put", zoe, "kind=PER", "holder="+who[0].RPPS, "family=BIRTHNAME", "given="+who[0].Given, "terms=1.0")
		if res.code != cli.ExitInput || !strings.Contains(res.err, "name_mismatch") || strings.Contains(res.err, who[0].Family) {
			t.Error(res.code, res.err)
		}
	})
	t.Run("a table is imported: good rows are taken, bad ones reported by their line", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "boxes.csv")
		table := "Adresse;Type;Titulaire;Nom;Prénom;CGU;Liste rouge\n" +
			fmt.Sprintf("a@x.formation.mssante.fr;PER;%s;%s;%s;1.0;non\n", who[1].RPPS, who[1].Family, who[1].Given) +
			fmt.Sprintf("b@x.formation.mssante.fr;PER;%s;%s;%s;1.0;peut-être\n", who[1].RPPS, who[1].Family, who[1].Given) +
			fmt.Sprintf("c@x.mssante.fr;PER;%s;%s;%s;1.0;non\n", who[1].RPPS, who[1].Family, who[1].Given) +
			fmt.Sprintf("d@x.formation.mssante.fr;PER;%s;%s;%s;1.0;oui\n", who[2].RPPS, who[2].Family, who[2].Given)
		if err := os.WriteFile(file, []byte(table), 0o600); err != nil {
			t.Fatal(err)
		}
		res := run("import", file)
		want := "line,address,outcome,rule,parameter,detail\n3,,refused,line_invalid,,red_list: oui or non is expected\n4,c@x.mssante.fr,refused,training_only,address,"
		if res.code != cli.ExitInput || !strings.HasPrefix(res.out, want) || !strings.Contains(res.err, "2 created, 0 changed, 0 as they were, 2 refused") {
			t.Errorf("%d %s%s", res.code, res.out, res.err)
		}
		again := run("import", file, "--json", "--all")
		if again.code != cli.ExitInput || !strings.Contains(again.err, "0 created, 0 changed, 2 as they were, 2 refused") || strings.Count(again.out, "\n") != 4 {
			t.Errorf("%d %s%s", again.code, again.out, again.err)
		}
	})
	t.Run("boxes are listed, those on the red list too", func(t *testing.T) {
		out := ok(run("list"), zoe, "d@x.formation.mssante.fr")
		if strings.Count(out, "\n") != 4 {
			t.Error(out)
		}
		if out := ok(run("list", "--state", "red_listed", "--json"), "d@x"); strings.Count(out, "\n") != 1 {
			t.Error(out)
		}
	})
	t.Run("what is exported can be imported, and changes nothing", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "out.csv")
		if err := os.WriteFile(file, []byte(ok(run("export"), "address,kind,holder")), 0o600); err != nil {
			t.Fatal(err)
		}
		if res := run("import", file); res.code != 0 || !strings.Contains(res.err, "0 created, 0 changed, 3 as they were, 0 refused") {
			t.Error(res.code, res.out, res.err)
		}
	})
	t.Run("a box is changed and its history told", func(t *testing.T) {
		ok(run("patch", zoe, "red_list=oui"), `"in_force":true`)
		if code, _ := fetch(t, http.DefaultClient, p.url+"/v1/mailboxes/"+zoe, ""); code != 404 {
			t.Error("still public:", code)
		}
		ok(run("show", zoe), `"published":false`)
		ok(run("show", zoe, "--history"), `"what":"change"`)
	})
	t.Run("a removal asks, and whoever cannot be asked has not agreed", func(t *testing.T) {
		for _, do := range []string{"close", "delete"} {
			if res := run(do, zoe); res.code != 1 || !strings.Contains(res.err, do+" "+zoe) {
				t.Error(res.code, res.err)
			}
		}
		ok(run("close", zoe, "--yes"), `"state":"closed"`)
		ok(run("delete", zoe, "--yes"), "is deleted")
		if res := run("show", zoe); res.code != 1 {
			t.Error(res.code, res.out)
		}
	})
	t.Run("a month is counted", func(t *testing.T) {
		ok(run("indicators"), `"domain":"x.formation.mssante.fr"`)
		ok(run("indicators", "--csv"), "month,domain,per")
	})
	t.Run("over an address, with the token of an operator", func(t *testing.T) {
		secret := strings.TrimSpace(must(t, nil, "token", "new", "--data", data, "--name", "x", "--role", "operator", "--domain", "x.formation.mssante.fr").out)
		file := filepath.Join(t.TempDir(), "token")
		if err := os.WriteFile(file, []byte(secret+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if res := typed(t, "mailbox", "list", "--server", p.url, "--token-file", file); res.code != 0 || !strings.Contains(res.out, "d@x.formation") {
			t.Error(res.code, res.out, res.err)
		}
		if res := typed(t, "mailbox", "list", "--server", p.url, "--token-file", file, "--domain", "y.formation.mssante.fr"); res.code != 1 || !strings.Contains(res.err, "domain_not_yours") {
			t.Error(res.code, res.out, res.err)
		}
		for _, bad := range [][]string{{"--server", "http://annuaire.exemple.fr", "--token-file", file}, {"--server", p.url}} {
			if res := typed(t, append([]string{"mailbox", "list"}, bad...)...); res.code != cli.ExitUsage {
				t.Error(res.code, res.err)
			}
		}
	})
	t.Run("nothing of it is in the log", func(t *testing.T) {
		for _, secret := range []string{zoe, "d@x.formation", who[0].RPPS, who[0].Family + " "} {
			if strings.Contains(p.text(), secret) {
				t.Errorf("%q is in the log:\n%s", secret, p.text())
			}
		}
	})
	t.Run("without a server it says so", func(t *testing.T) {
		if res := typed(t, "mailbox", "list", "--data", t.TempDir()); res.code != 1 || !strings.Contains(res.err, "annuaire serve") {
			t.Error(res.code, res.err)
		}
	})
}
