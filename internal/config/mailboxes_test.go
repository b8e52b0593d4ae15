package config

import (
	"strings"
	"testing"
	"time"

	"annuaire"
)

func TestMailboxSettings(t *testing.T) {
	t.Run("the defaults hold", func(t *testing.T) {
		c := Default()
		if err := c.Validate(); err != nil || c.Mailboxes.Orphans() != 90*24*time.Hour || c.Mailboxes.ListEvery() != 6*time.Hour {
			t.Errorf("%+v %v", c.Mailboxes, err)
		}
	})
	t.Run("they come from the file and the environment as any", func(t *testing.T) {
		c, err := Load(file(t, "[mailboxes]\nwhite_list = \"/srv/l.xml\"\norphan_delay = \"0\""), []string{"ANNUAIRE_MAILBOXES_DELEGABLE=chu-orléans.mssante.fr, x.mssante.fr"})
		if err != nil || c.Mailboxes.WhiteList != "/srv/l.xml" || c.Mailboxes.Orphans() != 0 || len(c.Mailboxes.Delegable) != 2 || c.Validate() != nil {
			t.Errorf("%+v %v", c.Mailboxes, err)
		}
	})
	for rule, tt := range map[string]struct {
		want  string
		spoil func(*Mailboxes)
	}{
		"a list over plain http is refused":       {"mailboxes.white_list:", func(m *Mailboxes) { m.WhiteList = "http://x.fr/l.xml" }},
		"so is an address of another kind":        {"mailboxes.white_list:", func(m *Mailboxes) { m.WhiteList = "ftp://x.fr/l.xml" }},
		"an address asked every second":           {"mailboxes.white_list_every", func(m *Mailboxes) { m.WhiteListEvery = "1s" }},
		"a delay that is no duration":             {"mailboxes.orphan_delay", func(m *Mailboxes) { m.OrphanDelay = "soon" }},
		"a delay of an hour":                      {"mailboxes.orphan_delay", func(m *Mailboxes) { m.OrphanDelay = "1h" }},
		"terms without a version":                 {"mailboxes.terms", func(m *Mailboxes) { m.Terms = "" }},
		"an added domain that is none":            {"mailboxes.extra_domains", func(m *Mailboxes) { m.ExtraDomains = []string{"a b.fr"} }},
		"a delegable domain that is an address":   {"mailboxes.delegable", func(m *Mailboxes) { m.Delegable = []string{"a@b.fr"} }},
		"a bridge that is no domain":              {"mailboxes.apicrypt_domain", func(m *Mailboxes) { m.ApicryptDomain = "x" }},
		"and all mistakes are told together":      {"mailboxes.terms", func(m *Mailboxes) { m.Terms, m.ApicryptDomain = "é", "x" }},
		"a version of terms longer than its room": {"mailboxes.terms", func(m *Mailboxes) { m.Terms = strings.Repeat("1", 33) }},
	} {
		t.Run(rule, func(t *testing.T) {
			c := Default()
			tt.spoil(&c.Mailboxes)
			if err := c.Validate(); annuaire.CodeOf(err) != annuaire.CodeInvalid || !strings.Contains(err.Error(), tt.want) {
				t.Error(err)
			}
		})
	}
	t.Run("a list on this machine may be asked over plain http", func(t *testing.T) {
		c := Default()
		c.Mailboxes.WhiteList = "http://127.0.0.1:8000/l.xml"
		if err := c.Validate(); err != nil {
			t.Error(err)
		}
	})
}
