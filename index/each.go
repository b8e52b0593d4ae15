package index

import (
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
)

// eachPrint verifies each segment against its checksum and calls fn with the id and the print of every live head.
func (e *engine) eachPrint(fn func(id string, print uint64) error) error {
	return e.eachView("", func(v *view, heads *roaring.Bitmap) error {
		if s, ok := v.seg.(interface{ Verify() error }); ok {
			if err := s.Verify(); err != nil {
				return fmt.Errorf("index %s: %w", e.name, err)
			}
		}
		it := heads.Iterator()
		for it.HasNext() {
			id, s, err := v.stored(it.Next())
			if err != nil {
				return err
			}
			if err := fn(id, s.print); err != nil {
				return err
			}
		}
		return nil
	})
}

func (e *engine) eachView(flat string, fn func(v *view, heads *roaring.Bitmap) error) error {
	snap, release, err := e.snapshot()
	if err != nil {
		return err
	}
	defer release()
	views, err := e.segments.views(snap)
	if err == nil && flat != "" {
		views, err = kindViews(views, flat)
	}
	if err != nil {
		return err
	}
	for _, v := range views {
		if err := fn(v, v.live(v.heads)); err != nil {
			return err
		}
	}
	return nil
}
