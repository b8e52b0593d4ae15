package directory

import (
	"time"

	"annuaire/internal/overlay"
	"annuaire/internal/store"

	"annuaire"
)

// Apply commits a run with its entries and brings the generation in use up to it. Entries and prints are what the run found against the
// national state (National): what the registry makes of them is found here, in the moment of the commit. prints are those of records that
// say the same from other rows. The caller holds Lock.
func (d *Directory) Apply(run store.Run, entries []store.Entry, prints map[annuaire.Kind]map[string]store.Print) error {
	g, release, err := d.hold()
	if err != nil {
		return err
	}
	defer release()
	plan, err := d.commitRun(g, run, entries, prints)
	if err != nil {
		return err
	}
	defer d.announce()
	return g.CatchUp(d.Ledger, plan.Prints)
}

func (d *Directory) commitRun(g *Generation, run store.Run, entries []store.Entry, prints map[annuaire.Kind]map[string]store.Print) (*overlay.Plan, error) {
	d.commit.Lock()
	defer d.commit.Unlock()
	plan, _, err := d.plan(g, entries, prints)
	if err != nil {
		return nil, err
	}
	run.Mailboxes = plan.Counts()
	_, err = d.Ledger.Commit(run, g.Name, plan.Entries, plan.Write)
	return plan, err
}

// plan says what a run comes to with the registry as it is now, and at which sequence that is. The caller holds commit, or can do with what
// was so a moment ago.
func (d *Directory) plan(g *Generation, entries []store.Entry, prints map[annuaire.Kind]map[string]store.Print) (plan *overlay.Plan, head uint64, err error) {
	err = g.Store.Read(func(r store.Reader) error {
		return d.Ledger.View(func(tx *store.Tx) error {
			head = tx.Head()
			plan, err = overlay.Sync(overlay.NewState(tx, r, g.sites), entries, prints, time.Now().UTC().Truncate(time.Second))
			return err
		})
	})
	return plan, head, err
}
