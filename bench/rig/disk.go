package rig

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// DiskUsage is what a file or a folder occupies on disk, in bytes: blocks, not lengths, as a file may have holes. What cannot be
// read, or goes away meanwhile, is not counted.
func DiskUsage(path string) (total int64) {
	_ = filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		info, err := d.Info()
		if err != nil || !info.Mode().IsRegular() {
			return nil
		}
		if st, ok := info.Sys().(*syscall.Stat_t); ok {
			total += st.Blocks * 512 // always of 512 bytes (stat(2))
		}
		return nil
	})
	return total
}

// Holds reports whether a folder has all these files.
func Holds(dir string, names ...string) bool {
	return !slices.ContainsFunc(names, func(n string) bool {
		_, err := os.Stat(filepath.Join(dir, n))
		return err != nil
	})
}
