package watch

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Disk is the state of the disk of the data directory.
type Disk struct {
	Free    int64  `json:"free_bytes"`
	Used    int64  `json:"used_bytes"`        // by the data directory
	Problem string `json:"problem,omitempty"` // why it cannot be written to
}

// LookAtDisk measures the disk and tries to write to it.
func (w *Watch) LookAtDisk() Disk {
	d := Disk{Free: free(w.opts.Dir), Used: used(w.opts.Dir)}
	if err := tryWrite(w.opts.Dir); err != nil {
		d.Problem = why(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.disk = d
	return d
}

func free(dir string) int64 {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0
	}
	return int64(st.Bavail) * int64(st.Bsize)
}

// used adds up the blocks, not the lengths: databases are sparse. What is removed meanwhile does not count.
func used(dir string) (n int64) {
	_ = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil
		}
		if info, err := e.Info(); err == nil {
			if st, ok := info.Sys().(*syscall.Stat_t); ok {
				n += st.Blocks * 512
			}
		}
		return nil
	})
	return n
}

// tryWrite writes a few bytes durably and removes them.
func tryWrite(dir string) (err error) {
	f, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return err
	}
	_, err = f.Write([]byte("annuaire\n"))
	return errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name()))
}

func why(err error) string {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return "disk full"
	case errors.Is(err, syscall.EROFS):
		return "disk is read-only"
	case errors.Is(err, fs.ErrPermission):
		return "not allowed to write to the data directory"
	}
	return "data directory cannot be written to"
}
