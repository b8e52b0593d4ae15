package config

import (
	"strings"
	"testing"
	"time"

	"annuaire"
)

func TestAlertSettings(t *testing.T) {
	good := func(c *Config) {
		c.Alert.Issuer, c.Alert.From, c.Alert.Relays = "DGS", "alertes@dgs.mssante.fr", []string{"smtp.exemple.fr:587"}
		c.Alert.Seeds, c.Alert.PublicURL = []string{"relecture@dgs.mssante.fr"}, "https://annuaire.exemple.fr"
	}
	for rule, tt := range map[string]struct {
		edit func(*Alert)
		want string // "" for none
	}{
		"a relay with STARTTLS is good":                       {func(*Alert) {}, ""},
		"reports of delivery on this machine are good":        {func(a *Alert) { a.LMTP = "127.0.0.1:2424" }, ""},
		"a relay on this machine may go without TLS":          {func(a *Alert) { a.Security, a.Relays = "none", []string{"127.0.0.1:25", "localhost:25", "[::1]:25"} }, ""},
		"a relay elsewhere may not":                           {func(a *Alert) { a.Security = "none" }, "alert.security"},
		"a protection that does not exist":                    {func(a *Alert) { a.Security = "ssl" }, "alert.security"},
		"a relay without a port":                              {func(a *Alert) { a.Relays = []string{"smtp.exemple.fr"} }, "alert.relays"},
		"a sender that is no address":                         {func(a *Alert) { a.From = "x\r\nBcc: y@z.fr" }, "alert.from"},
		"a seed that is no address":                           {func(a *Alert) { a.Seeds = []string{"Nom <a@b.fr>"} }, "alert.seeds"},
		"relays without a sender":                             {func(a *Alert) { a.From = "" }, "needed where there are relays"},
		"an issuer of two lines":                              {func(a *Alert) { a.Issuer = "DGS\nX" }, "alert.issuer"},
		"a user without a password":                           {func(a *Alert) { a.User = "annuaire" }, "password_file"},
		"links that are not protected":                        {func(a *Alert) { a.PublicURL = "http://annuaire.exemple.fr" }, "alert.public_url"},
		"reports of delivery from anywhere":                   {func(a *Alert) { a.LMTP = "0.0.0.0:2424" }, "alert.lmtp"},
		"no connection at all":                                {func(a *Alert) { a.Connections = 0 }, "alert.connections"},
		"a window that a crash would send again by thousands": {func(a *Alert) { a.Window = 100_000 }, "alert.window"},
		"no message to a domain at a time":                    {func(a *Alert) { a.PerDomain = 0 }, "alert.per_domain"},
		"less than no message a second":                       {func(a *Alert) { a.DomainRate = -1 }, "alert.domain_rate"},
		"a retry at once":                                     {func(a *Alert) { a.RetryBase = "1ms" }, "alert.retry_base"},
		"recipients kept for an hour":                         {func(a *Alert) { a.Retention = "1h" }, "alert.retention"},
		"recipients kept for ever":                            {func(a *Alert) { a.Retention = "0" }, ""},
	} {
		t.Run(rule, func(t *testing.T) {
			c := Default()
			good(&c)
			tt.edit(&c.Alert)
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
		if c := Default(); c.Validate() != nil || c.Alert.Keep() != 365*24*time.Hour || c.Alert.Retry() != time.Minute {
			t.Error(c.Validate())
		}
	})
}
