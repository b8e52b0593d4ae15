// Package config holds the settings: defaults, then a TOML file, then ANNUAIRE_* variables, then flags.
package config

import (
	"errors"
	"fmt"
	"net"
	"reflect"
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
	return Config{Data: "data", Mode: Production, Listen: Listen{HTTP: "127.0.0.1:8080"}, Log: Log{Level: "info", Format: "auto"}}
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
		fields["ANNUAIRE_"+strings.ToUpper(strings.ReplaceAll(key, ".", "_"))] = v
	})
	for _, kv := range environ {
		name, value, _ := strings.Cut(kv, "=")
		if !strings.HasPrefix(name, "ANNUAIRE_") {
			continue
		}
		field, ok := fields[name]
		if !ok {
			return annuaire.Invalid("config", "variable d'environnement inconnue : %s", "unknown environment variable %s", name)
		}
		field.SetString(value)
	}
	return nil
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
