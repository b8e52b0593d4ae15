package main

import (
	"github.com/spf13/cobra"

	"annuaire/internal/cli"
)

// strict makes of every word that a command does not understand bad usage (DESIGN 7, exit code 2), for itself and the commands under it: arguments too
// many or too few, and a sub-command that there is not, for which cobra shows the help and is content.
func strict(c *cobra.Command) {
	args := c.Args
	if !c.Runnable() {
		args, c.RunE = cobra.NoArgs, func(c *cobra.Command, _ []string) error { return c.Help() }
	}
	if args != nil {
		c.Args = func(c *cobra.Command, words []string) error {
			if err := args(c, words); err != nil {
				return cli.Usage(err)
			}
			return nil
		}
	}
	for _, sub := range c.Commands() {
		strict(sub)
	}
}
