package store

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	bolt "go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"annuaire"
)

func sortStrings(less func(a, b string) bool) gocmp.Option { return cmpopts.SortSlices(less) }

// dump returns every bucket but meta, as text.
func dump(t fataler, d *Directory) map[string]map[string]string {
	out := map[string]map[string]string{}
	ok(t, d.db.View(func(tx *bolt.Tx) error {
		for _, name := range directoryBuckets {
			m := map[string]string{}
			out[string(name)] = m
			if err := tx.Bucket(name).ForEach(func(k, v []byte) error { m[string(k)] = string(v); return nil }); err != nil {
				return err
			}
		}
		return nil
	}))
	return out
}

// simple is what a directory must be: maps.
type simple struct {
	people map[string]annuaire.Professional
	sites  map[string]annuaire.Structure
	boxes  map[string]annuaire.Mailbox
	prints map[annuaire.Kind]map[string]Print
	gone   map[string]bool
	seq    uint64
	info   Info
}

func newSimple() *simple {
	return &simple{people: map[string]annuaire.Professional{}, sites: map[string]annuaire.Structure{}, boxes: map[string]annuaire.Mailbox{},
		prints: map[annuaire.Kind]map[string]Print{annuaire.KindPerson: {}, annuaire.KindStructure: {}, annuaire.KindMailbox: {}},
		gone:   map[string]bool{}}
}

func (s *simple) of(holder string) []string {
	var mine []annuaire.Mailbox
	for _, b := range s.boxes {
		if slices.Contains(b.Owners, holder) {
			mine = append(mine, b)
		}
	}
	slices.SortFunc(mine, func(a, b annuaire.Mailbox) int {
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.Address, b.Address))
	})
	var out []string
	for _, b := range mine {
		out = append(out, b.Address)
	}
	return out
}

var (
	drawPerson = rapid.SampledFrom([]string{anna, bea, "0990000017", "899000000033"})
	drawSite   = rapid.SampledFrom([]string{"R1", "R2", "X0123456789abcdef"})
	drawBox    = rapid.SampledFrom([]string{"a@formation.mssante.fr", "b@formation.mssante.fr", "c@formation.mssante.fr", "d@formation.mssante.fr"})
)

// step draws one entry and has the model follow it.
func (s *simple) step(t *rapid.T) Entry {
	s.seq++
	gone := rapid.IntRange(0, 3).Draw(t, "op") == 0
	op := annuaire.Changed
	if gone {
		op = annuaire.Gone
	}
	var e Entry
	switch rapid.IntRange(0, 2).Draw(t, "kind") {
	case 0:
		p := annuaire.Professional{ID: drawPerson.Draw(t, "id"), Family: genText.Draw(t, "family")}
		if e = personEntry(t, op, p.ID, p.Family); gone {
			delete(s.people, p.ID)
		} else {
			s.people[p.ID] = p
		}
		s.gone[p.ID] = gone
	case 1:
		st := annuaire.Structure{ID: drawSite.Draw(t, "id"), Name: genText.Draw(t, "name")}
		if e = siteEntry(t, op, st.ID, st.Name); gone {
			delete(s.sites, st.ID)
		} else {
			s.sites[st.ID] = st
		}
	default:
		owners := rapid.SliceOfNDistinct(drawPerson, 0, 2, rapid.ID).Draw(t, "owners")
		slices.Sort(owners)
		b := box(drawBox.Draw(t, "address"), rapid.IntRange(0, 3).Draw(t, "rank"), owners...)
		if e = boxEntry(t, op, b); gone {
			delete(s.boxes, b.Address)
		} else {
			s.boxes[b.Address] = b
		}
	}
	if delete(s.prints[e.Kind], e.ID); !gone {
		s.prints[e.Kind][e.ID] = e.Print
	}
	return at(s.seq, e)
}

