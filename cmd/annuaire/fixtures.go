package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"annuaire/fixtures"
	"annuaire/internal/cli"
)

func fixturesCommand() *cobra.Command {
	var o fixtures.Options
	c := &cobra.Command{
		Use:   "fixtures --people N --out DIR",
		Short: "write made-up national extracts of any size",
		Long: `fixtures writes the four national extracts for N people who do not exist, with the headers, proportions and oddities of the
real ones. The same N, seed and day always give the same files; day D is D days of arrivals, departures and moves after day 0.
RPPS numbers begin with 990 to 996, which no real one does; mailboxes are under formation.mssante.fr.`,
		Example: "  annuaire fixtures --people 20000 --seed 1 --out /tmp/day0\n  annuaire fixtures --people 20000 --seed 1 --day 1 --out /tmp/day1",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if o.Out == "" {
				return cli.Usage(errors.New("--out is needed: the folder to write to"))
			}
			rep, err := fixtures.Generate(c.Context(), o)
			if err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%d people: %d activity rows, %d savoir-faire, %d diplomas, %d mailboxes\n",
				rep.People, rep.ActivityRows, rep.SkillRows, rep.DiplomaRows, rep.MailboxRows)
			for _, f := range rep.Files {
				fmt.Fprintln(c.OutOrStdout(), f)
			}
			return nil
		},
	}
	c.Flags().IntVar(&o.People, "people", 20_000, "number of people, 10 to 3000000")
	c.Flags().Uint64Var(&o.Seed, "seed", 1, "seed")
	c.Flags().IntVar(&o.Day, "day", 0, "days of churn after day 0")
	c.Flags().StringVar(&o.Out, "out", "", "folder to write to")
	c.Flags().BoolVar(&o.Zip, "zip", false, "write ZIPs as the ANS does")
	c.Flags().StringVar(&o.Names, "names", "ans", "file names: ans (dated) or datagouv")
	return c
}
