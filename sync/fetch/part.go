package fetch

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
)

// syncEvery is after how many bytes a part is made durable: what came later is asked for again after a crash.
const syncEvery = 8 << 20

// partSuffix ends the name of a file that is not whole yet.
const partSuffix = ".part"

// part is a file being downloaded: NAME.part, with NAME.part.json beside it that says of which version it is and how much of it is
// known to be on disk.
type part struct {
	path string
	f    *os.File
	note partNote
	size int64
	kept bool // it holds something of an earlier process
}

type partNote struct {
	Key    string `json:"version"`
	Synced int64  `json:"synced"`
}

// openPart opens what there is of a version, or begins anew.
func openPart(dir string, v Version) (*part, error) {
	p := &part{path: filepath.Join(dir, v.Name+partSuffix), note: partNote{Key: v.Key()}}
	var old partNote
	if b, err := os.ReadFile(p.path + ".json"); err == nil && json.Unmarshal(b, &old) == nil && old.Key == p.note.Key {
		p.note.Synced = old.Synced
	}
	var err error
	if p.f, err = os.OpenFile(p.path, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return nil, &diskFault{err}
	}
	st, err := p.f.Stat()
	if err == nil {
		err = p.cut(min(p.note.Synced, st.Size()))
	}
	if err != nil {
		return nil, errors.Join(err, p.f.Close())
	}
	p.kept = p.size > 0
	return p, nil
}

// cut leaves the first n bytes.
func (p *part) cut(n int64) error {
	if err := p.f.Truncate(n); err != nil {
		return &diskFault{err}
	}
	_, err := p.f.Seek(n, 0)
	p.size, p.note.Synced = n, min(n, p.note.Synced)
	return errors.Join(err, p.write())
}

func (p *part) write() error {
	b, err := json.Marshal(p.note)
	if err == nil {
		err = os.WriteFile(p.path+".json", b, 0o600)
	}
	if err != nil {
		return &diskFault{err}
	}
	return nil
}

// Write appends, and makes what it has durable now and then.
func (p *part) Write(b []byte) (int, error) {
	n, err := p.f.Write(b)
	p.size += int64(n)
	if err == nil && p.size-p.note.Synced >= syncEvery {
		err = p.sync()
	}
	if err != nil {
		return n, &diskFault{err}
	}
	return n, nil
}

func (p *part) sync() error {
	if err := p.f.Sync(); err != nil {
		return err
	}
	p.note.Synced = p.size
	return p.write()
}

// close keeps what came for another time.
func (p *part) close() error { return errors.Join(p.sync(), p.f.Close()) }

// drop removes it.
func (p *part) drop() error {
	return errors.Join(p.f.Close(), os.Remove(p.path), os.Remove(p.path+".json"))
}

// diskFault is a failure of our own disk, which no waiting mends and no source is to blame for.
type diskFault struct{ err error }

func (d *diskFault) Error() string { return "fetch: " + d.err.Error() }
func (d *diskFault) Unwrap() error { return d.err }
