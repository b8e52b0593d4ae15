package index

import (
	"errors"
	"fmt"
	"os"
	"sync"

	bleve "github.com/blevesearch/bleve_index_api"
	"golang.org/x/sync/errgroup"

	"annuaire/index/postings"
)

// bulkDocs is how many documents make a segment of a build: few segments are quick to search, and one being filled takes about
// a kilobyte of memory per document: with twice as many, a load of the country goes over 2 GiB.
const bulkDocs = 100_000

// bulk builds an index from nothing. Each of those who add at the same time fills a segment of its own and writes it when it is
// full: that bounds memory, brings errors back to whoever adds, and keeps what a processor works on in its cache. Safe for
// concurrent use.
type bulk struct {
	dir string
	e   *engine

	mu   sync.Mutex
	free []*slot // a stack: the one used last is the one in the cache
}

// slot is a segment being filled.
type slot struct {
	enc *encoder
	seg *postings.Bulk
}

func createBulk(name, dir string) (*bulk, error) {
	if left, err := os.ReadDir(dir); err == nil && len(left) > 0 {
		return nil, fmt.Errorf("index %s: the folder is not empty", name)
	}
	e, err := openEngine(name, dir, true)
	if err != nil {
		return nil, err
	}
	return &bulk{dir: dir, e: e}, nil
}

// add indexes what encode returns.
func (b *bulk) add(encode func(*encoder) *document) error {
	s := b.take()
	defer b.put(s)
	s.seg.Add(encode(s.enc))
	s.enc.done()
	if s.seg.Len() < bulkDocs {
		return nil
	}
	return b.flush(s)
}

func (b *bulk) take() *slot {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := len(b.free)
	if n == 0 {
		return &slot{enc: newEncoder(), seg: postings.NewBulk()}
	}
	s := b.free[n-1]
	b.free = b.free[:n-1]
	return s
}

func (b *bulk) put(s *slot) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.free = append(b.free, s)
}

// noID is the id of no document.
const noID = "\x00"

// flush writes a segment, durably, and empties it.
func (b *bulk) flush(s *slot) error {
	if s.seg.Len() == 0 {
		return nil
	}
	batch := bleve.NewBatch()
	batch.Update(s.seg.Document(noID))
	if err := b.e.scorch.Batch(batch); err != nil {
		return fmt.Errorf("build index %s: %w", b.e.name, err)
	}
	s.seg.Reset()
	return nil
}

// flushAll writes the segments being filled, however small, and lets go of their memory. Nobody may add meanwhile.
func (b *bulk) flushAll() error {
	var g errgroup.Group
	for _, s := range b.free {
		g.Go(func() error { return b.flush(s) })
	}
	b.free = nil
	return g.Wait()
}

// finish writes what remains, records seq and closes. The index is then ready to be opened.
func (b *bulk) finish(seq uint64) error {
	err := b.flushAll()
	if err == nil {
		last := bleve.NewBatch()
		b.e.setSeq(last, seq)
		if err = b.e.scorch.Batch(last); err != nil {
			err = fmt.Errorf("build index %s: %w", b.e.name, err)
		}
	}
	return errors.Join(err, b.e.close())
}

// abandon closes and removes what was built.
func (b *bulk) abandon() error {
	return errors.Join(b.e.close(), os.RemoveAll(b.dir))
}
