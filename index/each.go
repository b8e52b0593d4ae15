package index

import (
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
)

// EachFingerprint verifies each segment against its checksum and calls fn with the id and the fingerprint (see Fingerprints) of everything
// indexed, in no order; ids of places are their keys (StructureKey, MailboxKey).
func (e *engine) EachFingerprint(fn func(id string, print uint64) error) error {
	return e.eachView("", func(v *view, heads *roaring.Bitmap) error {
		if s, ok := v.seg.(interface{ Verify() error }); ok {
			if err := s.Verify(); err != nil {
				return fmt.Errorf("index %s: %w", e.name, err)
			}
		}
		r := newStoredReader(v.seg)
		for it := heads.Iterator(); it.HasNext(); {
			if err := r.read(it.Next()); err != nil {
				return err
			}
			if err := fn(string(r.id), r.print); err != nil {
				return err
			}
		}
		return nil
	})
}

func (e *engine) eachView(flat string, fn func(v *view, heads *roaring.Bitmap) error) error {
	in, err := e.read(flat)
	if err != nil {
		return err
	}
	defer in.release()
	for _, v := range in.views {
		if err := fn(v, v.live(v.heads)); err != nil {
			return err
		}
	}
	return nil
}