// compare reads everything there is to read.
func (s *simple) compare(t *rapid.T, d *Directory) {
	got := newSimple()
	var err error
	if got.seq, err = d.Seq(); err != nil {
		t.Fatal(err)
	}
	if got.info, err = d.Info(); err != nil {
		t.Fatal(err)
	}
	ok(t, d.Read(func(r Reader) error {
		ok(t, r.EachPerson(func(p annuaire.Professional) error { got.people[p.ID] = p; return nil }))
		ok(t, r.EachStructure(func(st annuaire.Structure) error { got.sites[st.ID] = st; return nil }))
		ok(t, r.EachMailbox(func(m annuaire.Mailbox) error { got.boxes[m.Address] = m; return nil }))
		for kind, want := range s.prints {
			ok(t, r.EachPacked(kind, func(id, _ []byte, p Print) error { got.prints[kind][string(id)] = p; return nil }))
			if n := r.Count(kind); n != len(want) {
				t.Fatalf("%d of %s counted, want %d", n, kind, len(want))
			}
		}
		for _, id := range []string{anna, bea, "0990000017", "899000000033"} {
			if diff := gocmp.Diff(s.of(id), addresses(t, d, id)); diff != "" {
				t.Fatalf("boxes of %s: %s", id, diff)
			}
			if _, left := r.GoneSince(id); left != s.gone[id] {
				t.Fatalf("%s has left: %t", id, left)
			}
		}
		return nil
	}))
	ignore := cmpopts.IgnoreFields(simple{}, "gone")
	opt := gocmp.Options{gocmp.AllowUnexported(simple{}), ignore, cmpopts.IgnoreTypes(annuaire.Source{}), cmpopts.EquateEmpty()}
	if diff := gocmp.Diff(s, got, opt); diff != "" {
		t.Fatal(diff)
	}
}

// A directory answers as maps do, whatever is applied, in whatever portions, again or not, and across a restart.
func TestDirectoryAgainstMaps(t *testing.T) {
	dir, n := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		path := filepath.Join(dir, RunID(uint64(n)))
		defer os.Remove(path)
		b, err := CreateDirectory(path)
		ok(t, err)
		ok(t, b.Finish(0, Info{}))
		d, err := OpenDirectory(path)
		ok(t, err)
		d.db.NoSync = true
		defer func() { ok(t, d.Close()) }()
		s := newSimple()
		var last []Entry
		t.Repeat(map[string]func(*rapid.T){
			"apply": func(t *rapid.T) {
				last = nil
				for range rapid.IntRange(1, 4).Draw(t, "entries") {
					last = append(last, s.step(t))
				}
				s.info = Info{Extract: day, Run: last[0].Run, Model: int(s.seq)}
				ok(t, d.Apply(last, s.seq, s.info, nil))
			},
			"apply again": func(t *rapid.T) { ok(t, d.Apply(last, s.seq, s.info, nil)) },
			"other rows": func(t *rapid.T) {
				last = nil // they are in: their prints are no longer the last word
				for _, kind := range []annuaire.Kind{annuaire.KindPerson, annuaire.KindStructure, annuaire.KindMailbox} {
					m := s.prints[kind]
					for _, id := range slices.Sorted(maps.Keys(m)) {
						p := Print{Rows: rapid.Uint64().Draw(t, "rows"), Content: m[id].Content}
						m[id] = p
						ok(t, d.Apply(nil, s.seq, s.info, map[annuaire.Kind]map[string]Print{kind: {id: p}}))
						return
					}
				}
			},
			"restart": func(t *rapid.T) {
				ok(t, d.Close())
				if d, err = OpenDirectory(path); err != nil {
					t.Fatal(err)
				}
				d.db.NoSync = true
			},
			"": func(t *rapid.T) { s.compare(t, d) },
		})
		sameAsBulk(t, d, filepath.Join(dir, "bulk"))
	})
}

// sameAsBulk builds a directory from the records of d and wants the same bytes in the same buckets.
func sameAsBulk(t *rapid.T, d *Directory, path string) {
	defer os.Remove(path)
	b, err := CreateDirectory(path)
	ok(t, err)
	ok(t, d.Read(func(r Reader) error {
		ok(t, r.EachPacked(annuaire.KindPerson, func(id, rec []byte, p Print) error { return b.PutPerson(string(id), rec, p) }))
		ok(t, r.EachPacked(annuaire.KindStructure, func(id, rec []byte, p Print) error { return b.PutStructure(string(id), rec, p) }))
		return r.EachPacked(annuaire.KindMailbox, func(_, rec []byte, p Print) error {
			var m annuaire.Mailbox
			ok(t, Unpack(rec, &m))
			return b.PutMailbox(m, rec, p)
		})
	}))
	ok(t, b.KeepGone(d, nil))
	ok(t, b.Finish(1, Info{}))
	other, err := OpenDirectory(path)
	ok(t, err)
	defer other.Close()
	if diff := gocmp.Diff(dump(t, d), dump(t, other)); diff != "" {
		t.Fatal(diff)
	}
}
