package fetch

import (
	"archive/zip"
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"

	"annuaire/internal/durable"
)

// noteSuffix ends the name of what is noted beside a file.
const noteSuffix = ".json"

// note is what is known of a complete file.
type note struct {
	Key    string `json:"version"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// fileOf names the file of a version. A name without an ending gets that of what it holds.
func fileOf(v Version, archive bool) string {
	switch ext := filepath.Ext(v.Name); {
	case ext == ".zip" || ext == ".txt":
		return v.Name
	case archive:
		return v.Name + ".zip"
	}
	return v.Name + ".txt"
}

// here returns the file of a version that was downloaded before, whole.
func here(dir string, v Version) (File, bool) {
	for _, archive := range []bool{true, false} {
		path := filepath.Join(dir, fileOf(v, archive))
		var n note
		b, err := os.ReadFile(path + noteSuffix)
		if err != nil || json.Unmarshal(b, &n) != nil || n.Key != v.Key() {
			continue
		}
		if st, err := os.Stat(path); err == nil && st.Size() == n.Size {
			return File{Version: v, Path: path, Size: n.Size, SHA256: n.SHA256}, true
		}
	}
	return File{}, false
}

// settle verifies a complete part and gives it its name, durably. The part is closed if that succeeds.
func settle(dir string, v Version, p *part) (File, error) {
	sum, err := verify(v, p)
	if err != nil {
		return File{}, err
	}
	archive, err := isArchive(p.f)
	if err != nil {
		return File{}, err
	}
	f := File{Version: v, Path: filepath.Join(dir, fileOf(v, archive)), Size: p.size, SHA256: sum}
	b, err := json.Marshal(note{v.Key(), f.Size, f.SHA256})
	if err != nil {
		return File{}, err
	}
	if err := os.Remove(f.Path); err != nil && !errors.Is(err, os.ErrNotExist) { // of the version before: a note must never vouch for it
		return File{}, &diskFault{err}
	}
	err = errors.Join(p.f.Sync(), os.WriteFile(f.Path+noteSuffix, b, 0o600), dated(p.path, v.Stamp), p.f.Close())
	if err == nil {
		err = os.Rename(p.path, f.Path)
	}
	if err == nil {
		err = errors.Join(os.Remove(p.path+noteSuffix), durable.SyncDir(dir))
	}
	if err != nil {
		return File{}, &diskFault{err}
	}
	return f, nil
}

// verify returns the SHA-256 of the part, once the published SHA-1, if there is one, and the table of contents of an archive agree.
func verify(v Version, p *part) (string, error) {
	if _, err := p.f.Seek(0, io.SeekStart); err != nil {
		return "", &diskFault{err}
	}
	ours, theirs := sha256.New(), sha1.New()
	sums := []io.Writer{ours}
	if v.SHA1 != "" {
		sums = append(sums, theirs)
	}
	if _, err := io.CopyBuffer(io.MultiWriter(sums...), p.f, make([]byte, 1<<20)); err != nil {
		return "", &diskFault{err}
	}
	if v.SHA1 != "" && hex.EncodeToString(theirs.Sum(nil)) != v.SHA1 {
		return "", refused("%s : la somme de contrôle n'est pas celle que la source publie", "%s: the checksum is not the one that the source publishes", v.Name)
	}
	archive, err := isArchive(p.f)
	if err != nil {
		return "", err
	}
	if archive || filepath.Ext(v.Name) == ".zip" {
		if _, err := zip.NewReader(p.f, p.size); err != nil {
			return "", refused("archive %s incomplète ou endommagée", "archive %s is truncated or damaged", v.Name)
		}
	}
	return hex.EncodeToString(ours.Sum(nil)), nil
}

// isArchive recognises a ZIP by its first bytes (APPNOTE 4.3.7).
func isArchive(f *os.File) (bool, error) {
	begin := make([]byte, 4)
	if _, err := f.ReadAt(begin, 0); err != nil && !errors.Is(err, io.EOF) {
		return false, &diskFault{err}
	}
	return bytes.Equal(begin, []byte("PK\x03\x04")), nil
}
