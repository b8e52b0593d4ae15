package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/spf13/cobra"

	"annuaire/internal/boxtable"
	"annuaire/internal/cli"
)

func mailboxExport() *cobra.Command {
	var r boxClient
	var which boxChoice
	c := &cobra.Command{
		Use: "export", Short: "write the mailboxes of domains as a table that import takes", Args: cobra.NoArgs,
		Long: `export writes the mailboxes of domains, red-listed ones too, as CSV in UTF-8: the columns of import. What holders chose is not in it: an
import does not change that either.`,
		RunE: func(c *cobra.Command, _ []string) error {
			return boxtable.Export(c.OutOrStdout(), func(fn func(json.RawMessage) error) error { return r.each(c, which, fn) })
		},
	}
	r.flags(c)
	which.flags(c)
	return c
}

func mailboxImport() *cobra.Command {
	var r boxClient
	var out cli.Output
	var all bool
	c := &cobra.Command{
		Use: "import FILE.csv", Short: "register the mailboxes of a table, with a report for each line",
		Long: `import registers the mailboxes of a table: CSV with a heading, separated by ; or , in UTF-8 or Windows-1252. The columns are in
docs/MAILBOXES.md; an export has all of them.

What is registered as the table says is left as it is: an import that broke off is done again from the start.

EXIT STATUS
  0 every line was taken · 1 failed · 2 bad usage · 4 lines were refused: the report says which and why, the others are registered`,
		Example: "  annuaire mailbox import boxes.csv > report.csv",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			f, err := cli.Open(c, args[0])
			if err != nil {
				return err
			}
			defer f.Close() // only read
			sum, err := boxtable.Import(f, boxtable.NewReport(c.OutOrStdout(), out.JSON, all), func(rows io.Reader) (io.ReadCloser, error) {
				res, err := r.Open(c.Context(), http.MethodPost, "/v1/mailboxes/batch", rows, "Content-Type", "application/x-ndjson")
				if err != nil {
					return nil, err
				}
				return res.Body, nil
			})
			if err != nil {
				return err
			}
			fmt.Fprintf(c.ErrOrStderr(), "%d created, %d changed, %d as they were, %d refused\n", sum.Created, sum.Changed, sum.Unchanged, sum.Refused)
			switch {
			case !sum.Complete:
				return errors.New("the server stopped before the end: import the file again")
			case sum.Refused > 0:
				return cli.Exit(cli.ExitInput)
			}
			return nil
		},
	}
	r.flags(c)
	out.Flag(c, "report as one JSON object a line, not CSV")
	c.Flags().BoolVar(&all, "all", false, "report every line, not only those refused")
	return c
}
