package config

import (
	"strings"
	"testing"
	"time"

	"annuaire"
)

func TestDurationsMayBeInDays(t *testing.T) {
	for s, want := range map[string]time.Duration{"": 0, "0": 0, "0d": 0, "400d": 400 * 24 * time.Hour, "36h": 36 * time.Hour} {
		if got, err := Duration(s); got != want || err != nil {
			t.Errorf("%q: %v %v", s, got, err)
		}
	}
	for _, s := range []string{"-1h", "-2d", "soon", "d", "99999999d"} {
		if _, err := Duration(s); err == nil {
			t.Errorf("%q is taken", s)
		}
	}
}

func TestOperatingSettingsThatAreRefused(t *testing.T) {
	withMail := func(c *Config) {
		c.Alarm.MailTo, c.Alarm.MailFrom, c.Alarm.SMTP = []string{"astreinte@exemple.fr"}, "annuaire@exemple.fr", "127.0.0.1:25"
	}
	for rule, tt := range map[string]struct {
		edit func(*Config)
		want string // "" for none
	}{
		"the defaults are good":                       {func(*Config) {}, ""},
		"mail with a relay is good":                   {withMail, ""},
		"a log kept for less than a day":              {func(c *Config) { c.Feed.Retention = "1h" }, "feed.retention"},
		"a limit that is no duration":                 {func(c *Config) { c.Alarm.StaleAfter = "soon" }, "alarm.stale_after"},
		"a heartbeat that is no web address":          {func(c *Config) { c.Alarm.HeartbeatURL = "file:///etc/passwd" }, "alarm.heartbeat_url"},
		"a heartbeat every second":                    {func(c *Config) { c.Alarm.HeartbeatURL, c.Alarm.HeartbeatEvery = "https://x.fr/1", "1s" }, "alarm.heartbeat_every"},
		"mail without a relay":                        {func(c *Config) { withMail(c); c.Alarm.SMTP = "" }, "alarm.smtp"},
		"mail to something that is no address":        {func(c *Config) { withMail(c); c.Alarm.MailTo = []string{"x\r\nBcc: y@z.fr"} }, "alarm.mail_to"},
		"a training instance that would write abroad": {func(c *Config) { withMail(c); c.Mode = Training }, "formation.mssante.fr only"},
		"a maintenance without end":                   {func(c *Config) { c.Maintenance.From = "2026-12-01T22:00:00Z" }, "maintenance:"},
		"a maintenance that ends before it begins": {func(c *Config) {
			c.Maintenance.From, c.Maintenance.Until = "2026-12-01T22:00:00Z", "2026-12-01T21:00:00Z"
		}, "maintenance:"},
		"more generations than a disk has room for": {func(c *Config) { c.Storage.KeepGenerations = 101 }, "storage.keep_generations"},
		"less than no room":                         {func(c *Config) { c.Storage.MinFreeMB = -1 }, "storage.min_free_mb"},
	} {
		t.Run(rule, func(t *testing.T) {
			c := Default()
			tt.edit(&c)
			err := c.Validate()
			if tt.want == "" && err != nil || tt.want != "" && (annuaire.CodeOf(err) != annuaire.CodeInvalid || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("%v, want %q in it", err, tt.want)
			}
		})
	}
}
