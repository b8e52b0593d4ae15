package index

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"annuaire"
	"annuaire/internal/codes"

	"github.com/RoaringBitmap/roaring/v2"
)

// Select returns everyone of whom q.Where is true, with how they divide, out of one state of the index: no record is read. Labels are
// those of the tables; AsOf is left to whoever keeps the records. Where q.Kinds counts some mailboxes only, holders are who has one: see
// Places.Holders. Errors are those of Search; it waits for its turn as searches do.
func (p *People) Select(ctx context.Context, q annuaire.Selection, holders []string) (annuaire.Selected, error) {
	in, err := p.e.read(people.flat)
	if err != nil {
		return annuaire.Selected{}, err
	}
	defer in.release()
	s := &selecting{search: search{reading: in, e: p.e, ctx: ctx, q: annuaire.Query{Where: q.Where}, sets: people}, q: q}
	if err := s.prepare(holders); err != nil {
		return annuaire.Selected{}, err
	}
	for _, v := range s.views {
		s.out.Total += int(v.live(v.heads).GetCardinality())
	}
	if s.out.Seq, err = p.e.seqOf(in.snap); err != nil {
		return annuaire.Selected{}, err
	}
	end, err := turns.Take(ctx)
	if err != nil {
		return annuaire.Selected{}, err
	}
	defer end()
	var res Result
	if err := s.findAll(&res); err != nil {
		return annuaire.Selected{}, err
	}
	if err := s.describe(); err != nil {
		return annuaire.Selected{}, err
	}
	s.finish()
	return s.out, nil
}

// selecting is one selection being answered.
type selecting struct {
	search
	q       annuaire.Selection
	counted *plan
	hidden  map[personKey]struct{}
	holders map[personKey]struct{} // nil: whoever has a published mailbox

	mu      sync.Mutex // guards what follows against the segments, each of which brings its own
	out     annuaire.Selected
	rows    []selectedRow
	splits  map[annuaire.Field]map[string]*annuaire.Split
	details []*detail
}

// prepare compiles both expressions for all segments.
func (s *selecting) prepare(holders []string) (err error) {
	if len(s.q.Detail) > annuaire.MaxDetail {
		return fmt.Errorf("select: %d fields of each person, at most %d", len(s.q.Detail), annuaire.MaxDetail)
	}
	for _, f := range slices.Concat(s.q.Split, s.q.Detail) {
		if !facetFields[f] {
			return annuaire.Invalid("split", "%q ne se compte pas", "%q cannot be counted", f)
		}
	}
	s.comp = newCompiler(s.sets.schema, s.views, s.e.words)
	if s.plan, err = s.comp.compile(s.q.Where, false, false, false); err != nil {
		return err
	}
	if s.counted, err = s.comp.compile(s.q.Counted, false, false, true); err != nil {
		return err
	}
	for _, v := range s.views {
		v.memo = make([]memo, len(s.comp.criteria))
	}
	s.hidden = keysOf(s.q.Hidden)
	if len(s.q.Kinds) > 0 {
		s.holders = keysOf(holders)
	}
	s.splits = map[annuaire.Field]map[string]*annuaire.Split{}
	for range s.q.Detail {
		s.details = append(s.details, &detail{ords: map[string]uint32{}, values: []string{""}})
	}
	if s.q.Places {
		s.out.Places = map[string]struct{}{}
	}
	return nil
}

// describe looks at what each segment holds, on all processors that are free.
func (s *selecting) describe() error {
	return eachOf(s.ctx, len(s.views), 0, func(i int) error {
		if heads := s.found[i].all; !heads.IsEmpty() {
			return s.segment(s.views[i], heads)
		}
		return nil
	})
}

// segment describes the people of some heads.
func (s *selecting) segment(v *view, heads *roaring.Bitmap) error {
	withBox, err := v.postings(fieldBoxes, string(rune(kindHasMailbox)))
	if err != nil {
		return err
	}
	situations, err := v.eval(s.counted, true)
	if err != nil {
		return err
	}
	docs := roaring.And(situations.all(), v.groups.spread(heads))
	rows, published, reached, err := s.people(v, heads, withBox)
	if err != nil {
		return err
	}
	for n, f := range s.q.Detail {
		if err := s.detail(n, v, s.specOf(f), heads, docs, rows); err != nil {
			return err
		}
	}
	published, reached = v.groups.spread(published), v.groups.spread(reached)
	for _, f := range s.q.Split {
		if err := s.split(f, v, docs, published, reached); err != nil {
			return err
		}
	}
	s.mu.Lock()
	s.rows = append(s.rows, rows...)
	s.mu.Unlock()
	if s.q.Places {
		return s.places(v, docs)
	}
	return nil
}

// people reads who the heads are, in their order: rows, and the heads of those whom a published mailbox, or any, reaches.
func (s *selecting) people(v *view, heads, withBox *roaring.Bitmap) (rows []selectedRow, published, reached *roaring.Bitmap, err error) {
	rows = make([]selectedRow, 0, heads.GetCardinality())
	var pub, any []uint32
	it, box, r := heads.Iterator(), withBox.Iterator(), newStoredReader(v.seg)
	for n := 0; it.HasNext(); n++ {
		if n%4096 == 0 && s.ctx.Err() != nil {
			return nil, nil, nil, s.ctx.Err()
		}
		d := it.Next()
		if err := r.read(d); err != nil {
			return nil, nil, nil, err
		}
		k, ok := keyOfPerson(r.id)
		if !ok {
			return nil, nil, nil, fmt.Errorf("select: an id of %d bytes", len(r.id))
		}
		row := selectedRow{personKey: k}
		if box.AdvanceIfNeeded(d); box.HasNext() && box.PeekNext() == d {
			if _, held := s.holders[k]; held || s.holders == nil {
				row.reach, pub = annuaire.ReachPublished, append(pub, d)
			}
		}
		if _, ok := s.hidden[k]; ok {
			row.reach |= annuaire.ReachHidden
		}
		if row.reach != 0 {
			any = append(any, d)
		}
		rows = append(rows, row)
	}
	return rows, roaring.BitmapOf(pub...), roaring.BitmapOf(any...), nil
}

// specOf is how a field that is split by is indexed.
func (s *selecting) specOf(f annuaire.Field) spec {
	if f == annuaire.FieldCity { // counted by commune
		f = annuaire.FieldINSEE
	}
	return s.sets.schema[f]
}

// split adds what a segment holds of each value of a field.
func (s *selecting) split(f annuaire.Field, v *view, docs, published, reached *roaring.Bitmap) error {
	col, err := v.facets.column(v, s.specOf(f))
	if err != nil {
		return err
	}
	all, pub, any := map[string]int{}, map[string]int{}, map[string]int{}
	col.count(v.groups, docs, all, 1)
	col.count(v.groups, roaring.And(docs, published), pub, 1)
	col.count(v.groups, roaring.And(docs, reached), any, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	into := s.splits[f]
	if into == nil {
		into = map[string]*annuaire.Split{}
		s.splits[f] = into
	}
	for code, n := range all {
		sp := into[code]
		if sp == nil {
			sp = &annuaire.Split{Coded: annuaire.Coded{Code: code, Label: codes.Label(f, code)}}
			into[code] = sp
		}
		sp.People, sp.Published, sp.Reachable = sp.People+n, sp.Published+pub[code], sp.Reachable+any[code]
	}
	return nil
}
