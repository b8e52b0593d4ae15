package index

import (
	"cmp"
	"math"
	"slices"

	"annuaire/index/postings"

	"github.com/RoaringBitmap/roaring/v2"
)

// candidate is a document that may be on the page.
type candidate struct {
	key   uint64
	view  int
	doc   uint32
	grade int
	at    place // once read
}

// top keeps the first n results after a place. It compares keys, keeps all candidates that tie with the last, and reads names
// only of those left.
type top struct {
	n     int
	from  *place
	key   uint64 // of from
	bound uint64 // the key of the n-th so far
	cands []candidate
}

func newTop(n int, from *place) *top {
	t := &top{n: n, from: from, bound: math.MaxUint64}
	if from != nil {
		t.key = sortKey(from.family, from.given)
	}
	return t
}

// add offers the documents of one view.
func (t *top) add(s *search, i int, v *view, docs *roaring.Bitmap) error {
	if docs.IsEmpty() {
		return nil
	}
	if keys, order := v.keys.keys.Load(), v.keys.order.Load(); keys != nil && order != nil && v.dense(docs) {
		return t.walk(i, v, *keys, *order, docs)
	}
	key, err := v.keys.of(s.ctx, s.e, v, docs)
	if err != nil {
		return err
	}
	it, buf := docs.ManyIterator(), make([]uint32, 512)
	for n := it.NextMany(buf); n > 0; n = it.NextMany(buf) {
		for _, d := range buf[:n] {
			k := key(d)
			if k > t.bound || k < t.key {
				continue
			}
			c := candidate{key: k, view: i, doc: d}
			if t.from != nil && k == t.key {
				if c.at, err = placeIn(v, d); err != nil {
					return err
				}
				if c.at.compare(*t.from) <= 0 {
					continue
				}
			}
			if t.cands = append(t.cands, c); len(t.cands) >= 4*t.n+64 {
				t.prune()
			}
		}
	}
	return nil
}

// denseShare is from which share of its heads on a set is walked in the order of names: up to so many heads are passed over for one found.
const denseShare = 64

func (v *view) dense(docs *roaring.Bitmap) bool {
	n := docs.GetCardinality()
	return n > fewDocs && n*denseShare > uint64(v.groups.n)
}

// walk offers the documents of one view in the order of names, no more of them than can be on the page: how many there are does not
// matter, nor how many have one name.
func (t *top) walk(i int, v *view, keys []uint64, order []uint32, docs *roaring.Bitmap) error {
	from, err := startAfter(v, keys, order, t.from)
	if err != nil {
		return err
	}
	in := postings.BitsOf(docs)
	defer in.Free()
	for got := 0; from < len(order) && got < t.n; from++ {
		d := order[from]
		if !in.Has(d) {
			continue
		}
		key := keys[d]
		if key > t.bound {
			break
		}
		t.cands, got = append(t.cands, candidate{key: key, view: i, doc: d}), got+1
	}
	if len(t.cands) >= 4*t.n+64 {
		t.prune()
	}
	return nil
}

// prune drops what cannot be among the first n.
func (t *top) prune() {
	slices.SortFunc(t.cands, func(a, b candidate) int { return cmp.Compare(a.key, b.key) })
	if len(t.cands) <= t.n {
		return
	}
	t.bound = t.cands[t.n-1].key
	keep := t.n
	for keep < len(t.cands) && t.cands[keep].key == t.bound {
		keep++
	}
	t.cands = t.cands[:keep]
}

// sorted returns the first n in the order of names.
func (t *top) sorted(views []*view) ([]candidate, error) {
	t.prune()
	for i := range t.cands {
		if c := &t.cands[i]; c.at.id == "" {
			var err error
			if c.at, err = placeIn(views[c.view], c.doc); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(t.cands, func(a, b candidate) int { return a.at.compare(b.at) })
	return t.cands[:min(t.n, len(t.cands))], nil
}

func placeIn(v *view, doc uint32) (place, error) {
	r := newStoredReader(v.seg)
	err := r.read(doc)
	return place{string(r.family), string(r.given), string(r.id)}, err
}
