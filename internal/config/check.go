package config

import (
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Duration reads a duration that may be in days, as "400d"; "" and "0" are 0.
func Duration(s string) (time.Duration, error) {
	if s == "" || s == "0" {
		return 0, nil
	}
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < 0 || n > 100*366 {
			return 0, fmt.Errorf("a number of days such as 400d (got %q)", s)
		}
		return time.Duration(n) * 24 * time.Hour, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("a duration such as 48h or 400d (got %q)", s)
	}
	return d, nil
}

// known reads a duration that Validate has looked at.
func known(s string) time.Duration {
	d, _ := Duration(s)
	return d
}

// The checks below tell what is wrong with a setting, by its name; nil for one that is right.

// lasting wants a duration within bounds.
func lasting(name, s string, least, most time.Duration) error {
	if d, err := Duration(s); err != nil || d < least || d > most {
		return fmt.Errorf("%s: from %s to %s (got %q)", name, short(least), short(most), s)
	}
	return nil
}

// short writes a duration as people do: 24h, not 24h0m0s.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// keeping wants a day at least, or 0, which is for ever.
func keeping(name, s string) error {
	if d, err := Duration(s); err != nil || d > 0 && d < 24*time.Hour {
		return fmt.Errorf("%s: a day at least, as \"400d\", or 0 for ever (got %q)", name, s)
	}
	return nil
}

// within wants a number within bounds.
func within(name string, n, least, most int) error {
	if n < least || n > most {
		return fmt.Errorf("%s: from %d to %d (got %d)", name, least, most, n)
	}
	return nil
}

// hostPort wants where somebody listens.
func hostPort(name, s string) error {
	if _, _, err := net.SplitHostPort(s); err != nil {
		return fmt.Errorf("%s: host:port (got %q)", name, s)
	}
	return nil
}

// address wants a mail address and nothing else.
func address(name, s string) error {
	if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
		return fmt.Errorf("%s: an address such as alertes@exemple.fr", name)
	}
	return nil
}

// trainingMail is where a training instance may write to (DESIGN, 10).
const trainingMail = ".formation.mssante.fr"

// trained wants an address of training: a training instance writes to nobody else.
func trained(name, s string) error {
	if !strings.HasSuffix(strings.ToLower(s), trainingMail) {
		return fmt.Errorf("%s: a training instance writes from and to *%s only", name, trainingMail)
	}
	return nil
}

// web wants an address that is asked over TLS, or on this machine, given by its number: what a name resolves to is not in our hands.
func web(name, s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return fmt.Errorf("%s: an https address, or http on 127.0.0.1", name)
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
