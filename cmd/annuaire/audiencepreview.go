package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"annuaire"
)

func audiencePreview() *cobra.Command {
	var a alertClient
	var name string
	var seed uint64
	var sample int
	c := &cobra.Command{
		Use: "preview [AUDIENCE]", Short: "say whom an audience would reach: of the arguments, or a saved one (--name)",
		Example: "  annuaire alert audience preview médecin department:48\n  annuaire alert audience preview --name rougeole-69",
		RunE: func(c *cobra.Command, args []string) error {
			text := strings.Join(args, " ")
			if (text == "") == (name == "") {
				return &usageError{fmt.Errorf("an audience, or --name of a saved one")}
			}
			body, path := map[string]any{"sample": sample}, "/v1/audiences/preview"
			if c.Flags().Changed("seed") {
				body["seed"] = seed
			}
			if name != "" {
				path = audiencePath(name) + "/preview"
			} else {
				body = inForm(text, body)
			}
			b, err := a.ask(c, http.MethodPost, path, body, 0)
			if err != nil {
				return err
			}
			var p annuaire.AudiencePreview
			return a.say(c, b, &p, func(w io.Writer) { printPreview(w, p) })
		},
	}
	a.flags(c)
	c.Flags().StringVar(&name, "name", "", "a saved audience; says what changed since its last preview")
	c.Flags().Uint64Var(&seed, "seed", 0, "show the sample of this seed")
	c.Flags().IntVar(&sample, "sample", 5, "people to show")
	return c
}

// maxRows is how many values of each breakdown are printed.
const maxRows = 8

// printPreview says first how many are selected and reached.
func printPreview(w io.Writer, p annuaire.AudiencePreview) {
	about := ""
	if p.Coarse && p.RedListIncluded {
		about = " (liste rouge par dizaines / red list by tens)"
	}
	fmt.Fprintf(w, "%d sélectionnées / selected, %d joignables / reachable: %d + %d liste rouge / red list%s\n", p.Selected, p.Reachable, p.Published, p.RedListed, about)
	if p.Organisations > 0 {
		fmt.Fprintf(w, "%d boîtes de services / mailboxes of services\n", p.Organisations)
	}
	if p.Since != nil {
		fmt.Fprintf(w, "depuis / since %s: +%d -%d\n", p.Since.At.Format("2006-01-02 15:04"), p.Since.Joined, p.Since.Left)
	}
	for _, warn := range p.Warnings {
		fmt.Fprintf(w, "! %s\n", warn.Message)
	}
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, term := range p.Terms {
		fmt.Fprintf(t, "%s\t%s\n", strings.TrimSpace(map[bool]string{true: "-"}[term.Removes]+" "+term.Said), meaning(term))
	}
	for _, f := range []annuaire.Field{annuaire.FieldProfession, annuaire.FieldSpecialty, annuaire.FieldDepartment, annuaire.FieldMode} {
		rows := p.Breakdown[f]
		for _, s := range rows[:min(len(rows), maxRows)] {
			fmt.Fprintf(t, "%s\t%s %s\t%d\t%d\n", f, s.Code, s.Label, s.People, s.Reachable)
		}
	}
	for _, s := range p.Sample {
		fmt.Fprintf(t, "%s\t%s %s\t%s\t%s\n", s.ID, s.Family, s.Given, s.Profession.Label, s.Department.Label)
	}
	_ = t.Flush()
}

// meaning writes what a criterion stands for, shortly.
func meaning(term annuaire.AudienceTerm) string {
	var readings []string
	for _, reading := range term.Means {
		var all []string
		for _, c := range reading {
			var codes []string
			for _, code := range c.Codes {
				codes = append(codes, strings.TrimSpace(code.Code+" "+code.Label))
			}
			if codes == nil {
				codes = []string{fmt.Sprintf("%d", c.Count)}
			}
			all = append(all, string(c.Field)+": "+strings.Join(codes, ", "))
		}
		readings = append(readings, strings.Join(all, " + "))
	}
	return strings.Join(readings, " | ")
}
