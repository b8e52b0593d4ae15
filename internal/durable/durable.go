// Package durable puts files in their place so that a reader, or a machine that loses power, finds either what was there before or the whole
// of what is new: temporary file in the same directory, fsync, rename, fsync of the directory.
package durable

import (
	"errors"
	"os"
	"path/filepath"
)

// WriteFile replaces path by a file of mode 0600 with data in it.
func WriteFile(path string, data []byte) error {
	return Write(path, func(f *os.File) error {
		_, err := f.Write(data)
		return err
	})
}

// Write replaces path by a file of mode 0600 that holds what write writes. Where that fails, path stays as it was, and nothing is left beside it.
func Write(path string, write func(*os.File) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // of no effect once renamed
	if err := errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return err
	}
	return Rename(f.Name(), path)
}

// Rename gives a file, or a folder, that is durable already its name.
func Rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(to))
}

// SyncDir makes the names inside dir durable.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
