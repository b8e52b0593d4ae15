package directory

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"annuaire"
)

// owner is who writes to a data directory, and since when.
type owner struct {
	What  string    `json:"what"`
	PID   int       `json:"pid"`
	Since time.Time `json:"since"`
}

// Lock makes the caller the one writer until unlock; CodeConflict when there is one already, saying which, since when. owner is
// a short name for people, such as "run 000012 (schedule)".
func (d *Directory) Lock(who string) (unlock func(), err error) {
	if !d.write.TryLock() {
		o, _ := d.writer.Load().(owner)
		return nil, annuaire.Errorf(annuaire.CodeConflict, "sync",
			fmt.Sprintf("une synchronisation est déjà en cours : %s, depuis %s", o.What, lasted(o.Since)),
			fmt.Sprintf("a sync is already running: %s, for %s", o.What, lasted(o.Since)), nil)
	}
	d.writer.Store(owner{What: who, Since: time.Now()})
	return d.write.Unlock, nil
}

func lasted(since time.Time) time.Duration { return time.Since(since).Round(time.Second) }

// ownerFile says who holds the data directory: to word a conflict only, the lock itself is that of the ledger.
const ownerFile = "OWNER"

// sign leaves our name on the data directory, if it can: nothing depends on it.
func (d *Directory) sign() {
	b, err := json.Marshal(owner{What: "annuaire", PID: os.Getpid(), Since: time.Now().UTC().Truncate(time.Second)})
	if err == nil {
		_ = os.WriteFile(d.Path(ownerFile), append(b, '\n'), 0o600)
	}
}

// held adds to a conflict who holds the data directory, where that is known.
func held(dir string, err error) error {
	var o owner
	b, rerr := os.ReadFile(filepath.Join(dir, ownerFile))
	if annuaire.CodeOf(err) != annuaire.CodeConflict || rerr != nil || json.Unmarshal(b, &o) != nil {
		return err
	}
	return annuaire.Errorf(annuaire.CodeConflict, "data",
		fmt.Sprintf("ce répertoire de données est ouvert par un autre processus annuaire (pid %d, depuis %s)", o.PID, lasted(o.Since)),
		fmt.Sprintf("this data directory is in use by another annuaire process (pid %d, for %s)", o.PID, lasted(o.Since)), nil)
}
