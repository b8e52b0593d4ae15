package show

import (
	"fmt"
	"io"
	"strings"

	"annuaire"
	"annuaire/internal/cli"
)

// dayAndMinute is how a person is told when something was changed.
const dayAndMinute = "2006-01-02 15:04"

// Audiences writes the audiences that are saved.
func Audiences(w io.Writer, all []annuaire.SavedAudience) error {
	return cli.Table(w, "", func(t io.Writer) {
		for _, s := range all {
			fmt.Fprintf(t, "%s\tv%d\t%s\t%s\n", s.Name, s.Version, s.Changed.Format(dayAndMinute), s.Title)
		}
	})
}

// maxRows is how many values of each breakdown are written.
const maxRows = 8

// AudiencePreview writes whom an audience would reach: first how many are selected and reached.
func AudiencePreview(w io.Writer, p annuaire.AudiencePreview) error {
	about := ""
	if p.Coarse && p.RedListIncluded {
		about = " (liste rouge par dizaines / red list by tens)"
	}
	fmt.Fprintf(w, "%d sélectionnées / selected, %d joignables / reachable: %d + %d liste rouge / red list%s\n", p.Selected, p.Reachable, p.Published, p.RedListed, about)
	if p.Organisations > 0 {
		fmt.Fprintf(w, "%d boîtes de services / mailboxes of services\n", p.Organisations)
	}
	if p.Since != nil {
		fmt.Fprintf(w, "depuis / since %s: +%d -%d\n", p.Since.At.Format(dayAndMinute), p.Since.Joined, p.Since.Left)
	}
	for _, warn := range p.Warnings {
		fmt.Fprintf(w, "! %s\n", warn.Message)
	}
	return cli.Table(w, "", func(t io.Writer) {
		for _, term := range p.Terms {
			said := term.Said
			if term.Removes {
				said = "- " + said
			}
			fmt.Fprintf(t, "%s\t%s\n", said, meaning(term))
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
	})
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
