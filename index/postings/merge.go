package postings

import (
	"errors"
	"fmt"
	"math"
	"os"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// errStopped is a merge that was told to stop.
var errStopped = errors.New("postings: merge stopped")

// merge writes to path the documents of segments, one after the other, but those of drops. It returns their new numbers, per
// segment, math.MaxUint64 for a dropped one.
func merge(segments []segment.Segment, drops []*roaring.Bitmap, path string, stop chan struct{}) (numbers [][]uint64, n uint64, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, 0, err
	}
	defer func() {
		if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
			err = errors.Join(err, os.Remove(path))
		}
	}()
	m := &merger{w: newWriter(f), drops: drops, stop: stop}
	for _, s := range segments {
		switch s := s.(type) {
		case *Segment:
			m.segs = append(m.segs, s)
		case *persisted:
			m.segs = append(m.segs, s.Segment)
		default:
			return nil, 0, fmt.Errorf("postings: cannot merge a %T", s)
		}
	}
	m.number()
	if err := m.fields(); err != nil {
		return nil, 0, err
	}
	if err := m.documents(); err != nil {
		return nil, 0, err
	}
	n, err = m.w.finish()
	return m.numbers, n, err
}

type merger struct {
	w       *writer
	segs    []*Segment
	drops   []*roaring.Bitmap
	stop    chan struct{}
	numbers [][]uint64
	first   []uint32 // numbers of the first documents
	names   []string
	docs    []uint32 // of the term being written
}

// losing reports whether documents of a segment are dropped.
func (m *merger) losing(seg int) bool {
	return m.drops != nil && m.drops[seg] != nil && !m.drops[seg].IsEmpty()
}

func (m *merger) dropped(seg int, doc uint32) bool {
	return m.losing(seg) && m.drops[seg].Contains(doc)
}

func (m *merger) number() {
	next := uint64(0)
	for i, s := range m.segs {
		m.first = append(m.first, uint32(next))
		nums := make([]uint64, s.docs)
		for d := range nums {
			if m.dropped(i, uint32(d)) {
				nums[d] = math.MaxUint64
				continue
			}
			nums[d] = next
			next++
		}
		m.numbers = append(m.numbers, nums)
		for _, name := range s.names {
			if !slices.Contains(m.names, name) {
				m.names = append(m.names, name)
			}
		}
	}
}

func (m *merger) documents() error {
	field := map[string]int{}
	for i, name := range m.names {
		field[name] = i
	}
	var buf []byte
	for i, s := range m.segs {
		for d := range s.docs {
			if m.numbers[i][d] == math.MaxUint64 {
				continue
			}
			buf = buf[:0]
			err := s.VisitStoredFields(d, func(name string, _ byte, value []byte, _ []uint64) bool {
				buf = appendStored(buf, field[name], value)
				return true
			})
			if err != nil {
				return err
			}
			m.w.document(buf, s.more.Contains(uint32(d)))
		}
	}
	return m.w.err
}

func (m *merger) stopped() bool {
	select {
	case <-m.stop:
		return true
	default:
		return false
	}
}
