package index

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"

	"annuaire"

	"github.com/RoaringBitmap/roaring/v2"
)

// selectedRow is one person selected.
type selectedRow struct {
	personKey
	detail [annuaire.MaxDetail]uint32 // by field asked for: in the values of detail
	reach  annuaire.Reach
}

// detail numbers the values of a field over all segments; 0 is none.
type detail struct {
	ords   map[string]uint32
	values []string
}

func (d *detail) of(value string) uint32 {
	o, ok := d.ords[value]
	if !ok {
		o = uint32(len(d.values))
		d.ords[value], d.values = o, append(d.values, value)
	}
	return o
}

// detail gives each row, which are in the order of heads, the first value of a field in the situations that count.
func (s *selecting) detail(n int, v *view, sp spec, heads, docs *roaring.Bitmap, rows []selectedRow) error {
	col, err := v.facets.column(v, sp)
	if err != nil {
		return err
	}
	s.mu.Lock()
	ords := make([]uint32, len(col.values))
	for i, value := range col.values {
		ords[i] = s.details[n].of(value)
	}
	s.mu.Unlock()
	at, head := 0, heads.Iterator()
	h := head.Next()
	for it := docs.Iterator(); it.HasNext(); {
		d := it.Next()
		first := col.first[d] &^ several
		if first == 0 {
			continue
		}
		for of := v.groups.head(d); h != of; at++ {
			h = head.Next()
		}
		if rows[at].detail[n] == 0 {
			rows[at].detail[n] = ords[first-1]
		}
	}
	return nil
}

// places adds the numbers of the structures of docs.
func (s *selecting) places(v *view, docs *roaring.Bitmap) error {
	for _, kind := range []byte{kindFINESS, kindSIRET} {
		col, err := v.facets.column(v, spec{field: fieldStructIDs, kind: kind})
		if err != nil {
			return err
		}
		counts := map[string]int{}
		col.count(v.groups, docs, counts, 1)
		s.mu.Lock()
		for number := range counts {
			s.out.Places[number] = struct{}{}
		}
		s.mu.Unlock()
	}
	return nil
}

// finish puts the rows of all segments in order.
func (s *selecting) finish() {
	slices.SortFunc(s.rows, func(a, b selectedRow) int { return cmp.Or(cmp.Compare(a.high, b.high), cmp.Compare(a.low, b.low)) })
	s.out.IDs, s.out.Reach = writtenOut(s.rows), make([]annuaire.Reach, len(s.rows))
	for i := range s.rows {
		s.out.Reach[i] = s.rows[i].reach
	}
	s.out.Detail = map[annuaire.Field][]string{}
	for n, f := range s.q.Detail {
		values := make([]string, len(s.rows))
		for i := range s.rows {
			values[i] = s.details[n].values[s.rows[i].detail[n]]
		}
		s.out.Detail[f] = values
	}
	s.out.Splits = map[annuaire.Field][]annuaire.Split{}
	for _, f := range s.q.Split {
		list := make([]annuaire.Split, 0, len(s.splits[f]))
		for _, sp := range s.splits[f] {
			list = append(list, *sp)
		}
		slices.SortFunc(list, func(a, b annuaire.Split) int {
			return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(a.Code, b.Code))
		})
		s.out.Splits[f] = list
	}
}

// writtenOut writes the ids out, in one piece of memory.
func writtenOut(rows []selectedRow) []string {
	text, ends := make([]byte, 0, 12*len(rows)), make([]int, len(rows))
	for i, r := range rows {
		var b [12]byte
		binary.BigEndian.PutUint64(b[:8], r.high)
		binary.BigEndian.PutUint32(b[8:], r.low)
		text = append(text, bytes.TrimRight(b[:], "\x00")...)
		ends[i] = len(text)
	}
	all, from, ids := string(text), 0, make([]string, len(rows))
	for i, to := range ends {
		ids[i], from = all[from:to], to
	}
	return ids
}
