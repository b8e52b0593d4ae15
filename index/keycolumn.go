package index

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sort"
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
)

// keyColumn is the order of the heads of a segment.
type keyColumn struct {
	loaded atomic.Pointer[column]
	mu     sync.Mutex // of whoever loads
	asked  bool       // a load in the background was started
}

// column is the sort keys of the heads, by document, and the heads in the order of names.
type column struct {
	keys  []uint64
	order []uint32
}

// fewDocs is up to how many results are ordered by reading their names one by one, rather than waiting for the column.
const fewDocs = 2000

// load reads the column, once.
func (k *keyColumn) load(ctx context.Context, v *view) (*column, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if c := k.loaded.Load(); c != nil {
		return c, nil
	}
	c := &column{keys: make([]uint64, v.groups.n), order: v.groups.heads.ToArray()}
	err := eachKey(ctx, v, v.groups.heads, func(d uint32, key uint64) { c.keys[d] = key })
	if err != nil {
		return nil, err
	}
	if err := c.sort(ctx, v); err != nil {
		return nil, err
	}
	k.loaded.Store(c)
	return c, nil
}

// sort orders the heads by their keys, and those of one key by their names, which are read for them only.
func (c *column) sort(ctx context.Context, v *view) error {
	slices.SortFunc(c.order, func(a, b uint32) int { return cmp.Compare(c.keys[a], c.keys[b]) })
	for from := 0; from < len(c.order); {
		to := from + 1
		for to < len(c.order) && c.keys[c.order[to]] == c.keys[c.order[from]] {
			to++
		}
		if to > from+1 {
			if err := ctx.Err(); err != nil {
				return err
			}
			tied := make([]candidate, to-from)
			for i, d := range c.order[from:to] {
				at, err := placeIn(v, d)
				if err != nil {
					return err
				}
				tied[i] = candidate{doc: d, at: at}
			}
			slices.SortFunc(tied, func(a, b candidate) int { return a.at.compare(b.at) })
			for i, t := range tied {
				c.order[from+i] = t.doc
			}
		}
		from = to
	}
	return nil
}

// after returns where in the order the first head after a place is.
func (c *column) after(v *view, from *place) (n int, err error) {
	if from == nil {
		return 0, nil
	}
	key := sortKey(from.family, from.given)
	return sort.Search(len(c.order), func(i int) bool {
		d := c.order[i]
		if c.keys[d] != key {
			return c.keys[d] > key
		}
		at, err2 := placeIn(v, d)
		err = errors.Join(err, err2)
		return at.compare(*from) > 0
	}), err
}

// of returns the keys of docs, in their order, as a function called once for each. A column not there yet is loaded in the
// background while few documents do without it.
func (k *keyColumn) of(ctx context.Context, e *engine, v *view, docs *roaring.Bitmap) (func(d uint32) uint64, error) {
	if c := k.loaded.Load(); c != nil {
		return func(d uint32) uint64 { return c.keys[d] }, nil
	}
	n := docs.GetCardinality()
	if n > fewDocs {
		c, err := k.load(ctx, v)
		if err != nil {
			return nil, err
		}
		return func(d uint32) uint64 { return c.keys[d] }, nil
	}
	if v.groups.n > fewDocs && k.mu.TryLock() {
		if !k.asked {
			k.asked = true
			e.segments.loadLater(e)
		}
		k.mu.Unlock()
	}
	keys := make([]uint64, 0, n)
	err := eachKey(ctx, v, docs, func(_ uint32, key uint64) { keys = append(keys, key) })
	return func(uint32) uint64 {
		key := keys[0]
		keys = keys[1:]
		return key
	}, err
}

func eachKey(ctx context.Context, v *view, docs *roaring.Bitmap, fn func(d uint32, key uint64)) error {
	it := docs.Iterator()
	for n := 0; it.HasNext(); n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		d := it.Next()
		_, s, err := readStored(v.seg, d)
		if err != nil {
			return err
		}
		fn(d, sortKey(s.family, s.given))
	}
	return nil
}
