package index

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
)

// keyColumn is the sort keys of the heads of a segment, by document.
type keyColumn struct {
	loaded atomic.Pointer[[]uint64]
	mu     sync.Mutex // of whoever loads
	asked  bool       // a load in the background was started
}

// fewDocs is up to how many results are ordered by reading their names one by one, rather than waiting for the column.
const fewDocs = 2000

// load reads the column, once.
func (k *keyColumn) load(ctx context.Context, v *view) ([]uint64, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if keys := k.loaded.Load(); keys != nil {
		return *keys, nil
	}
	keys := make([]uint64, v.groups.n)
	err := eachKey(ctx, v, v.groups.heads, func(d uint32, key uint64) { keys[d] = key })
	if err != nil {
		return nil, err
	}
	k.loaded.Store(&keys)
	return keys, nil
}

// of returns the keys of docs, in their order, as a function called once for each. A column not there yet is loaded in the
// background while few documents do without it.
func (k *keyColumn) of(ctx context.Context, e *engine, v *view, docs *roaring.Bitmap) (func(d uint32) uint64, error) {
	if keys := k.loaded.Load(); keys != nil {
		return func(d uint32) uint64 { return (*keys)[d] }, nil
	}
	n := docs.GetCardinality()
	if n > fewDocs {
		keys, err := k.load(ctx, v)
		return func(d uint32) uint64 { return keys[d] }, err
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
