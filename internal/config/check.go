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

// faults are what is wrong with settings.
type faults []error

// want notes a fault, which begins with the name of the setting, unless that is right.
func (f *faults) want(right bool, format string, args ...any) {
	if !right {
		*f = append(*f, fmt.Errorf(format, args...))
	}
}

// The checks below want something of a setting of a name.

// lasting wants a duration within bounds.
func (f *faults) lasting(name, s string, least, most time.Duration) {
	d, err := Duration(s)
	f.want(err == nil && d >= least && d <= most, "%s: from %s to %s (got %q)", name, short(least), short(most), s)
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
func (f *faults) keeping(name, s string) {
	d, err := Duration(s)
	f.want(err == nil && (d == 0 || d >= 24*time.Hour), "%s: a day at least, as \"400d\", or 0 for ever (got %q)", name, s)
}

// within wants a number within bounds.
func (f *faults) within(name string, n, least, most int) {
	f.want(n >= least && n <= most, "%s: from %d to %d (got %d)", name, least, most, n)
}

// address wants a mail address and nothing else.
func (f *faults) address(name, s string) {
	a, err := mail.ParseAddress(s)
	f.want(err == nil && a.Address == s, "%s: an address such as alertes@exemple.fr", name)
}

// trainingMail is where a training instance may write to (DESIGN, 10).
const trainingMail = ".formation.mssante.fr"

// trained wants an address of training: a training instance writes to nobody else.
func (f *faults) trained(name, s string) {
	f.want(strings.HasSuffix(strings.ToLower(s), trainingMail), "%s: a training instance writes from and to *%s only", name, trainingMail)
}

// web wants an address that is asked over TLS, or on this machine, given by its number: what a name resolves to is not in our hands.
func (f *faults) web(name, s string) {
	u, err := url.Parse(s)
	f.want(err == nil && u.Host != "" && u.User == nil && (u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname())), "%s: an https address, or http on 127.0.0.1", name)
}

// hostPort wants where somebody listens.
func (f *faults) hostPort(name, s string) {
	_, _, err := net.SplitHostPort(s)
	f.want(err == nil, "%s: host:port (got %q)", name, s)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
