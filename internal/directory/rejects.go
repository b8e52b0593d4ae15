package directory

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// PruneRejects removes the rows that runs put aside before a time: they are personal data that nobody needs for ever.
func (d *Directory) PruneRejects(before time.Time) error {
	paths, err := filepath.Glob(d.Path("rejects", "*.ndjson"))
	for _, p := range paths {
		st, e := os.Stat(p)
		if errors.Is(e, fs.ErrNotExist) {
			continue
		}
		if e == nil && st.ModTime().Before(before) {
			e = os.Remove(p)
		}
		err = errors.Join(err, e)
	}
	return err
}
