package main

import (
	"io/fs"
	"path/filepath"
	"testing"
)

// What is in a data directory and in a backup is for its owner alone, whatever the umask: addresses that are not published, hashes of tokens.
func TestFilesAreForTheirOwnerAlone(t *testing.T) {
	data := loaded(t, edited(t, set{300, 1, 0}, peopleFile, spoil(1)))
	p, _ := serving(t, data, "")
	must(t, nil, "token", "new", "--data", data, "--name", "x", "--role", "reader")
	backup := filepath.Join(data, "backup.tar.zst")
	must(t, nil, "backup", "--data", data, "--out", backup)
	p.wants(t, 200, "/v1/professionals?limit=1")
	seen := 0
	err := filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == data { // that folder is made by whoever installs
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v", path, info.Mode())
		}
		seen++
		return err
	})
	if err != nil || seen < 10 {
		t.Error(seen, err)
	}
}
