package config

import (
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/samber/lo"
)

// Alert is who sends health alerts, through which relays, and how fast. Without from or relays nothing can be sent.
type Alert struct {
	Issuer       string   `toml:"issuer"`        // who speaks: "DGS"; it begins every subject
	From         string   `toml:"from"`          // address of the sender, of a white-listed domain
	PublicURL    string   `toml:"public_url"`    // https address of this service, for the links to acknowledge; "": no links
	Seeds        []string `toml:"seeds"`         // who receives test sends
	Relays       []string `toml:"relays"`        // host:port of SMTP relays, tried in turn
	Security     string   `toml:"security"`      // "starttls", "tls", or "none" for a relay on this machine
	CAFile       string   `toml:"ca_file"`       // PEM: authorities of the relays; "": those of the system
	User         string   `toml:"user"`          // "": no authentication
	PasswordFile string   `toml:"password_file"` //
	Hello        string   `toml:"hello"`         // name to greet the relays with
	Receipts     bool     `toml:"receipts"`      // ask for reports of delivery (RFC 3461)

	Connections int    `toml:"connections"` // to the relays, at a time
	PerDomain   int    `toml:"per_domain"`  // messages at a time to one mail domain
	DomainRate  int    `toml:"domain_rate"` // messages a second to one mail domain; 0: no limit
	Window      int    `toml:"window"`      // messages of an alert in flight: as many may be sent again after a crash
	RetryBase   string `toml:"retry_base"`  // after the first refusal for now; doubled each time, up to 64 times
	Retention   string `toml:"retention"`   // from the end of an alert until its recipients are erased; "0": never

	RedList bool   `toml:"red_list"` // alerts may be sent to red-listed mailboxes too: policy of the authority
	LMTP    string `toml:"lmtp"`     // loopback host:port where the mail system delivers reports of delivery; "": nowhere
}

func defaultAlert() Alert {
	return Alert{Seeds: []string{}, Relays: []string{}, Security: "starttls", Connections: 8, PerDomain: 20, Window: 256, RetryBase: "1m", Retention: "365d", RedList: true}
}

// Keep is how long recipients are kept; 0 is for ever.
func (a Alert) Keep() time.Duration { return known(a.Retention) }

// Retry is the time after the first refusal.
func (a Alert) Retry() time.Duration { return known(a.RetryBase) }

// alert tells what is wrong with the settings of this file.
func (c Config) alert(f *faults) {
	a := c.Alert
	f.want(len(a.Issuer) <= 60 && !strings.ContainsFunc(a.Issuer, func(r rune) bool { return r < ' ' || r == 0x7f }), "alert.issuer: one line of at most 60 bytes")
	for _, to := range lo.Compact(append([]string{a.From}, a.Seeds...)) {
		f.address("alert.from, alert.seeds", to)
		if c.Mode == Training {
			f.trained("alert.from, alert.seeds", to)
		}
	}
	for _, r := range a.Relays {
		host, _, err := net.SplitHostPort(r)
		f.want(err == nil, "alert.relays: host:port (got %q)", r)
		f.want(err != nil || a.Security != "none" || onThisMachine(host), "alert.security: none is for a relay on this machine (127.0.0.1, ::1, localhost)")
	}
	f.want(slices.Contains([]string{"starttls", "tls", "none"}, a.Security), "alert.security: starttls, tls or none (got %q)", a.Security)
	f.want((a.User == "") == (a.PasswordFile == ""), "alert: user and password_file go together")
	f.want(len(a.Relays) == 0 || a.From != "" && a.Issuer != "", "alert.from, alert.issuer: needed where there are relays")
	u, err := url.Parse(a.PublicURL)
	f.want(a.PublicURL == "" || err == nil && u.Scheme == "https" && u.Host != "" && u.RawQuery == "" && u.Fragment == "", "alert.public_url: an https address")
	host, _, err := net.SplitHostPort(a.LMTP)
	f.want(a.LMTP == "" || err == nil && onThisMachine(host), "alert.lmtp: a loopback host:port such as 127.0.0.1:2424: nobody has to prove who they are there")
	f.within("alert.connections", a.Connections, 1, 200)
	f.within("alert.per_domain", a.PerDomain, 1, 1000)
	f.within("alert.domain_rate", a.DomainRate, 0, 100_000)
	f.within("alert.window", a.Window, 1, 10_000)
	f.lasting("alert.retry_base", a.RetryBase, time.Second, time.Hour)
	f.keeping("alert.retention", a.Retention)
}

func onThisMachine(host string) bool { return host == "localhost" || loopback(host) }
