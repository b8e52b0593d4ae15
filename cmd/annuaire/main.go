// Command annuaire is the Annuaire Santé directory: sync, search, REST server, fixtures. Each sub-command has its file; what it
// does lives in the packages it wires together.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"annuaire/internal/cli"
)

// version is set by the build.
var version = "dev"

func main() {
	signal.Ignore(syscall.SIGXFSZ) // a limit on the size of files is an error like a full disk, nothing to die of
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := execute(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// execute runs one command line and returns its exit code (DESIGN, 7).
func execute(ctx context.Context, args []string, out, errw io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errw)
	endProfile := profileFlag(root)
	err := root.ExecuteContext(ctx)
	endProfile()
	if text := cli.Message(err); text != "" {
		fmt.Fprintln(errw, "annuaire:", text)
	}
	return cli.ExitCode(err)
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "annuaire",
		Short: "Annuaire des professionnels de santé : RPPS et MSSanté / directory of French health professionals",
		Long: `annuaire takes in the national extracts (RPPS, MSSanté) and answers who someone is, where they practise and at which
secure address to write to them.

Start with:  annuaire demo

EXIT STATUS
  0 done · 1 failed · 2 bad usage or configuration · 3 nothing to do · 4 input rejected, data untouched · 5 approval needed`,
		SilenceErrors: true, SilenceUsage: true, Version: version,
	}
	root.SetVersionTemplate("annuaire {{.Version}}\n")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return cli.Usage(fmt.Errorf("%w\nTry: %s --help", err, c.CommandPath()))
	})
	root.AddCommand(demoCommand(), serveCommand(), syncCommand(), searchCommand(), checkCommand(), fixturesCommand(),
		tokenCommand(), auditCommand(), mailboxCommand(), delegationCommand(), personCommand(), alertCommand(), backupCommand(), restoreCommand(), configCommand(),
		healthcheckCommand(), versionCommand(), manCommand())
	strictly(root)
	return root
}
