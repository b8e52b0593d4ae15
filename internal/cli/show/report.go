package show

import (
	"fmt"
	"io"
	"time"

	"annuaire"
	"annuaire/internal/cli"
	"annuaire/internal/store"
)

// Report writes what a run did, and, where it needs approval, why.
func Report(w io.Writer, r store.Run) error {
	switch r.Outcome {
	case store.OutcomeUnchanged:
		_, err := fmt.Fprintf(w, "rien de nouveau / nothing new: extract of %s\n", r.Extract.Format(time.RFC3339))
		return err
	case store.OutcomeAwaiting:
		fmt.Fprintf(w, "VALIDATION DEMANDÉE, le passage %s attend / APPROVAL NEEDED, run %s waits\n", r.ID, r.ID)
	case store.OutcomeDryRun:
		fmt.Fprintln(w, "essai, rien n'est écrit / dry run, nothing written")
	default:
		fmt.Fprintf(w, "run %s %s in %.1f s\n", r.ID, r.Outcome, r.Seconds)
	}
	fmt.Fprintf(w, "extract of %s\n", r.Extract.Format(time.RFC3339))
	err := cli.Figures(w, "\tcreated\tchanged\tgone\t", func(t io.Writer) {
		for _, row := range []struct {
			name string
			n    annuaire.Counts
		}{{"people", r.People}, {"structures", r.Structures}, {"mailboxes", r.Mailboxes}} {
			fmt.Fprintf(t, "%s\t%d\t%d\t%d\t\n", row.name, row.n.Created, row.n.Changed, row.n.Gone)
		}
	})
	if err != nil {
		return err
	}
	for file, n := range r.Orphans {
		if n > 0 {
			fmt.Fprintf(w, "%s: %d rows of people who are not in Personne_activite\n", file, n)
		}
	}
	if r.Rejected > 0 {
		fmt.Fprintf(w, "%d rows rejected, kept with their reasons in rejects/%s.ndjson\n", r.Rejected, r.ID)
	}
	for _, warning := range r.Warnings {
		fmt.Fprintln(w, "note:", warning)
	}
	if r.Gate == nil || len(r.Gate.Findings) == 0 {
		return nil
	}
	if r.Outcome == store.OutcomeDryRun && r.Gate.Closed {
		fmt.Fprintln(w, "une validation serait demandée / approval would be needed")
	}
	return gate(w, r.Gate)
}
