package config

import (
	"errors"
	"fmt"
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
func (c Config) operating() (errs []error) {
	for name, s := range map[string]string{"alarm.stale_after": c.Alarm.StaleAfter, "alarm.heartbeat_every": c.Alarm.HeartbeatEvery} {
		if _, err := Duration(s); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
	}
	errs = append(errs, keeping("feed.retention", c.Feed.Retention), within("storage.keep_generations", c.Storage.KeepGenerations, 0, 100))
	if c.Storage.MinFreeMB < 0 {
		errs = append(errs, fmt.Errorf("storage.min_free_mb: 0 or more (got %d)", c.Storage.MinFreeMB))
	}
	if m := c.Maintenance; m != (Maintenance{}) {
		if from, until, ok := m.Window(); !ok || !from.Before(until) {
			errs = append(errs, fmt.Errorf("maintenance: from and until, as 2026-12-01T22:00:00Z, one before the other (got %q, %q)", m.From, m.Until))
		}
	}
	return append(errs, c.alarm()...)
}

func (c Config) alarm() (errs []error) {
	a := c.Alarm
	if a.HeartbeatURL != "" {
		if u, err := url.Parse(a.HeartbeatURL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			errs = append(errs, errors.New("alarm.heartbeat_url: an http or https address"))
		}
		if d, err := Duration(a.HeartbeatEvery); err == nil && d < time.Minute {
			errs = append(errs, fmt.Errorf("alarm.heartbeat_every: a minute at least (got %q)", a.HeartbeatEvery))
		}
	}
	if len(a.MailTo) == 0 {
		return errs
	}
	if err := hostPort("alarm.smtp", a.SMTP); err != nil {
		errs = append(errs, fmt.Errorf("%w: of a mail relay, for alarm.mail_to", err))
	}
	for _, to := range append([]string{a.MailFrom}, a.MailTo...) {
		errs = append(errs, address("alarm.mail_from, alarm.mail_to", to))
	}
	for _, to := range a.MailTo {
		if c.Mode == Training {
			errs = append(errs, trained("alarm.mail_to", to))
		}
	}
	return errs
}
