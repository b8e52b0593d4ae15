package index

import (
	"context"
	"fmt"
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// segmentState is what is kept in memory of a segment as long as it is in use: who is who, and the columns that order and
// count. A segment never changes (deletions are beside it), and its documents keep their numbers when it goes to disk.
type segmentState struct {
	groups *groups
	keys   keyColumn
	facets facetColumns
	kinds  kindSets
}

// segmentCache holds the states of the segments in use, by the id scorch gives each.
type segmentCache struct {
	mu     sync.Mutex
	states map[uint64]*segmentState
	cancel context.CancelFunc
	ctx    context.Context
	wg     sync.WaitGroup
}

func newSegmentCache() *segmentCache {
	c := &segmentCache{states: map[uint64]*segmentState{}}
	c.ctx, c.cancel = context.WithCancel(context.Background()) // ends with the index, not with a caller
	return c
}

// views returns the segments of a snapshot, and forgets those that have left.
func (c *segmentCache) views(snap *scorch.IndexSnapshot) ([]*view, error) {
	segs := snap.Segments()
	out := make([]*view, len(segs))
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, s := range segs {
		state := c.states[s.Id()]
		if state == nil {
			g, err := groupsOf(s.Segment())
			if err != nil {
				return nil, err
			}
			state = &segmentState{groups: g}
			c.states[s.Id()] = state
		}
		out[i] = newView(s, state)
	}
	if len(c.states) > 2*len(segs)+8 { // older snapshots may still be searched: forgetting costs them nothing but work
		in := make(map[uint64]*segmentState, len(segs))
		for i, s := range segs {
			in[s.Id()] = out[i].segmentState
		}
		c.states = in
	}
	return out, nil
}

func groupsOf(seg segment.Segment) (*groups, error) {
	d, err := seg.Dictionary(fieldID)
	if err != nil {
		return nil, fmt.Errorf("dictionary of ids: %w", err)
	}
	pl, err := d.PostingsList([]byte(continuation), nil, nil)
	if err != nil {
		return nil, fmt.Errorf("continuations: %w", err)
	}
	return newGroups(uint32(seg.Count()), bitmapOf(pl)), nil
}

// background runs fn until the index is closed, which waits for it; false when it is closed already.
func (c *segmentCache) background(fn func(context.Context)) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx.Err() != nil {
		return false
	}
	c.wg.Go(func() { fn(c.ctx) })
	return true
}

// loadLater fills the sort keys of all segments in the background, then their orders; searches that come first do without.
func (c *segmentCache) loadLater(e *engine) {
	c.background(func(ctx context.Context) {
		in, err := e.read("")
		if err != nil {
			return // closed already; else the first search says so
		}
		defer in.release()
		for _, v := range in.views {
			if _, err := v.keys.load(ctx, v); err != nil {
				return
			}
		}
		for _, v := range in.views {
			if _, err := v.keys.sorted(ctx, v); err != nil {
				return
			}
		}
	})
}

// stop ends the background work.
func (c *segmentCache) stop() {
	c.mu.Lock()
	c.cancel()
	c.mu.Unlock()
	c.wg.Wait()
}
