package show

import (
	"fmt"
	"io"

	"annuaire"
	"annuaire/internal/directory"
)

// Check writes whether store and indexes agree.
func Check(w io.Writer, rep directory.CheckReport) error {
	_, err := fmt.Fprintf(w, "%d people, %d structures, %d mailboxes: %d problems\n", rep.People, rep.Structures, rep.Mailboxes, rep.Problems)
	for _, e := range rep.Examples {
		fmt.Fprintln(w, " -", e)
	}
	return err
}

var faults = map[annuaire.AuditFault]string{
	annuaire.AuditChanged:  "ligne modifiée, ou celle d'avant / line changed, or the one before it",
	annuaire.AuditMissing:  "lignes retirées / lines taken out",
	annuaire.AuditInserted: "ligne ajoutée / line put in",
	annuaire.AuditDiverged: "journal réécrit : l'ancre n'y est pas / written anew: the anchor is not in it",
}

// Verdict writes whether the audit is as it was written.
func Verdict(w io.Writer, v annuaire.AuditVerdict) (err error) {
	if v.Fault == "" {
		_, err = fmt.Fprintf(w, "%d lignes, intactes / %d lines, as they were written\n%s\n", v.Lines, v.Lines, v.Head)
	} else {
		_, err = fmt.Fprintf(w, "À LA LIGNE / AT LINE %d : %s\n%d lignes avant elle sont intactes / %d lines before it are as they were written\n", v.At, faults[v.Fault], v.Lines, v.Lines)
	}
	return err
}
