package index

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"sort"
)

// sorted returns the heads in the order of names, making it the first time.
func (k *keyColumn) sorted(ctx context.Context, v *view) ([]uint32, error) {
	keys, err := k.load(ctx, v)
	if err != nil {
		return nil, err
	}
	if order := k.order.Load(); order != nil {
		return *order, nil
	}
	order := v.groups.heads.ToArray()
	slices.SortFunc(order, func(a, b uint32) int { return cmp.Compare(keys[a], keys[b]) })
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && keys[order[to]] == keys[order[from]] {
			to++
		}
		if to > from+1 { // names are read for those of one key only
			if err := cmp.Or(ctx.Err(), sortTied(v, order[from:to])); err != nil {
				return nil, err
			}
		}
		from = to
	}
	k.order.Store(&order)
	return order, nil
}

// tied is a head whose key others have too.
type tied struct {
	doc               uint32
	family, given, id []byte
}

// sortTied orders heads by their names and ids, as place.compare does.
func sortTied(v *view, docs []uint32) error {
	all, r := make([]tied, len(docs)), newStoredReader(v.seg)
	for i, d := range docs {
		if err := r.read(d); err != nil {
			return err
		}
		all[i] = tied{d, r.family, r.given, r.id}
	}
	slices.SortFunc(all, func(a, b tied) int {
		return cmp.Or(bytes.Compare(a.family, b.family), bytes.Compare(a.given, b.given), bytes.Compare(a.id, b.id))
	})
	for i, t := range all {
		docs[i] = t.doc
	}
	return nil
}

// startAfter returns where in the order the first head after a place is.
func startAfter(v *view, keys []uint64, order []uint32, from *place) (n int, err error) {
	if from == nil {
		return 0, nil
	}
	key := sortKey(from.family, from.given)
	n = sort.Search(len(order), func(i int) bool {
		d := order[i]
		if keys[d] != key {
			return keys[d] > key
		}
		at, err2 := placeIn(v, d)
		err = errors.Join(err, err2)
		return at.compare(*from) > 0
	})
	return n, err
}
