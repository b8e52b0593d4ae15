// Package config holds the settings: defaults, then a TOML file, then ANNUAIRE_* variables, then flags.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"annuaire"
)

// Config is every setting. Each may be set in the file under its toml name and in the environment under its path in upper case,
// joined by underscores: listen.http is ANNUAIRE_LISTEN_HTTP.
type Config struct {
	Data   string `toml:"data"`
	Mode   string `toml:"mode"`
	Listen Listen `toml:"listen"`
	Log    Log    `toml:"log"`
	HTTP   HTTP   `toml:"http"`
	LDAP   LDAP   `toml:"ldap"`
	TLS    TLS    `toml:"tls"`
	Limits Limits `toml:"limits"`
	Sync   Sync   `toml:"sync"`

	Alert       Alert       `toml:"alert"`
	Feed        Feed        `toml:"feed"`
	Storage     Storage     `toml:"storage"`
	Alarm       Alarm       `toml:"alarm"`
	Maintenance Maintenance `toml:"maintenance"`
	Mailboxes   Mailboxes   `toml:"mailboxes"`
	Notify      Notify      `toml:"notify"`

	OIDC      []OIDC     `toml:"oidc"`
	Operators []Operator `toml:"operators"`
}

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
func (l LDAP) IdleTime() time.Duration {
	d, _ := time.ParseDuration(l.Idle) // Validate has looked
	return d
}

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
func (l Limits) Budget() time.Duration {
	d, _ := time.ParseDuration(l.SearchBudget) // Validate has looked
	return d
}

// Listen is where to answer; "" is nowhere.
type Listen struct {
	HTTP  string `toml:"http"`
	HTTPS string `toml:"https"`
	LDAP  string `toml:"ldap"`
	LDAPS string `toml:"ldaps"`
}

// Log is how to log, on standard error.
type Log struct {
	Level  string `toml:"level"`
	Format string `toml:"format"`
}

// The modes of an instance.
const (
	Production = "production"
	Training   = "training"
)

// Default returns the settings before any file.
func Default() Config {
	return Config{Sync: defaultSync(), Mailboxes: defaultMailboxes(), Notify: defaultNotify(), Data: "data", Mode: Production, Listen: Listen{HTTP: "127.0.0.1:8080"}, Log: Log{Level: "info", Format: "auto"},
		HTTP:   HTTP{TrustedProxies: []string{}, CORSOrigins: []string{}, Compression: true, Pages: true},
		LDAP:   LDAP{Anonymous: true, MailboxBase: "dc=mssante,dc=fr", PeopleBase: "o=rpps,c=fr", Entries: 1000, Connections: 15_000, PerAddress: 1000, Idle: "5m"},
		Limits: Limits{AnonymousRPS: 200, AnonymousBurst: 500, AnonymousPeoplePerHour: 20_000, ReaderRPS: 1000, ReaderBurst: 2000, Exports: 2, SearchBudget: "2s"},
		Alert:  defaultAlert(),
		Feed:   Feed{Retention: "400d"}, Storage: Storage{MinFreeMB: 1024}, Alarm: Alarm{StaleAfter: "48h", HeartbeatEvery: "1h", MailTo: []string{}}}
}

// Load returns the settings of the file at path ("" for none) and the environment. An unknown key, in either, is an error
// naming it. The error is of code invalid and tells every problem at once.
func Load(path string, environ []string) (Config, error) {
	c := Default()
	if path != "" {
		md, err := toml.DecodeFile(path, &c)
		if err != nil {
			return c, annuaire.Errorf(annuaire.CodeInvalid, "config", "fichier de configuration illisible", "configuration file cannot be read", err)
		}
		if unknown := md.Undecoded(); len(unknown) > 0 {
			return c, annuaire.Invalid("config", "clé inconnue %s dans le fichier de configuration (clés : %s)",
				"unknown key %s in the configuration file (keys: %s)", unknown[0], strings.Join(keys(), ", "))
		}
	}
	return c, c.overlay(environ)
}

