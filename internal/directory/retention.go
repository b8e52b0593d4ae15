package directory

import (
	"time"
)

// Prune drops from the log what extracts older than before brought, as far as every view has it, and returns how many changes that was.
// Nothing is dropped while there is no generation to read: the log is then all there is.
func (d *Directory) Prune(before time.Time) (int, error) {
	g, release, err := d.hold()
	if err != nil {
		return 0, nil
	}
	defer release()
	upTo := uint64(1<<64 - 1)
	for _, seq := range []func() (uint64, error){g.Store.Seq, g.People.Seq, g.Places.Seq} {
		n, err := seq()
		if err != nil {
			return 0, err
		}
		upTo = min(upTo, n)
	}
	return d.Ledger.Prune(before, upTo)
}
