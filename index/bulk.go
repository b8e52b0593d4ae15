package index

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	bleve "github.com/blevesearch/bleve_index_api"
	"golang.org/x/sync/errgroup"

	"annuaire/index/postings"
	"annuaire/internal/pipeline"
)

// bulkDocs is how many documents make a segment while it is built: one being filled takes about a kilobyte of memory per document, and with
// twice as many a load of the country goes over 2 GiB.
const bulkDocs = 100_000

// builtSegments is how many segments a build leaves at most: a question looks each of its words up in all of them, and those that find a lot
// search several at a time.
const builtSegments = 4

// bulk builds an index from nothing. Each of those who add at the same time fills a segment of its own and writes it when it is
// full: that bounds memory, brings errors back to whoever adds, and keeps what a processor works on in its cache. Safe for
// concurrent use.
type bulk struct {
	dir  string
	e    *engine
	most int // documents of a segment while it is built

	mu    sync.Mutex
	files []string // of segments written
	free  []*slot  // a stack: the one used last is the one in the cache
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
	return &bulk{dir: dir, e: e, most: bulkDocs}, nil
}

// add indexes what encode returns.
func (b *bulk) add(encode func(*encoder) *document) error {
	s := b.take()
	defer b.put(s)
	s.seg.Add(encode(s.enc))
	s.enc.done()
	if s.seg.Len() < b.most {
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

// flush writes a segment to a file and empties it.
func (b *bulk) flush(s *slot) error {
	if s.seg.Len() == 0 {
		return nil
	}
	if err := s.seg.Write(b.file()); err != nil {
		return fmt.Errorf("build index %s: %w", b.e.name, err)
	}
	return nil
}

// file names a file for another segment.
func (b *bulk) file() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	path := filepath.Join(b.dir, fmt.Sprintf("built-%d", len(b.files)))
	b.files = append(b.files, path)
	return path
}

// Flush writes the segments being filled, however small, and lets go of their memory. Nobody may add meanwhile.
func (b *bulk) Flush() error {
	var g errgroup.Group
	for _, s := range b.free {
		g.Go(func() error { return b.flush(s) })
	}
	b.free = nil
	return g.Wait()
}

// Finish writes what remains, merges, records seq and closes: the index can be opened. Nothing may be added any more.
func (b *bulk) Finish(seq uint64) error {
	err := b.Flush()
	if err == nil {
		err = b.merge()
	}
	for i := 0; i < len(b.files) && err == nil; i++ {
		batch := bleve.NewBatch()
		batch.Update(postings.File(b.files[i], noID))
		err = b.e.scorch.Batch(batch)
	}
	if err == nil {
		last := bleve.NewBatch()
		b.e.setSeq(last, seq)
		err = b.e.scorch.Batch(last)
	}
	if err != nil {
		err = fmt.Errorf("build index %s: %w", b.e.name, err)
	}
	return errors.Join(err, b.e.Close())
}

// merge leaves no more files than there are to be segments, of about as many documents each.
func (b *bulk) merge() error {
	all := b.files
	if len(all) <= builtSegments {
		return nil
	}
	b.files = make([]string, builtSegments)
	var g errgroup.Group
	g.SetLimit(pipeline.Processors())
	for i := range b.files {
		b.files[i] = filepath.Join(b.dir, fmt.Sprintf("merged-%d", i))
		g.Go(func() error {
			return postings.MergeFiles(b.files[i], all[len(all)*i/builtSegments:len(all)*(i+1)/builtSegments])
		})
	}
	return g.Wait()
}

// Abandon closes and removes what was built.
func (b *bulk) Abandon() error {
	return errors.Join(b.e.Close(), os.RemoveAll(b.dir))
}
