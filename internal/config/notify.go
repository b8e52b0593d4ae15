package config

import (
	"slices"
	"time"
)

// Notify is how people are told of what concerns them: delegations, new terms.
type Notify struct {
	SMTP         string `toml:"smtp"` // host:port of the relay; "" writes to nobody
	From         string `toml:"from"`
	User         string `toml:"user"` // "" is no authentication
	PasswordFile string `toml:"password_file"`
	Security     string `toml:"security"`   // starttls, implicit (TLS from the first byte), offered (STARTTLS where the relay has it)
	Sink         string `toml:"sink"`       // the one address that a training instance writes to; "" writes to nobody
	GiveUp       string `toml:"give_up"`    // after how long a message is given up, as "72h"
	FirstRetry   string `toml:"retry"`      // before the second attempt, as "30s"; twice as long each time
	LongestRetry string `toml:"retry_most"` // between two attempts, as "1h"
}

func defaultNotify() Notify {
	return Notify{Security: "starttls", GiveUp: "72h", FirstRetry: "30s", LongestRetry: "1h"}
}

// Times are the durations of the settings.
func (n Notify) Times() (giveUp, first, longest time.Duration) {
	return known(n.GiveUp), known(n.FirstRetry), known(n.LongestRetry)
}

// notify tells what is wrong with these settings.
func (c Config) notify(f *faults) {
	n := c.Notify
	f.want(slices.Contains([]string{"starttls", "implicit", "offered"}, n.Security), "notify.security: starttls, implicit or offered (got %q)", n.Security)
	f.lasting("notify.give_up", n.GiveUp, time.Minute, 30*24*time.Hour)
	f.lasting("notify.retry", n.FirstRetry, time.Second, time.Hour)
	f.lasting("notify.retry_most", n.LongestRetry, time.Second, 24*time.Hour)
	if n.Sink != "" {
		f.trained("notify.sink", n.Sink)
	}
	if n.SMTP == "" {
		return
	}
	f.hostPort("notify.smtp", n.SMTP)
	f.address("notify.from", n.From)
	f.want(n.User == "" || n.PasswordFile != "", "notify.password_file: needed with notify.user")
}
