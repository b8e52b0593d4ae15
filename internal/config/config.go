// Package config holds the settings: defaults, then a TOML file, then ANNUAIRE_* variables, then flags.
package config

import (
	"errors"
	"strings"

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
	var f faults
	f.want(c.Mode == Production || c.Mode == Training, "mode: production or training (got %q)", c.Mode)
	f.want(c.Data != "", "data: must name a directory")
	for _, check := range []func(*faults){c.fronts, c.Sync.check, c.alert, c.operating, c.identities, c.operators, c.Mailboxes.check, c.notify} {
		check(&f)
	}
	if err := errors.Join(f...); err != nil {
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
