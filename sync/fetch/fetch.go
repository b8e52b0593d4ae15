package fetch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Prefix begins the names of the folders that downloads are kept in.
const Prefix = "from-"

// mostChanges is how often a source may publish another version while one is downloaded.
const mostChanges = 3

// Set is a set of files as a source published it, here.
type Set struct {
	Dir   string
	Files []File
}

// File is one downloaded file.
type File struct {
	Version
	Path   string
	Size   int64
	SHA256 string // ours, hexadecimal
}

// Keys are those of the versions, in the order of the addresses of the source.
func (s Set) Keys() []string { return keysOf(s.Files, func(f File) Version { return f.Version }) }

// Keys are those of versions.
func Keys(versions []Version) []string {
	return keysOf(versions, func(v Version) Version { return v })
}

func keysOf[T any](list []T, of func(T) Version) []string {
	var out []string
	for _, v := range list {
		out = append(out, of(v).Key())
	}
	return out
}

// Fetch downloads the versions that Probe found, or, if others are published meanwhile, those. What is here already is not asked for
// again. The errors are those of Probe; what had come is then kept for another time.
func (c *Client) Fetch(ctx context.Context, s Source, versions []Version) (Set, error) {
	set := Set{Dir: c.dirOf(s)}
	if err := os.MkdirAll(set.Dir, 0o700); err != nil {
		return set, fmt.Errorf("fetch: %w", err)
	}
	for try := 1; ; try++ {
		c.checksums(ctx, s, versions)
		err := dropParts(set.Dir, versions)
		if err == nil {
			err = c.fetchAll(ctx, s, versions, &set)
		}
		switch {
		case err == nil:
			return set, keepOnly(set)
		case !errors.Is(err, errChanged):
			return set, away(s.Name, err)
		case try == mostChanges:
			return set, away(s.Name, err)
		}
		c.o.Log.Info("another version was published during the download", "source", s.Name)
		if versions, err = c.Probe(ctx, s); err != nil {
			return set, err
		}
	}
}

func (c *Client) dirOf(s Source) string { return filepath.Join(c.o.Dir, Prefix+s.Name) }

func (c *Client) fetchAll(ctx context.Context, s Source, versions []Version, set *Set) error {
	set.Files = nil
	for _, v := range versions {
		f, err := c.one(ctx, s, v, set.Dir)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(set.Files, func(o File) bool { return o.Path == f.Path }) {
			return refused("deux fichiers de la source ont le même nom : %s", "two files of the source have the same name: %s", f.Name)
		}
		set.Files = append(set.Files, f)
	}
	return nil
}

// one downloads a version, unless it is here.
func (c *Client) one(ctx context.Context, s Source, v Version, dir string) (File, error) {
	if f, ok := here(dir, v); ok {
		return f, nil
	}
	p, err := openPart(dir, v)
	if err != nil {
		return File{}, err
	}
	for {
		if err = c.download(ctx, s.Name, v, p); err != nil {
			return File{}, c.leave(p, err)
		}
		f, err := settle(dir, v, p)
		if err == nil {
			return f, nil
		}
		if !p.kept { // what was begun by another process may have been damaged since: once more, all of it
			return File{}, c.leave(p, err)
		}
		p.kept = false
		if err := p.cut(0); err != nil {
			return File{}, c.leave(p, err)
		}
	}
}

// leave keeps a part that is worth going on with, and removes one that is not.
func (c *Client) leave(p *part, err error) error {
	var t *temporary
	var d *diskFault
	if errors.As(err, &t) || errors.As(err, &d) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return errors.Join(err, p.close())
	}
	return errors.Join(err, p.drop())
}

// dropParts removes the parts of versions that are no longer published: nobody can go on with them.
func dropParts(dir string, versions []Version) error {
	parts, err := filepath.Glob(filepath.Join(dir, "*"+partSuffix+"*"))
	for _, path := range parts {
		name, _, _ := strings.Cut(filepath.Base(path), partSuffix)
		if !slices.ContainsFunc(versions, func(v Version) bool { return v.Name == name }) {
			err = errors.Join(err, os.RemoveAll(path))
		}
	}
	return err
}

// keepOnly removes what earlier versions left in the folder of a source.
func keepOnly(set Set) error {
	entries, err := os.ReadDir(set.Dir)
	if err != nil {
		return fmt.Errorf("fetch: %w", err)
	}
	keep := map[string]bool{}
	for _, f := range set.Files {
		keep[filepath.Base(f.Path)], keep[filepath.Base(f.Path)+noteSuffix] = true, true
	}
	var errs []error
	for _, e := range entries {
		if !keep[e.Name()] {
			errs = append(errs, os.RemoveAll(filepath.Join(set.Dir, e.Name())))
		}
	}
	return errors.Join(errs...)
}

// dated gives a file the time of its version: names without a date go by it.
func dated(path string, at time.Time) error {
	if at.IsZero() {
		return nil
	}
	return os.Chtimes(path, at, at)
}
