package config

import (
	"net/url"
	"time"
)

// Feed is how long the log of changes is kept.
type Feed struct {
	Retention string `toml:"retention"` // by the date of the extract, as "400d"; "" or "0" is for ever
}

// Storage is what the disk must do.
type Storage struct {
	KeepGenerations int `toml:"keep_generations"` // replaced ones kept on disk, for whoever wants to look
	MinFreeMB       int `toml:"min_free_mb"`      // below, /readyz says degraded
}

// Alarm is who is told that the data is no longer fresh.
type Alarm struct {
	StaleAfter       string   `toml:"stale_after"`     // age of the extract, as "48h"; "" or "0" is never
	HeartbeatURL     string   `toml:"heartbeat_url"`   // asked for while all is well: whoever watches it alarms when it stops
	HeartbeatEvery   string   `toml:"heartbeat_every"` // as "1h"
	MailTo           []string `toml:"mail_to"`
	MailFrom         string   `toml:"mail_from"`
	SMTP             string   `toml:"smtp"` // host:port of a relay
	SMTPUser         string   `toml:"smtp_user"`
	SMTPPasswordFile string   `toml:"smtp_password_file"`
}

// Maintenance is a planned interruption, announced on /readyz and in every answer until it is over.
type Maintenance struct {
	From      string `toml:"from"` // RFC 3339; "" is none
	Until     string `toml:"until"`
	Message   string `toml:"message"` // French
	MessageEN string `toml:"message_en"`
}

// Keep is how long changes are kept; 0 is for ever.
func (f Feed) Keep() time.Duration { return known(f.Retention) }

// Limit is the age from which the data is stale; 0 is never.
func (a Alarm) Limit() time.Duration { return known(a.StaleAfter) }

// Every is the time between heartbeats.
func (a Alarm) Every() time.Duration { return known(a.HeartbeatEvery) }

// Window returns the interval of the maintenance; ok is false when none is planned.
func (m Maintenance) Window() (from, until time.Time, ok bool) {
	from, err1 := time.Parse(time.RFC3339, m.From)
	until, err2 := time.Parse(time.RFC3339, m.Until)
	return from, until, err1 == nil && err2 == nil
}

// operating tells what is wrong with the settings of this file.
func (c Config) operating(f *faults) {
	for name, s := range map[string]string{"alarm.stale_after": c.Alarm.StaleAfter, "alarm.heartbeat_every": c.Alarm.HeartbeatEvery} {
		_, err := Duration(s)
		f.want(err == nil, "%s: %w", name, err)
	}
	f.keeping("feed.retention", c.Feed.Retention)
	f.within("storage.keep_generations", c.Storage.KeepGenerations, 0, 100)
	f.want(c.Storage.MinFreeMB >= 0, "storage.min_free_mb: 0 or more (got %d)", c.Storage.MinFreeMB)
	if m := c.Maintenance; m != (Maintenance{}) {
		from, until, ok := m.Window()
		f.want(ok && from.Before(until), "maintenance: from and until, as 2026-12-01T22:00:00Z, one before the other (got %q, %q)", m.From, m.Until)
	}
	c.alarm(f)
}

func (c Config) alarm(f *faults) {
	a := c.Alarm
	if a.HeartbeatURL != "" {
		u, err := url.Parse(a.HeartbeatURL)
		f.want(err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http"), "alarm.heartbeat_url: an http or https address")
		d, err := Duration(a.HeartbeatEvery)
		f.want(err != nil || d >= time.Minute, "alarm.heartbeat_every: a minute at least (got %q)", a.HeartbeatEvery)
	}
	if len(a.MailTo) == 0 {
		return
	}
	f.hostPort("alarm.smtp, for alarm.mail_to", a.SMTP)
	for _, to := range append([]string{a.MailFrom}, a.MailTo...) {
		f.address("alarm.mail_from, alarm.mail_to", to)
	}
	for _, to := range a.MailTo {
		if c.Mode == Training {
			f.trained("alarm.mail_to", to)
		}
	}
}
