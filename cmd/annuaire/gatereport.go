package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"annuaire"
)

// printGate writes for a person why a run awaits approval.
func printGate(w io.Writer, g *annuaire.Gate) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "part / share\tnombre / count\tdes membres / of members\t\t")
	for _, f := range g.Findings {
		mark := ""
		if f.Hard {
			mark = "!!"
		}
		fmt.Fprintf(t, "%.1f %%\t%d\t%d\t%s\t %s, %s\n", f.Share, f.Count, f.Members, mark, frenchOp(f.Change), groupName(f))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if g.More > 0 {
		fmt.Fprintf(w, "… et %d autres groupes / and %d more groups\n", g.More, g.More)
	}
	for _, f := range g.Findings {
		fmt.Fprintf(w, "\n%s, %s :\n", frenchOp(f.Change), groupName(f))
		printExamples(w, f.Examples)
	}
	if len(g.Examples) > 0 {
		fmt.Fprintln(w, "\nexemples de tout ce qui change / examples of all that changes:")
		printExamples(w, g.Examples)
	}
	return nil
}

func printExamples(w io.Writer, list []annuaire.GateExample) {
	for _, x := range list {
		fmt.Fprintf(w, "  %-9s %-12s %s", x.Change, x.ID, x.What)
		for i, d := range x.Differs {
			fmt.Fprint(w, map[bool]string{true: " : ", false: ", "}[i == 0], d)
		}
		fmt.Fprintln(w)
	}
}

func frenchOp(op annuaire.ChangeOp) string {
	return map[annuaire.ChangeOp]string{annuaire.Gone: "départs / gone", annuaire.Changed: "changements / changed", annuaire.Created: "arrivées / created"}[op]
}

func groupName(f annuaire.GateFinding) string {
	kind := map[annuaire.Kind]string{annuaire.KindPerson: "personnes / people", annuaire.KindStructure: "structures", annuaire.KindMailbox: "boîtes / mailboxes"}[f.Kind]
	by := map[string]string{"profession": "profession", "department": "département", "domain": "domaine / domain"}[f.By]
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

// whatToDecide says what to do about a run that awaits approval.
func whatToDecide(w io.Writer, data string) {
	fmt.Fprintf(w, "\nRien n'a changé. Lire ce rapport, puis / nothing has changed. Read this report, then:\n"+
		"  annuaire sync approve --data %[1]s --reason '…'\n  annuaire sync abort   --data %[1]s --reason '…'\n", data)
}
