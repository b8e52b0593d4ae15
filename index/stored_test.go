package index

import (
	"errors"
	"testing"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// keeping is a segment of one document that keeps a value.
type keeping struct {
	segment.Segment
	value []byte
	err   error
}

func (k keeping) VisitStoredFields(_ uint64, visit segment.StoredFieldValueVisitor) error {
	if k.err == nil {
		visit(fieldStored, 't', k.value, nil)
	}
	return k.err
}

func TestStored(t *testing.T) {
	t.Run("what a head keeps is read as it was written", func(t *testing.T) {
		r := newStoredReader(keeping{value: stored{7, "martin", "anne"}.encode()})
		if err := r.read(0); err != nil || r.print != 7 || string(r.family) != "martin" || string(r.given) != "anne" {
			t.Errorf("%d %q %q %v", r.print, r.family, r.given, err)
		}
	})
	t.Run("what is damaged is an error, every time it is read", func(t *testing.T) {
		whole := stored{7, "martin", "anne"}.encode()
		for _, value := range [][]byte{nil, whole[:8], whole[:12]} { // no name, or no end of one
			r := newStoredReader(keeping{value: value})
			for range 2 {
				if err := r.read(0); !errors.Is(err, errStored) {
					t.Errorf("%q: %v", value, err)
				}
			}
		}
	})
	t.Run("what cannot be read is an error", func(t *testing.T) {
		torn := errors.New("torn")
		if err := newStoredReader(keeping{err: torn}).read(0); !errors.Is(err, torn) {
			t.Error(err)
		}
	})
}