// Validate tells everything that is wrong.
func (c Config) Validate() error {
	var errs []error
	if c.Mode != Production && c.Mode != Training {
		errs = append(errs, fmt.Errorf("mode: production or training (got %q)", c.Mode))
	}
	if c.Data == "" {
		errs = append(errs, errors.New("data: must name a directory"))
	}
	for name, addr := range map[string]string{"http": c.Listen.HTTP, "https": c.Listen.HTTPS, "ldap": c.Listen.LDAP, "ldaps": c.Listen.LDAPS} {
		if addr == "" {
			continue
		}
		if _, _, err := net.SplitHostPort(addr); err != nil {
			errs = append(errs, fmt.Errorf("listen.%s: host:port (got %q)", name, addr))
		}
	}
	for _, p := range c.HTTP.TrustedProxies {
		if _, err := netip.ParsePrefix(p); err != nil {
			errs = append(errs, fmt.Errorf("http.trusted_proxies: a network such as 10.0.0.0/8 (got %q)", p))
		}
	}
	for _, o := range c.HTTP.CORSOrigins {
		if u, err := url.Parse(o); o != "*" && (err != nil || u.Host == "" || o != u.Scheme+"://"+u.Host) {
			errs = append(errs, fmt.Errorf("http.cors_origins: * or an origin such as https://app.example (got %q)", o))
		}
	}
	if (c.TLS.Cert == "") != (c.TLS.Key == "") {
		errs = append(errs, errors.New("tls: cert and key go together"))
	}
	if c.TLS.Cert == "" && (c.Listen.HTTPS != "" || c.Listen.LDAPS != "") {
		errs = append(errs, errors.New("tls.cert, tls.key: needed to listen with TLS"))
	}
	if d, err := time.ParseDuration(c.Limits.SearchBudget); err != nil || d < 10*time.Millisecond || d > time.Minute {
		errs = append(errs, fmt.Errorf("limits.search_budget: from 10ms to 1m (got %q)", c.Limits.SearchBudget))
	}
	if d, err := time.ParseDuration(c.LDAP.Idle); err != nil || d < time.Second || d > 24*time.Hour {
		errs = append(errs, fmt.Errorf("ldap.idle: from 1s to 24h (got %q)", c.LDAP.Idle))
	}
	for name, n := range map[string]int{"entries": c.LDAP.Entries, "connections": c.LDAP.Connections, "per_address": c.LDAP.PerAddress} {
		if n < 1 {
			errs = append(errs, fmt.Errorf("ldap.%s: 1 or more (got %d)", name, n))
		}
	}
	if c.TLS.ClientCA != "" && c.TLS.Cert == "" {
		errs = append(errs, errors.New("tls.client_ca: needs tls.cert and tls.key"))
	}
	l := c.Limits
	for name, n := range map[string]int{"anonymous_rps": l.AnonymousRPS, "anonymous_burst": l.AnonymousBurst, "anonymous_people_per_hour": l.AnonymousPeoplePerHour,
		"reader_rps": l.ReaderRPS, "reader_burst": l.ReaderBurst} {
		if n < 0 {
			errs = append(errs, fmt.Errorf("limits.%s: 0 (no limit) or more (got %d)", name, n))
		}
	}
	if l.Exports < 1 {
		errs = append(errs, fmt.Errorf("limits.exports: 1 or more (got %d)", l.Exports))
	}
	errs = append(errs, c.Sync.validate(), c.alert())
	errs = append(errs, c.operating()...)
	errs = append(errs, c.identities()...)
	errs = append(errs, c.operators()...)
	errs = append(errs, c.Mailboxes.validate())
	errs = append(errs, c.notify()...)
	if err := errors.Join(errs...); err != nil {
		return annuaire.Errorf(annuaire.CodeInvalid, "config", "configuration incorrecte", "bad configuration", err)
	}
	return nil
}

// Dump writes the settings in force as the file that would set them.
func (c Config) Dump() (string, error) {
	var b strings.Builder
	err := toml.NewEncoder(&b).Encode(c)
	return b.String(), err
}

// overlay takes the ANNUAIRE_* variables.
func (c *Config) overlay(environ []string) error {
	fields := map[string]reflect.Value{}
	walk(reflect.ValueOf(c).Elem(), "", func(key string, v reflect.Value) {
		if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct { // [[oidc]], [[operators]]: of the file alone
			return
		}
		fields["ANNUAIRE_"+strings.ToUpper(strings.ReplaceAll(key, ".", "_"))] = v
	})
	for _, kv := range environ {
		name, value, _ := strings.Cut(kv, "=")
		if !strings.HasPrefix(name, "ANNUAIRE_") || name == "ANNUAIRE_TOKEN" { // whose token commands act with: no setting
			continue
		}
		field, ok := fields[name]
		if !ok {
			return annuaire.Invalid("config", "variable d'environnement inconnue : %s", "unknown environment variable %s", name)
		}
		if err := set(field, value); err != nil {
			return annuaire.Invalid("config", "%s : %q n'est pas une valeur possible", "%s: %q is not a possible value", name, value)
		}
	}
	return nil
}

// set gives a setting a value as written in the environment; lists are separated by commas.
func set(field reflect.Value, value string) (err error) {
	switch field.Kind() {
	case reflect.Int:
		var n int
		n, err = strconv.Atoi(value)
		field.SetInt(int64(n))
	case reflect.Bool:
		var b bool
		b, err = strconv.ParseBool(value)
		field.SetBool(b)
	case reflect.Slice:
		list := []string{}
		for v := range strings.SplitSeq(value, ",") {
			if v = strings.TrimSpace(v); v != "" {
				list = append(list, v)
			}
		}
		field.Set(reflect.ValueOf(list))
	default:
		field.SetString(value)
	}
	return err
}

// keys lists the names of the settings.
func keys() (out []string) {
	var c Config
	walk(reflect.ValueOf(&c).Elem(), "", func(key string, _ reflect.Value) { out = append(out, key) })
	return out
}

func walk(v reflect.Value, prefix string, fn func(key string, v reflect.Value)) {
	for i := range v.NumField() {
		key := prefix + v.Type().Field(i).Tag.Get("toml")
		if f := v.Field(i); f.Kind() == reflect.Struct {
			walk(f, key+".", fn)
		} else {
			fn(key, f)
		}
	}
}
