package extract

import (
	"fmt"
	"sync"
)

// pendingReject is a rejected line whose number within the file is not yet known. The row itself stays in the file until then:
// a file of nothing but wrong rows must not end up in memory.
type pendingReject struct {
	offset, size int64
	line         int64 // within its block, from 1
	reason       string
}

// blockResult is what came out of one block.
type blockResult struct {
	lines   int64
	stats   Stats
	rejects []pendingReject
}

// collector puts the results of blocks, which end in any order, back into the order of the file. Line numbers and the rejects
// file then do not depend on the number of workers.
type collector struct {
	t *Table

	mu      sync.Mutex
	waiting map[int]blockResult
	next    int   // first block not yet collected
	line    int64 // lines before it, the header's included
	stats   Stats
}

func newCollector(t *Table) *collector {
	return &collector{t: t, waiting: map[int]blockResult{}, line: 1}
}

// done takes the result of block i, and passes on all results that follow without a gap.
func (c *collector) done(i int, res blockResult) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting[i] = res
	for {
		res, ok := c.waiting[c.next]
		if !ok {
			return nil
		}
		delete(c.waiting, c.next)
		for _, p := range res.rejects {
			if err := c.reject(p); err != nil {
				return err
			}
		}
		c.next++
		c.line += res.lines
		c.stats.add(res.stats)
		if c.t.opt.Progress != nil {
			c.t.opt.Progress(min(c.t.data+int64(c.next)*c.t.block, c.t.size), c.t.size, c.line-1)
		}
	}
}

// reject reads the row again and hands it to the sink.
func (c *collector) reject(p pendingReject) error {
	row := make([]byte, min(p.size, MaxRejectRow))
	if n, err := c.t.r.ReadAt(row, p.offset); n < len(row) {
		return fmt.Errorf("extract: reading a rejected row: %w", err)
	}
	return c.t.opt.Rejects.Reject(Reject{File: c.t.file.Name(), Line: c.line + p.line, Reason: p.reason, Size: p.size, Row: string(row)})
}
