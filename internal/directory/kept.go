package directory

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// keptPrefix begins the name of a generation that was replaced and is kept for whoever wants to look. Nothing reads it.
const keptPrefix = "kept-"

// KeepGenerations sets how many replaced generations stay on disk; 0, the default, is none. It takes effect at the next replacement.
func (d *Directory) KeepGenerations(n int) { d.keep.Store(int32(n)) }

// setAside removes a generation that was replaced, or keeps it, and removes the oldest of those kept.
func (d *Directory) setAside(name string) error {
	n := int(d.keep.Load())
	if n == 0 {
		return errors.Join(os.RemoveAll(d.generationDir(name)), d.dropKept(0))
	}
	return errors.Join(os.Rename(d.generationDir(name), d.generationDir(keptPrefix+name)), d.dropKept(n))
}

// dropKept removes all kept generations but the newest n; their names sort by age.
func (d *Directory) dropKept(n int) error {
	kept, err := filepath.Glob(d.generationDir(keptPrefix + "*"))
	if err != nil {
		return err
	}
	slices.Sort(kept)
	for len(kept) > n {
		err = errors.Join(err, os.RemoveAll(kept[0]))
		kept = kept[1:]
	}
	return err
}

// NameAfter returns a name for a generation that is built again from the one called name.
func NameAfter(name string, now time.Time) string {
	base, _, _ := strings.Cut(name, "-")
	return base + "-r" + now.UTC().Format("20060102T150405.000")
}

// Repairable reports whether there is nothing to read although the records are there: Reindex then helps. name is what to call what it
// builds.
func (d *Directory) Repairable() (name string, ok bool) {
	if d.cur.Load() != nil {
		return "", false
	}
	_, named, err := d.Ledger.Head()
	if err != nil || named == "" {
		return "", false
	}
	if _, err := os.Stat(d.Path("generations", named, "directory.db")); err != nil {
		return "", false
	}
	return NameAfter(named, time.Now()), true
}
