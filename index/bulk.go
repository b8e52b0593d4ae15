package index

import (
	"errors"
	"fmt"
	"os"
	"sync"

	bleve "github.com/blevesearch/bleve_index_api"

	"annuaire/index/postings"
)

// bulkDocs is how many documents make a segment of a build: few segments are quick to search, and one being filled takes about
// a kilobyte of memory per document.
const bulkDocs = 100_000

// bulkWriters is how many segments are built at a time, besides the one being filled.
const bulkWriters = 2

// bulk builds an index from nothing. Batches wait for their segment to be on disk, which bounds memory and brings errors back
// to whoever adds; the callers' own work goes on meanwhile. Safe for concurrent use.
type bulk struct {
	dir   string
	e     *engine
	slots chan *slot // the batches not being written

	mu  sync.Mutex
	err error // the first failure of a writer
	wg  sync.WaitGroup
}

// slot is a segment being filled.
type slot struct {
	enc *encoder
	seg *postings.Bulk
}

func newSlot() *slot { return &slot{enc: newEncoder(), seg: postings.NewBulk()} }

func createBulk(name, dir string) (*bulk, error) {
	if left, err := os.ReadDir(dir); err == nil && len(left) > 0 {
		return nil, fmt.Errorf("index %s: the folder is not empty", name)
	}
	e, err := openEngine(name, dir, true)
	if err != nil {
		return nil, err
	}
	b := &bulk{dir: dir, e: e, slots: make(chan *slot, bulkWriters+1)}
	for range bulkWriters + 1 {
		b.slots <- newSlot()
	}
	return b, nil
}

// add indexes what encode returns.
func (b *bulk) add(encode func(*encoder) *document) error {
	s := <-b.slots
	s.seg.Add(encode(s.enc))
	if s.seg.Len() < bulkDocs {
		b.slots <- s
		return nil
	}
	if err := b.failure(); err != nil {
		b.slots <- newSlot()
		return err
	}
	b.wg.Go(func() {
		b.flush(s)
		s.seg.Reset()
		b.slots <- s
	})
	return nil
}

// noID is the id of no document.
const noID = "\x00"

func (b *bulk) flush(s *slot) {
	batch := bleve.NewBatch()
	batch.Update(s.seg.Document(noID))
	if err := b.e.scorch.Batch(batch); err != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.err == nil {
			b.err = fmt.Errorf("build index %s: %w", b.e.name, err)
		}
	}
}

func (b *bulk) failure() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

// flushAll writes the segments being filled, however small, and lets go of their memory.
func (b *bulk) flushAll() error {
	b.wg.Wait()
	for range bulkWriters + 1 {
		if s := <-b.slots; s.seg.Len() > 0 {
			b.wg.Go(func() { b.flush(s) })
		}
	}
	b.wg.Wait()
	for range bulkWriters + 1 {
		b.slots <- newSlot()
	}
	return b.failure()
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
	b.wg.Wait()
	return errors.Join(b.e.close(), os.RemoveAll(b.dir))
}
