package index

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"annuaire"
	"annuaire/internal/names"

	"github.com/RoaringBitmap/roaring/v2"
)

// Beginning returns the ids of up to n records with a name that begins with one word: the family name of people, a word of the names of structures.
// They come in the order of names as far as it goes: of a common beginning some are returned, not the first. It reads no more than it returns,
// however many there are: it is for typing.
func (r Records) Beginning(ctx context.Context, word string, n int) ([]string, error) {
	word = names.Fold(word)
	if word == "" || n <= 0 {
		return nil, nil
	}
	in, err := r.e.read(r.set.flat)
	if err != nil {
		return nil, err
	}
	defer in.release()
	var all []begun
	for _, v := range in.views {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if all, err = v.beginning(r.set.begins, word, n, all); err != nil {
			return nil, err
		}
	}
	return firstOf(all, r.set.prefix, n), nil
}

// begun is somebody found, and whether by the whole first word.
type begun struct {
	rank int
	at   place
}

// maxBegun is how many words of a segment are looked at: whoever types two letters is not told everything.
const maxBegun = 1000

// beginning appends up to n of a segment: first those whose value begins with the word, then those with it further on.
func (v *view) beginning(field, word string, n int, to []begun) ([]begun, error) {
	later := make([]*roaring.Bitmap, 0, n)
	got, read := 0, 0
	take := func(docs *roaring.Bitmap, rank int) error {
		docs = v.live(docs)
		if !docs.Intersects(v.heads) {
			return nil
		}
		for it := docs.Iterator(); it.HasNext() && got < n; {
			d := it.Next()
			if !v.heads.Contains(d) {
				continue
			}
			at, err := placeIn(v, d)
			if err != nil {
				return err
			}
			to, got = append(to, begun{rank, at}), got+1
		}
		return nil
	}
	err := v.scan(field, string(rune(kindWord))+word, func(term string, docs func() (*roaring.Bitmap, error)) (bool, error) {
		p, whole := positionOf(term), len(term) == len(word)+4
		if read++; read > maxBegun || got == n {
			return false, nil
		}
		if p.pos > 0 && len(later) == n {
			return true, nil
		}
		b, err := docs()
		if err != nil {
			return false, err
		}
		if p.pos > 0 {
			later = append(later, b)
			return true, nil
		}
		rank := 1
		if whole {
			rank = 0
		}
		return got < n, take(b, rank)
	})
	for _, b := range later {
		if err == nil && got < n {
			err = take(b, 2)
		}
	}
	return to, err
}

// Some returns the ids of up to n records of whom where is true, the best of those it comes across first: it looks no further than it
// has to. For typing, as Beginning is.
func (r Records) Some(ctx context.Context, where annuaire.Expr, n int) ([]string, error) {
	s, err := r.search(ctx, annuaire.Query{Where: where})
	if err != nil {
		return nil, err
	}
	defer s.release()
	var all []begun
	for _, v := range s.views {
		if len(all) >= n {
			break
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		f, err := s.find(v)
		if err != nil {
			return nil, err
		}
		got := 0
		for _, l := range f.graded {
			for it := l.docs.Iterator(); it.HasNext() && got < n; got++ {
				at, err := placeIn(v, it.Next())
				if err != nil {
					return nil, err
				}
				all = append(all, begun{l.cost, at})
			}
		}
	}
	return firstOf(all, r.set.prefix, n), nil
}

// firstOf returns the first n, each once.
func firstOf(all []begun, prefix string, n int) (out []string) {
	slices.SortFunc(all, func(a, b begun) int { return cmp.Or(cmp.Compare(a.rank, b.rank), a.at.compare(b.at)) })
	for _, b := range all {
		if id := strings.TrimPrefix(b.at.id, prefix); len(out) < n && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}
