package ldapd

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"annuaire/ldapd/ber"
	"annuaire/ldapd/filter"
	"annuaire/ldapd/schema"
)

// sorter sorts the first entries found: Limits.SortWindow of them. It keeps their sort keys and names alone, and reads them again in order. One per
// connection works at a time.
type sorter struct {
	types   []*schema.AttributeType
	reverse []bool
	code    int    // sortResult
	at      []byte // the attribute at fault
	found   []sortable
}

type sortable struct {
	keys  [][]byte // nil: the attribute is not there, which comes last (RFC 2891, 2.2)
	shelf *shelf
	id    string
	node  *node
}

// newSorter reads the keys; the sorter has a code other than success where they cannot be honoured.
func newSorter(q *sortRequest) *sorter {
	s := &sorter{}
	if len(q.keys) > maxSortKeys {
		s.code = unwillingToPerform
		return s
	}
	for _, k := range q.keys {
		t, held, known := filter.Description(k.name)
		switch {
		case !known || !held:
			s.code, s.at = noSuchAttribute, k.name
			return s
		case len(k.rule) > 0 && !schema.OrderingRule(k.rule):
			s.code, s.at = inappropriateMatching, k.name
			return s
		}
		s.types, s.reverse = append(s.types, t), append(s.reverse, k.reverse)
	}
	return s
}

func (s *sorter) lock(ctx context.Context, c *conn) bool {
	select {
	case c.sorting <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (s *sorter) unlock(c *conn) { <-c.sorting }

// add keeps an entry to be sorted.
func (s *sorter) add(x *subject) {
	e := sortable{keys: make([][]byte, len(s.types)), shelf: x.shelf, node: x.node}
	if x.node == nil {
		e.id = string(x.card.ID())
	}
	for i, t := range s.types {
		e.keys[i] = least(x, t)
	}
	s.found = append(s.found, e)
}

// least is the sort key of the least value of an attribute (RFC 2891, 2.2); nil without a value.
func least(x *subject, t *schema.AttributeType) (key []byte) {
	var buf [2 * maxSortBytes]byte
	look := func(v []byte) {
		k := filter.SortKey(buf[:0], t, v)
		if k = k[:min(len(k), maxSortBytes)]; key == nil || bytes.Compare(k, key) < 0 {
			key = append(make([]byte, 0, len(k)), k...)
		}
	}
	if x.node == nil && t.Attr != 0 {
		for v := range x.card.Values(t.Attr) {
			look(v)
		}
		return key
	}
	for _, v := range x.Computed(t) {
		look(v)
	}
	return key
}

func (s *sorter) compare(a, b sortable) int {
	for i, rev := range s.reverse {
		ka, kb := a.keys[i], b.keys[i]
		c := cmp.Or(cmp.Compare(bit(ka == nil), bit(kb == nil)), bytes.Compare(ka, kb)) // no value is larger than any
		if rev {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// sorted returns what was found, in order.
func (f *searcher) sorted() result {
	all := f.sorter.found
	slices.SortStableFunc(all, f.sorter.compare)
	if len(all) > f.max {
		f.over = true
	}
	for _, e := range all[:min(len(all), f.max)] {
		if !f.out.flush(f.ctx) {
			return f.timely(failed(f.ctx.Err()))
		}
		if e.node != nil {
			f.x.place = place{node: e.node}
			f.give()
		} else if r := f.reread(e.shelf, e.id); r.code != success {
			return r
		}
	}
	return result{}
}

// control is the response control.
func (s *sorter) control() responseControl {
	var e ber.Encoder
	m := e.Begin(ber.Sequence)
	e.Int(ber.Enumerated, int64(s.code))
	if s.at != nil {
		e.Bytes(ber.Context(0), s.at)
	}
	e.End(m)
	return responseControl{oidSortResponse, e.Buf}
}
