package extract

import (
	"bytes"
	"context"
	"io"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"annuaire"
)

// Stats is what a scan met.
type Stats struct {
	Rows     int64 // handed to the callback
	Rejected int64 // lines that are no row, or whose key is not right
	Blank    int64 // lines skipped
	Fallback int64 // rows decoded from Windows-1252
	Cleaned  int64 // rows in which control characters were replaced
	Bytes    int64 // of the text, header included
}

func (s *Stats) add(o Stats) {
	s.Rows += o.Rows
	s.Rejected += o.Rejected
	s.Blank += o.Blank
	s.Fallback += o.Fallback
	s.Cleaned += o.Cleaned
}

// Scan calls fn for every row, from several goroutines: worker, from 0 to workers-1, tells which. Each worker sees its rows in
// the order of the file, but only a scan with one worker goes through the whole file in order. Fewer than 1 worker means one
// per CPU. The Row and what it gives are valid during the call. An error of fn, or of Limits.Rejects, ends the scan and is
// returned. Rejected rows go to Limits.Rejects in the order of the file, with exact line numbers, however many workers.
// A file without any row, right or wrong, is an annuaire.Error of code invalid; how many rejected rows are too many is the
// caller's to say.
func (t *Table) Scan(ctx context.Context, workers int, fn func(worker int, r *Row) error) (Stats, error) {
	blocks := int((t.size - t.data + t.block - 1) / t.block)
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = max(1, min(workers, blocks))
	c := newCollector(t)
	var nextBlock atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for w := range workers {
		g.Go(func() error {
			s := &scanner{t: t, lines: newLines(t, 0, 0), fn: func(r *Row) error { return fn(w, r) }}
			for {
				i := int(nextBlock.Add(1)) - 1
				if i >= blocks {
					return nil
				}
				if workers == 1 {
					s.row.Line = c.line
				}
				res, err := s.block(ctx, i, workers == 1)
				if err != nil {
					return err
				}
				if err := c.done(i, res); err != nil {
					return err
				}
			}
		})
	}
	err := g.Wait()
	c.stats.Bytes = t.size
	if err == nil && c.stats.Rows+c.stats.Rejected == 0 {
		err = annuaire.Invalid("from", "%s ne contient aucune ligne de données", "%s has no data row", t.file.Name())
	}
	return c.stats, err
}

// scanner is one worker.
type scanner struct {
	t     *Table
	lines *lines
	row   Row
	fn    func(*Row) error
}

// block goes through the lines that begin in block i of the data. With numbered, row.Line counts on from its value.
func (s *scanner) block(ctx context.Context, i int, numbered bool) (blockResult, error) {
	from := s.t.data + int64(i)*s.t.block
	s.lines.reset(from, min(from+s.t.block, s.t.size))
	if i > 0 { // the byte before tells whether a line begins right at from
		s.lines.reset(from-1, s.lines.to)
		if err := s.lines.toLineStart(ctx); err != nil {
			return blockResult{}, err
		}
	}
	var res blockResult
	for {
		l, err := s.lines.next(ctx)
		if err == io.EOF {
			return res, nil
		}
		if err != nil {
			return res, err
		}
		res.lines++
		if numbered {
			s.row.Line++
		}
		if err := s.one(l, &res); err != nil {
			return res, err
		}
	}
}

// one takes one line.
func (s *scanner) one(l line, res *blockResult) error {
	reason := reasonLong
	if !l.long {
		if len(l.text) == 0 || len(bytes.TrimSpace(l.text)) == 0 {
			res.stats.Blank++
			return nil
		}
		s.row.Offset, s.row.Len = l.offset, len(l.text)
		reason = s.row.parse(s.t, l.text)
	}
	if reason != "" {
		res.stats.Rejected++
		if s.t.opt.Rejects != nil {
			res.rejects = append(res.rejects, pendingReject{offset: l.offset, size: l.size, line: res.lines, reason: reason})
		}
		return nil
	}
	res.stats.Rows++
	if s.row.fallback {
		res.stats.Fallback++
	}
	if s.row.cleaned {
		res.stats.Cleaned++
	}
	return s.fn(&s.row)
}
