package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"
)

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "print the version", Args: cobra.NoArgs,
		Run: func(c *cobra.Command, _ []string) {
			fmt.Fprintf(c.OutOrStdout(), "annuaire %s %s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
		},
	}
}

func configCommand() *cobra.Command {
	c := &cobra.Command{Use: "config", Short: "check or print the configuration in force"}
	for _, name := range []string{"check", "dump"} {
		var s settings
		sub := &cobra.Command{
			Use: name, Args: cobra.NoArgs,
			Short: map[string]string{"check": "say what is wrong with the configuration", "dump": "print every setting in force, as TOML"}[name],
			RunE: func(c *cobra.Command, _ []string) error {
				cfg, err := s.load(c)
				if err != nil || name == "check" {
					return err
				}
				text, err := cfg.Dump()
				fmt.Fprint(c.OutOrStdout(), text)
				return err
			},
		}
		s.dataFlags(sub)
		s.listenFlags(sub)
		c.AddCommand(sub)
	}
	return c
}
