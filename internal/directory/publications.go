package directory

import (
	"context"
	"time"

	"annuaire"
	"annuaire/internal/store"
)

// maxRunsRead bounds how many runs are looked at for those that published something.
const maxRunsRead = 1000

// Publications returns up to n runs that changed what is shown, the latest first.
func (d *Directory) Publications(_ context.Context, n int) ([]annuaire.Publication, error) {
	runs, err := d.Ledger.LatestRuns(maxRunsRead)
	if err != nil {
		return nil, err
	}
	var out []annuaire.Publication
	for _, r := range runs {
		if len(out) < n && (r.Outcome == store.OutcomeLoaded || r.Outcome == store.OutcomeApplied) {
			out = append(out, annuaire.Publication{Run: r.ID, Extract: r.Extract, Mailboxes: r.MailboxesAt, Loaded: r.Outcome == store.OutcomeLoaded,
				Published: r.Started.Add(time.Duration(r.Seconds * float64(time.Second))).Truncate(time.Second),
				People:    r.People, Structures: r.Structures, Boxes: r.Mailboxes,
				Departments: r.Departments})
		}
	}
	return out, nil
}
