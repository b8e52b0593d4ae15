package config

import (
	"strings"
	"testing"
	"time"
)

func TestNotify(t *testing.T) {
	good := func() Config {
		c := Default()
		c.Notify.SMTP, c.Notify.From = "relay.exemple.fr:587", "ne-pas-repondre@exemple.fr"
		return c
	}
	t.Run("without a relay there is nothing to set", func(t *testing.T) {
		if err := Default().Validate(); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("a relay needs a sender", func(t *testing.T) {
		if err := good().Validate(); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("times are read", func(t *testing.T) {
		if a, b, c := good().Notify.Times(); a != 72*time.Hour || b != 30*time.Second || c != time.Hour {
			t.Error(a, b, c)
		}
	})
	for rule, tt := range map[string]struct {
		set  func(*Notify)
		want string
	}{
		"the relay is host:port":              {func(n *Notify) { n.SMTP = "relay" }, "notify.smtp:"},
		"the sender is an address":            {func(n *Notify) { n.From = "annuaire" }, "notify.from:"},
		"a user has a password":               {func(n *Notify) { n.User = "annuaire" }, "notify.password_file:"},
		"security is one of three":            {func(n *Notify) { n.Security = "none" }, "notify.security:"},
		"messages are given up some day":      {func(n *Notify) { n.GiveUp = "0" }, "notify.give_up:"},
		"the relay is not pressed":            {func(n *Notify) { n.FirstRetry = "1ms" }, "notify.retry:"},
		"nor left for more than a day":        {func(n *Notify) { n.LongestRetry = "2d" }, "notify.retry_most:"},
		"a sink is an address of training":    {func(n *Notify) { n.Sink = "a@exemple.fr" }, "notify.sink:"},
		"of training, not something like one": {func(n *Notify) { n.Sink = "a@xformation.mssante.fr" }, "notify.sink:"},
	} {
		t.Run(rule, func(t *testing.T) {
			c := good()
			tt.set(&c.Notify)
			if err := c.Validate(); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v does not mention %s", err, tt.want)
			}
		})
	}
}
