package index

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
)

// keyColumn is what orders the heads of a segment: their sort keys, by document, and then the heads in the order of names. Searches wait for
// the keys where they have to; the order is made in the background, and whoever comes before it does without.
type keyColumn struct {
	keys  atomic.Pointer[[]uint64]
	order atomic.Pointer[[]uint32]
	mu    sync.Mutex // of whoever loads
	asked bool       // a load in the background was started
}

// fewDocs is up to how many results are ordered by reading their names one by one, rather than waiting for the keys.
const fewDocs = 2000

// load reads the keys, once.
func (k *keyColumn) load(ctx context.Context, v *view) ([]uint64, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if keys := k.keys.Load(); keys != nil {
		return *keys, nil
	}
	keys := make([]uint64, v.groups.n)
	err := eachKey(ctx, v, v.groups.heads, func(d uint32, key uint64) { keys[d] = key })
	if err != nil {
		return nil, err
	}
	k.keys.Store(&keys)
	return keys, nil
}

// loadLater has the background load what is missing of large segments, once.
func (k *keyColumn) loadLater(e *engine, v *view) {
	if k.order.Load() != nil || v.groups.n <= fewDocs || !k.mu.TryLock() {
		return
	}
	defer k.mu.Unlock()
	if !k.asked {
		k.asked = true
		e.segments.loadLater(e)
	}
}

// of returns the keys of docs, in their order, as a function called once for each. Keys not there yet are loaded in the background while
// few documents do without them.
func (k *keyColumn) of(ctx context.Context, e *engine, v *view, docs *roaring.Bitmap) (func(d uint32) uint64, error) {
	k.loadLater(e, v)
	if keys := k.keys.Load(); keys != nil {
		return func(d uint32) uint64 { return (*keys)[d] }, nil
	}
	n := docs.GetCardinality()
	if n > fewDocs {
		keys, err := k.load(ctx, v)
		return func(d uint32) uint64 { return keys[d] }, err
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
	it, r := docs.Iterator(), newStoredReader(v.seg)
	for n := 0; it.HasNext(); n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		d := it.Next()
		if err := r.read(d); err != nil {
			return err
		}
		fn(d, sortKey(r.family, r.given))
	}
	return nil
}
