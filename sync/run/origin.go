package run

import (
	"fmt"
	"net/url"
	"path/filepath"

	"annuaire"
	"annuaire/sync/fetch"
)

// origin is one place to take the extracts from.
type origin struct {
	name   string // "ans", "datagouv", "url", "path"
	paths  []string
	remote *fetch.Source // nil: paths
}

// maxFrom bounds what one run may be asked to look at.
const maxFrom = 64

// origins reads From: neighbouring paths are one source, and so are neighbouring addresses.
func origins(from []string, presets map[string]fetch.Source) ([]origin, error) {
	if len(from) == 0 || len(from) > maxFrom {
		return nil, annuaire.Invalid("from", "de 1 à %d sources attendues", "from 1 to %d sources expected", maxFrom)
	}
	var out []origin
	for _, f := range from {
		last := &origin{}
		if len(out) > 0 {
			last = &out[len(out)-1]
		}
		preset, ok := presets[f]
		switch {
		case ok:
			preset.Name = f
			out = append(out, origin{name: f, remote: &preset})
		case fetch.IsURL(f) && last.name == "url":
			last.remote.URLs = append(last.remote.URLs, f)
		case fetch.IsURL(f):
			out = append(out, origin{name: "url", remote: &fetch.Source{Name: "url", URLs: []string{f}}})
		case last.name == "path":
			last.paths = append(last.paths, f)
		default:
			out = append(out, origin{name: "path", paths: []string{f}})
		}
	}
	n := 0
	for _, o := range out {
		if o.remote == nil {
			continue
		}
		if o.name == "url" { // each its own folder
			if n++; n > 1 {
				o.remote.Name = fmt.Sprint("url", n)
			}
		}
		if err := o.remote.Validate(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Absolute makes paths among sources absolute, and leaves addresses and presets as they are.
func Absolute(from []string, presets map[string]fetch.Source) ([]string, error) {
	out := make([]string, len(from))
	for i, f := range from {
		out[i] = f
		if _, ok := presets[f]; ok || fetch.IsURL(f) {
			continue
		}
		if u, err := url.Parse(f); err == nil && len(u.Scheme) > 1 && u.Host != "" {
			return nil, annuaire.Invalid("from", "adresse en %s:// refusée : https, ou un chemin, est attendu", "addresses in %s:// are refused: https, or a path, is expected", u.Scheme)
		}
		var err error
		if out[i], err = filepath.Abs(f); err != nil {
			return nil, err
		}
	}
	return out, nil
}
