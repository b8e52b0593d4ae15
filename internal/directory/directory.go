package directory

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"annuaire"
	"annuaire/internal/store"
)

// Directory is an open data directory. One process holds it; readers never wait for the writer.
type Directory struct {
	dir    string
	Ledger *store.Ledger
	write  sync.Mutex   // one run at a time
	writer atomic.Value // owner: who that is
	commit sync.Mutex   // whoever appends to the log or changes the generation in use: moments only, during a run too
	behind follower     // brings the views up to the log
	cur    atomic.Pointer[Generation]
	reason atomic.Pointer[absence] // why there is no generation to read
	peeks  bool                    // see Peek
	warm   atomic.Bool             // see Warm
	keep   atomic.Int32            // replaced generations kept on disk

	news    sync.Mutex
	changed chan struct{} // see Committed
}

// absence is why there is no generation to read, and what brought it about.
type absence struct {
	why   string
	cause error
}

// nothingLoaded is the absence of a directory that was never synced.
var nothingLoaded = &absence{why: "no extract loaded yet: run annuaire sync"}

// Open opens or creates the data directory and brings its views up to date. A generation that is missing, damaged or of another
// format is not an error: the directory then answers CodeUnavailable until a sync has built one; the ledger has lost nothing.
// CodeConflict when another process holds it.
func Open(dir string) (*Directory, error) {
	for _, sub := range []string{"", "generations", "incoming", "rejects"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return nil, err
		}
	}
	ledger, err := store.OpenLedger(filepath.Join(dir, "annuaire.db"))
	if err != nil {
		return nil, held(dir, err)
	}
	d := &Directory{dir: dir, Ledger: ledger}
	d.sign()
	if err := errors.Join(ledger.EndInterrupted(time.Now().UTC().Truncate(time.Second)), d.recover()); err != nil {
		return nil, errors.Join(err, ledger.Close())
	}
	return d, nil
}

func (d *Directory) generationDir(name string) string {
	return filepath.Join(d.dir, "generations", name)
}

// Path returns a place inside the data directory.
func (d *Directory) Path(elem ...string) string {
	return filepath.Join(append([]string{d.dir}, elem...)...)
}

// Close waits for readers and releases the data directory.
func (d *Directory) Close() error {
	d.write.Lock()
	defer d.write.Unlock()
	d.commit.Lock()
	defer d.commit.Unlock()
	d.behind.end()
	var err error
	if g := d.cur.Swap(nil); g != nil {
		err = g.retire()
	}
	if !d.peeks { // who only peeks has left no name
		_ = os.Remove(d.Path(ownerFile)) // a name that stays is that of nobody
	}
	return errors.Join(err, d.Ledger.Close())
}

// hold returns the generation in use; the caller releases it.
func (d *Directory) hold() (*Generation, func(), error) {
	for {
		g := d.cur.Load()
		if g == nil {
			reason := d.reason.Load()
			if reason == nil { // closed
				reason = &absence{why: "the directory is closed"}
			}
			return nil, nil, annuaire.Errorf(annuaire.CodeUnavailable, "directory",
				"aucune donnée à montrer pour le moment", "no data to show yet: "+reason.why, reason.cause)
		}
		if release, ok := g.hold(); ok {
			return g, release, nil
		}
	}
}

// Use calls fn with the generation in use, nil when there is none, and keeps it open meanwhile.
func (d *Directory) Use(fn func(*Generation) error) error {
	g, release, err := d.hold()
	if annuaire.CodeOf(err) == annuaire.CodeUnavailable {
		return fn(nil)
	}
	if err != nil {
		return err
	}
	defer release()
	return fn(g)
}

// Current returns the generation in use, nil when there is none. The caller holds Lock, which is what keeps it open: only the
// writer retires a generation, and could not while it held it as a reader.
func (d *Directory) Current() *Generation { return d.cur.Load() }

// Status says, per component, whether it serves and why not.
func (d *Directory) Status() map[string]error {
	g, release, err := d.hold()
	if err != nil {
		return map[string]error{"directory": err, "index": err}
	}
	defer release()
	_, err1 := g.Store.Seq()
	_, err2 := g.People.Seq()
	_, err3 := g.Places.Seq()
	_, err4 := g.Book.Seq()
	return map[string]error{"directory": err1, "index": errors.Join(err2, err3, err4, d.behind.failed())}
}

// Info returns what the directory shows; zero when there is nothing.
func (d *Directory) Info() (info store.Info, err error) {
	err = d.Use(func(g *Generation) error {
		if g == nil {
			return nil
		}
		info, err = g.Store.Info()
		if err != nil {
			return fmt.Errorf("info: %w", err)
		}
		return nil
	})
	return info, err
}
