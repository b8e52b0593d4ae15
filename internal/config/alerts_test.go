package config

import (
	"strings"
	"testing"
	"time"

	"annuaire"
)

func TestAlertSettings(t *testing.T) {
	good := func(c *Config) {
		c.Alerts.Issuer, c.Alerts.From, c.Alerts.Relays = "DGS", "alertes@dgs.mssante.fr", []string{"smtp.exemple.fr:587"}
		c.Alerts.Seeds, c.Alerts.PublicURL = []string{"relecture@dgs.mssante.fr"}, "https://annuaire.exemple.fr"
	}
	for rule, tt := range map[string]struct {
		edit func(*Alerts)
		want string // "" for none
	}{
		"a relay with STARTTLS is good":                       {func(*Alerts) {}, ""},
		"reports of delivery on this machine are good":        {func(a *Alerts) { a.LMTP = "127.0.0.1:2424" }, ""},
		"a relay on this machine may go without TLS":          {func(a *Alerts) { a.Security, a.Relays = "none", []string{"127.0.0.1:25", "localhost:25", "[::1]:25"} }, ""},
		"a relay elsewhere may not":                           {func(a *Alerts) { a.Security = "none" }, "alerts.security"},
		"a protection that does not exist":                    {func(a *Alerts) { a.Security = "ssl" }, "alerts.security"},
		"a relay without a port":                              {func(a *Alerts) { a.Relays = []string{"smtp.exemple.fr"} }, "alerts.relays"},
		"a sender that is no address":                         {func(a *Alerts) { a.From = "x\r\nBcc: y@z.fr" }, "alerts.from"},
		"a seed that is no address":                           {func(a *Alerts) { a.Seeds = []string{"Nom <a@b.fr>"} }, "alerts.seeds"},
		"relays without a sender":                             {func(a *Alerts) { a.From = "" }, "needed where there are relays"},
		"an issuer of two lines":                              {func(a *Alerts) { a.Issuer = "DGS\nX" }, "alerts.issuer"},
		"a user without a password":                           {func(a *Alerts) { a.User = "annuaire" }, "password_file"},
		"links that are not protected":                        {func(a *Alerts) { a.PublicURL = "http://annuaire.exemple.fr" }, "alerts.public_url"},
		"reports of delivery from anywhere":                   {func(a *Alerts) { a.LMTP = "0.0.0.0:2424" }, "alerts.lmtp"},
		"no connection at all":                                {func(a *Alerts) { a.Connections = 0 }, "alerts.connections"},
		"a window that a crash would send again by thousands": {func(a *Alerts) { a.Window = 100_000 }, "alerts.window"},
		"no message to a domain at a time":                    {func(a *Alerts) { a.PerDomain = 0 }, "alerts.per_domain"},
		"less than no message a second":                       {func(a *Alerts) { a.DomainRate = -1 }, "alerts.domain_rate"},
		"a retry at once":                                     {func(a *Alerts) { a.RetryBase = "1ms" }, "alerts.retry_base"},
		"recipients kept for an hour":                         {func(a *Alerts) { a.Retention = "1h" }, "alerts.retention"},
		"recipients kept for ever":                            {func(a *Alerts) { a.Retention = "0" }, ""},
	} {
		t.Run(rule, func(t *testing.T) {
			c := Default()
			good(&c)
			tt.edit(&c.Alerts)
			err := c.Validate()
			if tt.want == "" && err != nil || tt.want != "" && (annuaire.CodeOf(err) != annuaire.CodeInvalid || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("%v, want %q in it", err, tt.want)
			}
		})
	}
	t.Run("a training instance writes from and to the training domain alone", func(t *testing.T) {
		c := Default()
		good(&c)
		c.Mode = Training
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), "formation.mssante.fr only") {
			t.Error(err)
		}
	})
	t.Run("without any of it nothing is sent, and that is good", func(t *testing.T) {
		if c := Default(); c.Validate() != nil || c.Alerts.Keep() != 365*24*time.Hour || c.Alerts.Retry() != time.Minute {
			t.Error(c.Validate())
		}
	})
}
