package main

import (
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"annuaire/internal/access"
	"annuaire/internal/config"
)

// settings are the flags that several commands share, over the configuration file and the environment.
type settings struct {
	file string
	over map[string]*string
}

// dataFlags adds --data and --config.
func (s *settings) dataFlags(c *cobra.Command) {
	c.Flags().StringVar(&s.file, "config", "", "configuration file (TOML)")
	s.flag(c, "data", "data directory (default \"data\")")
}

// listenFlags adds the addresses to answer on.
func (s *settings) listenFlags(c *cobra.Command) {
	s.flag(c, "http", "REST address (default 127.0.0.1:8080; \"\" for none)")
	s.flag(c, "https", "REST address with TLS")
	s.flag(c, "ldap", "LDAP address")
	s.flag(c, "ldaps", "LDAP address with TLS")
}

func (s *settings) flag(c *cobra.Command, name, usage string) {
	if s.over == nil {
		s.over = map[string]*string{}
	}
	s.over[name] = c.Flags().String(name, "", usage)
}

// environ is the environment that settings come from; tests have one of their own.
var environ = os.Environ

// load returns the settings in force: defaults, file, environment, flags.
func (s *settings) load(c *cobra.Command) (config.Config, error) {
	cfg, err := config.Load(s.file, environ())
	if err != nil {
		return cfg, err
	}
	for name, to := range map[string]*string{"data": &cfg.Data, "http": &cfg.Listen.HTTP, "https": &cfg.Listen.HTTPS,
		"ldap": &cfg.Listen.LDAP, "ldaps": &cfg.Listen.LDAPS} {
		if v, ok := s.over[name]; ok && c.Flags().Changed(name) {
			*to = *v
		}
	}
	if err := cfg.Validate(); err != nil {
		return cfg, err
	}
	if err := access.CheckOperators(operatorsOf(cfg)); err != nil {
		return cfg, err
	}
	_, err = syncSettings(cfg) // canaries and addresses too are known to be wrong before anything is done
	return cfg, err
}

// with has a command run with the settings in force.
func (s *settings) with(run func(c *cobra.Command, cfg config.Config, args []string) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		cfg, err := s.load(c)
		if err != nil {
			return err
		}
		return run(c, cfg, args)
	}
}

// socket is the control socket of a data directory.
func socket(cfg config.Config) string { return filepath.Join(cfg.Data, "control.sock") }
