package index

import (
	"github.com/RoaringBitmap/roaring/v2"
)

// matcher finds the documents of a criterion in a segment, deleted ones included. The result may be shared.
type matcher interface {
	match(v *view) (*roaring.Bitmap, error)
}

// anyTerm matches the documents that hold one of the terms.
type anyTerm struct {
	field string
	terms []string
}

func (m anyTerm) match(v *view) (*roaring.Bitmap, error) {
	sets := make([]*roaring.Bitmap, 0, len(m.terms))
	for _, t := range m.terms {
		b, err := v.postings(m.field, t)
		if err != nil {
			return nil, err
		}
		if !b.IsEmpty() {
			sets = append(sets, b)
		}
	}
	return union(sets), nil
}

// termRange matches the documents that hold a term at or after from and before to.
type termRange struct{ field, from, to string }

func prefixRange(field, prefix string) termRange { return termRange{field, prefix, after(prefix)} }

func (m termRange) match(v *view) (*roaring.Bitmap, error) {
	sets, err := v.sets(m.field, m.from, m.to)
	return union(sets), err
}

// anyOf matches what one of them matches.
type anyOf []matcher

func (m anyOf) match(v *view) (*roaring.Bitmap, error) {
	sets := make([]*roaring.Bitmap, 0, len(m))
	for _, a := range m {
		b, err := a.match(v)
		if err != nil {
			return nil, err
		}
		sets = append(sets, b)
	}
	return union(sets), nil
}

// allOf matches what all of them match.
type allOf []matcher

func (m allOf) match(v *view) (*roaring.Bitmap, error) {
	out := v.groups.all
	for i, a := range m {
		b, err := a.match(v)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			out = b
		} else {
			out = roaring.And(out, b)
		}
		if out.IsEmpty() {
			break
		}
	}
	return out, nil
}

// without matches the documents that should have a value of some kind (heads for one about the person) but those that hold
// the term that says they have none.
type without struct {
	field, term string
	person      bool
}

func (m without) match(v *view) (*roaring.Bitmap, error) {
	b, err := v.postings(m.field, m.term)
	if err != nil {
		return nil, err
	}
	all := v.groups.all
	if m.person {
		all = v.groups.heads
	}
	return roaring.AndNot(all, b), nil
}
