package main

import (
	"fmt"
	"testing"
)

// TestContract holds one training server against DESIGN 8, 9 and 10, section by section. Each uses what those before it left.
func TestContract(t *testing.T) {
	c := newContract(t)
	t.Run("8: search parameters", c.filters)
	t.Run("8: answers", c.answers)
	t.Run("8: routes that are read", c.reads)
	t.Run("8, 10: what is written", c.writes)
	t.Run("10: who may do what", c.everyoneElse)
	t.Run("8, 10: health alerts", c.alerts)
	t.Run("9: the address book", func(t *testing.T) {
		for address, opposed := range map[string]bool{"tel@y.formation.mssante.fr": false, "oppose@y.formation.mssante.fr": true} {
			c.ask(t, "operator", "PUT /v1/mailboxes/"+address, fmt.Sprintf(`{"kind": "PER", "holder": %q, "family": "EXEMPLE", "given": "Zélie", "phone": "0466000003", "phone_opposed": %t, "rank": 9, "terms": "1.0"}`, zelie, opposed)).says(t, 201)
		}
		c.ask(t, "operator", "PUT /v1/mailboxes/ambroise@y.formation.mssante.fr", fmt.Sprintf(`{"kind": "PER", "holder": %q, "family": "DE LA TOUR", "given": "Ambroise", "terms": "1.0"}`, ambroise)).says(t, 201)
		c.addressBook(t)
	})
	t.Run("8, 10: sync and gates", c.synced)
	t.Run("10: audit", c.audited)
	t.Run("10: training", c.formation)
	t.Run("8: every route of the contract was asked, and answered", func(t *testing.T) {
		for path, item := range c.stated {
			for method := range item {
				if !c.done[method+" "+path] {
					t.Errorf("%s %s", method, path)
				}
			}
		}
	})
	t.Run("8: every parameter of the contract was sent, and taken", func(t *testing.T) {
		for path, item := range c.stated {
			for method, op := range item {
				for _, p := range op.Parameters {
					if p.In != "path" && !c.sent[method+" "+path][p.Name] {
						t.Errorf("%s %s: %s", method, path, p.Name)
					}
				}
			}
		}
	})
	if code := c.stop(t); code != 0 {
		t.Error("exit code", code)
	}
}
