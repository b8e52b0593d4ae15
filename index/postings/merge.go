package postings

import (
	"bytes"
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
	names   []string
}

func (m *merger) dropped(seg int, doc uint32) bool {
	return m.drops != nil && m.drops[seg] != nil && m.drops[seg].Contains(doc)
}

func (m *merger) number() {
	next := uint64(0)
	for i, s := range m.segs {
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

func (m *merger) fields() error {
	for _, name := range m.names {
		dicts, at := make([]*dictionary, len(m.segs)), make([]int, len(m.segs))
		for i, s := range m.segs {
			dicts[i] = s.dictionary(name)
		}
		for n := 0; ; n++ {
			if n%1024 == 0 && m.stopped() {
				return errStopped
			}
			term, ok := lowest(dicts, at)
			if !ok {
				break
			}
			if err := m.term(term, dicts, at); err != nil {
				return err
			}
		}
		m.w.endField(name)
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

// lowest returns the first of the terms at which dicts stand.
func lowest(dicts []*dictionary, at []int) (term []byte, ok bool) {
	for i, d := range dicts {
		if at[i] < d.terms {
			if t := d.term(at[i]); !ok || bytes.Compare(t, term) < 0 {
				term, ok = t, true
			}
		}
	}
	return term, ok
}

// term writes a term with what remains of its documents, and moves past it.
func (m *merger) term(term []byte, dicts []*dictionary, at []int) error {
	var docs []uint32
	for i, d := range dicts {
		if at[i] == d.terms || !bytes.Equal(d.term(at[i]), term) {
			continue
		}
		set, err := d.docsAt(at[i])
		if err != nil {
			return err
		}
		for it := set.Iterator(); it.HasNext(); {
			if n := m.numbers[i][it.Next()]; n != math.MaxUint64 {
				docs = append(docs, uint32(n))
			}
		}
		at[i]++
	}
	if len(docs) > 0 {
		m.w.term(term, docs)
	}
	return nil
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
