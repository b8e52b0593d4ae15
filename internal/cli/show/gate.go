package show

import (
	"fmt"
	"io"

	"annuaire"
	"annuaire/internal/cli"
)

// gate writes why a run awaits approval.
func gate(w io.Writer, g *annuaire.Gate) error {
	err := cli.Figures(w, "part / share\tnombre / count\tdes membres / of members\t\t", func(t io.Writer) {
		for _, f := range g.Findings {
			mark := ""
			if f.Hard {
				mark = "!!"
			}
			fmt.Fprintf(t, "%.1f %%\t%d\t%d\t%s\t %s, %s\n", f.Share, f.Count, f.Members, mark, opWords[f.Change], group(f))
		}
	})
	if err != nil {
		return err
	}
	if g.More > 0 {
		fmt.Fprintf(w, "… et %d autres groupes / and %d more groups\n", g.More, g.More)
	}
	for _, f := range g.Findings {
		fmt.Fprintf(w, "\n%s, %s :\n", opWords[f.Change], group(f))
		examples(w, f.Examples)
	}
	if len(g.Examples) > 0 {
		fmt.Fprintln(w, "\nexemples de tout ce qui change / examples of all that changes:")
		examples(w, g.Examples)
	}
	return nil
}

func examples(w io.Writer, list []annuaire.GateExample) {
	for _, x := range list {
		fmt.Fprintf(w, "  %-9s %-12s %s", x.Change, x.ID, x.What)
		for i, d := range x.Differs {
			fmt.Fprint(w, map[bool]string{true: " : ", false: ", "}[i == 0], d)
		}
		fmt.Fprintln(w)
	}
}

var (
	opWords   = map[annuaire.ChangeOp]string{annuaire.Gone: "départs / gone", annuaire.Changed: "changements / changed", annuaire.Created: "arrivées / created"}
	kindWords = map[annuaire.Kind]string{annuaire.KindPerson: "personnes / people", annuaire.KindStructure: "structures", annuaire.KindMailbox: "boîtes / mailboxes"}
	byWords   = map[string]string{"profession": "profession", "department": "département", "domain": "domaine / domain"}
)

// group names the group of a finding.
func group(f annuaire.GateFinding) string {
	kind, by := kindWords[f.Kind], byWords[f.By]
	switch {
	case f.By == "all":
		return kind
	case f.Group == "":
		return fmt.Sprintf("%s, %s : les %d petits groupes ensemble / the %d small groups together", kind, by, f.Small, f.Small)
	case f.Label != "":
		return fmt.Sprintf("%s, %s %s (%s)", kind, by, f.Group, f.Label)
	}
	return fmt.Sprintf("%s, %s %s", kind, by, f.Group)
}

// Decide says what to do about a run of a data directory that awaits approval.
func Decide(w io.Writer, data string) {
	fmt.Fprintf(w, "\nRien n'a changé. Lire ce rapport, puis / nothing has changed. Read this report, then:\n"+
		"  annuaire sync approve --data %[1]s --reason '…'\n  annuaire sync abort   --data %[1]s --reason '…'\n", data)
}
