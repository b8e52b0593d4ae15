package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"annuaire/internal/cli"
)

// client is how the commands that take a running server reach one: that of the data directory, or one elsewhere.
type client struct {
	settings
	cli.Server
}

// flags adds --data and --config, and, under the name that the command has for it, the address of a server elsewhere.
func (a *client) flags(c *cobra.Command, urlFlag string) {
	a.dataFlags(c)
	a.Server.Flags(c, urlFlag)
	a.Socket = a.socketOf(c)
}

// local is the server of the data directory.
func (s *settings) local(c *cobra.Command) *cli.Server { return &cli.Server{Socket: s.socketOf(c)} }

func (s *settings) socketOf(c *cobra.Command) func() (string, error) {
	return func() (string, error) {
		cfg, err := s.load(c)
		return socket(cfg), err
	}
}

// ifMatch is the header of a write that is about one version; none for version 0.
func ifMatch(version uint64) []string {
	if version == 0 {
		return nil
	}
	return []string{"If-Match", fmt.Sprintf("\"%d\"", version)}
}
