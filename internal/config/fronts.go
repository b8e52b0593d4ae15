package config

import (
	"net/netip"
	"net/url"
	"time"
)

// LDAP is how the address book speaks.
type LDAP struct {
	Anonymous   bool   `toml:"anonymous"`    // whoever has no token may read
	MailboxBase string `toml:"mailbox_base"` // naming context of mailboxes
	PeopleBase  string `toml:"people_base"`  // of people and structures
	Strict      bool   `toml:"strict"`       // match as RFC 4517 says, accents and word order counting
	Entries     int    `toml:"entries"`      // of one search without pages and without token
	Connections int    `toml:"connections"`  // in all
	PerAddress  int    `toml:"per_address"`  // connections of one address
	Idle        string `toml:"idle"`         // a connection without a message, as "5m"
}

// IdleTime is after how long without a message a connection is closed.
func (l LDAP) IdleTime() time.Duration { return known(l.Idle) }

// HTTP is how REST speaks.
type HTTP struct {
	TrustedProxies []string `toml:"trusted_proxies"` // networks (CIDR) whose X-Forwarded-For is believed
	CORSOrigins    []string `toml:"cors_origins"`    // pages that may ask from a browser; "*" is any
	Compression    bool     `toml:"compression"`     // gzip for who accepts it
	Pages          bool     `toml:"pages"`           // the public page at /
}

// TLS is the certificate of the listeners with TLS, PEM; replaced files are taken up within seconds.
type TLS struct {
	Cert     string `toml:"cert"`
	Key      string `toml:"key"`
	ClientCA string `toml:"client_ca"` // certificate authorities whose client certificates say who is calling (LDAP: SASL EXTERNAL); "" is none
}

// Limits are what clients may ask, REST and LDAP together. 0 is no limit.
type Limits struct {
	AnonymousRPS           int    `toml:"anonymous_rps"`             // requests per second of an address, over time
	AnonymousBurst         int    `toml:"anonymous_burst"`           // at once
	AnonymousPeoplePerHour int    `toml:"anonymous_people_per_hour"` // returned
	ReaderRPS              int    `toml:"reader_rps"`                // of a token
	ReaderBurst            int    `toml:"reader_burst"`
	Exports                int    `toml:"exports"`       // at a time; at least 1
	SearchBudget           string `toml:"search_budget"` // time for one search, as "2s"
}

// Budget is the time for one search.
func (l Limits) Budget() time.Duration { return known(l.SearchBudget) }

// Listen is where to answer; "" is nowhere.
type Listen struct {
	HTTP  string `toml:"http"`
	HTTPS string `toml:"https"`
	LDAP  string `toml:"ldap"`
	LDAPS string `toml:"ldaps"`
}

// fronts tells what is wrong with the settings of this file.
func (c Config) fronts(f *faults) {
	for name, addr := range map[string]string{"http": c.Listen.HTTP, "https": c.Listen.HTTPS, "ldap": c.Listen.LDAP, "ldaps": c.Listen.LDAPS} {
		if addr != "" {
			f.hostPort("listen."+name, addr)
		}
	}
	for _, p := range c.HTTP.TrustedProxies {
		_, err := netip.ParsePrefix(p)
		f.want(err == nil, "http.trusted_proxies: a network such as 10.0.0.0/8 (got %q)", p)
	}
	for _, o := range c.HTTP.CORSOrigins {
		u, err := url.Parse(o)
		f.want(o == "*" || err == nil && u.Host != "" && o == u.Scheme+"://"+u.Host, "http.cors_origins: * or an origin such as https://app.example (got %q)", o)
	}
	f.want((c.TLS.Cert == "") == (c.TLS.Key == ""), "tls: cert and key go together")
	f.want(c.TLS.Cert != "" || c.Listen.HTTPS == "" && c.Listen.LDAPS == "", "tls.cert, tls.key: needed to listen with TLS")
	f.want(c.TLS.Cert != "" || c.TLS.ClientCA == "", "tls.client_ca: needs tls.cert and tls.key")
	l := c.Limits
	f.lasting("limits.search_budget", l.SearchBudget, 10*time.Millisecond, time.Minute)
	f.lasting("ldap.idle", c.LDAP.Idle, time.Second, 24*time.Hour)
	for name, n := range map[string]int{"ldap.entries": c.LDAP.Entries, "ldap.connections": c.LDAP.Connections, "ldap.per_address": c.LDAP.PerAddress, "limits.exports": l.Exports} {
		f.want(n >= 1, "%s: 1 or more (got %d)", name, n)
	}
	for name, n := range map[string]int{"anonymous_rps": l.AnonymousRPS, "anonymous_burst": l.AnonymousBurst, "anonymous_people_per_hour": l.AnonymousPeoplePerHour,
		"reader_rps": l.ReaderRPS, "reader_burst": l.ReaderBurst} {
		f.want(n >= 0, "limits.%s: 0 (no limit) or more (got %d)", name, n)
	}
}
