package run

import (
	"fmt"
	"sync"

	"annuaire"
	"annuaire/sync/diff"
	"annuaire/sync/extract"
	"annuaire/sync/model"
)

// sites gives rows their structures. Nearly every structure is stated alike by all its rows, and any of them gives it; the
// few on which rows disagree are settled once and kept.
type sites struct {
	s        *session
	disputed map[uint64][]diff.Row // by key: the rows of structures stated in several ways
	mu       sync.Mutex
	settled  map[uint64]*annuaire.Structure
}

func newSites(s *session, rows []diff.Row) *sites {
	out := &sites{s: s, disputed: map[uint64][]diff.Row{}, settled: map[uint64]*annuaire.Structure{}}
	for g := range diff.Groups(rows) {
		if f := g.Files[0]; f[0].Hash != f[len(f)-1].Hash {
			out.disputed[g.Key] = f
		}
	}
	return out
}

// of returns the structure of a row, which is decoded as a; nil for a row without any.
func (x *sites) of(row *extract.Row, a *extract.ActivityRow) (*annuaire.Structure, error) {
	key, ok := model.SiteKey(row)
	if !ok {
		return nil, nil
	}
	group, disputed := x.disputed[key]
	if !disputed {
		return model.StructureIn(row, a), nil
	}
	return x.settle(key, group)
}

// structure returns the structure that a sorted group of rows describes.
func (x *sites) structure(r *reader, g diff.Group) (*annuaire.Structure, error) {
	if group, disputed := x.disputed[g.Key]; disputed {
		return x.settle(g.Key, group)
	}
	return r.site(g.Files[0][0])
}

func (x *sites) settle(key uint64, group []diff.Row) (*annuaire.Structure, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if s, done := x.settled[key]; done {
		return s, nil
	}
	var all []model.Stated
	r := &reader{s: x.s, sites: x}
	for _, v := range diff.Variants(group) {
		st, err := r.site(v.Row)
		if err != nil {
			return nil, err
		}
		if len(all) > 0 && st.ID != all[0].ID {
			return nil, fmt.Errorf("two structure identifiers share a hash")
		}
		all = append(all, model.Stated{Structure: st, Rows: v.Count})
	}
	s := model.Settle(all)
	x.settled[key] = s
	return s, nil
}
