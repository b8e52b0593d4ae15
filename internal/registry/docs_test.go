package registry

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"annuaire"
)

// exampleGrant is that of docs/DELEGATIONS.md.
func exampleGrant() annuaire.Grant {
	return annuaire.Grant{
		Delegation: annuaire.Delegation{ID: "809171209251", Mailbox: "zelie.exemple@operateur.mssante.fr", Holder: zelie, Delegate: "809171209251", Since: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)},
		From:       annuaire.Party{ID: zelie, RPPS: zelie[1:], Family: "EXEMPLE", Given: "Zélie", Present: true},
		To:         annuaire.Party{ID: "809171209251", RPPS: "09171209251", Family: "SECRETAIRE", Given: "Franck", Present: true},
	}
}

// notices are all that people are written, by whom and what they are told of.
func notices() map[string]string {
	out := map[string]string{}
	for name, n := range map[string]struct {
		what event
		id   string
	}{"added, to the holder": {added, zelie}, "added, to the delegate": {added, "809171209251"}, "added, to another delegate": {added, second},
		"removed, to the holder": {removed, zelie}, "removed, to the delegate": {removed, "809171209251"}} {
		subject, text := notice(n.what, exampleGrant(), n.id)
		out[name] = subject + "\n\n" + text
	}
	subject, text := termsNotice("2.0")
	out["terms"] = subject + "\n\n" + text
	return out
}

// rules lists the names of all the rules of delegations and accounts, sorted.
func rules() []string { return slices.Sorted(maps.Keys(breaches)) }

func documentation(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("../../docs/DELEGATIONS.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestDocumentationHasEveryRule(t *testing.T) {
	doc := documentation(t)
	for _, r := range rules() {
		if !strings.Contains(doc, "| `"+r+"` |") {
			t.Errorf("%s is not in docs/DELEGATIONS.md", r)
		}
	}
}

func TestDocumentationHasEveryText(t *testing.T) {
	doc := oneLine(strings.ReplaceAll(documentation(t), "\n> ", "\n"))
	for name, text := range notices() {
		body, _, _ := strings.Cut(text, endFR)
		_, body, _ = strings.Cut(body, "Bonjour,")
		if subject, _, _ := strings.Cut(text, "\n"); !strings.Contains(doc, subject) || !strings.Contains(doc, oneLine(body)) {
			t.Errorf("%s: docs/DELEGATIONS.md lacks\n%s", name, text)
		}
		for _, word := range []string{"http", "www.", "cliquez", "click"} {
			if strings.Contains(strings.ToLower(text), word) {
				t.Errorf("%s holds %q: nobody learns here to follow a link", name, word)
			}
		}
	}
}
