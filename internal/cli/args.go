package cli

import "github.com/spf13/cobra"

// NoArgs refuses arguments.
func NoArgs(c *cobra.Command, args []string) error { return Usage(cobra.NoArgs(c, args)) }

// Args asks for n arguments.
func Args(n int) cobra.PositionalArgs { return wrong(cobra.ExactArgs(n)) }

// MinArgs asks for n arguments or more.
func MinArgs(n int) cobra.PositionalArgs { return wrong(cobra.MinimumNArgs(n)) }

// MaxArgs takes n arguments or fewer.
func MaxArgs(n int) cobra.PositionalArgs { return wrong(cobra.MaximumNArgs(n)) }

// wrong makes usage errors of those of cobra, which have no type.
func wrong(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error { return Usage(check(c, args)) }
}
