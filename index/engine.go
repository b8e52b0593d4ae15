package index

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"annuaire"
	"annuaire/index/postings"

	"github.com/blevesearch/bleve/v2/index/scorch"
	bleve "github.com/blevesearch/bleve_index_api"
)

// formatOf names the format of the documents of an index: it changes with anything that changes a term, a fold or the order of results. An
// index of another one is refused; generations are rebuilt from the store.
func formatOf(name string) string {
	version := "2"
	if name == placesName {
		version = "3" // what a mailbox is for
	}
	return "annuaire-index-" + version + "/" + name
}

// The internal keys of an index.
var (
	keyFormat = []byte("annuaire.format") // formatOf
	keySeq    = []byte("annuaire.seq")    // big-endian sequence of the last change applied
)

// engine is one scorch index with what is cached about its segments. Safe for concurrent use.
type engine struct {
	name     string
	scorch   bleve.Index
	queue    *bleve.AnalysisQueue
	segments *segmentCache
	words    *vocabularies

	mu     sync.RWMutex // guards closed against users of scorch
	closed bool
	write  sync.Mutex // one writer at a time
}

// errClosed is what a closed index answers.
func errClosed() error {
	return annuaire.Errorf(annuaire.CodeUnavailable, "search", "l'index est fermé", "the index is closed", nil)
}

// open opens or creates the scorch index of dir. bulk is for building: nothing merges meanwhile.
func openEngine(name, dir string, bulk bool) (*engine, error) {
	e := &engine{name: name, segments: newSegmentCache(), words: &vocabularies{}, queue: bleve.NewAnalysisQueue(1)}
	merge := map[string]any{"MaxSegmentSize": 2 * mergedDocs, "MaxSegmentsPerTier": fewAlike, "SegmentsPerMergeTask": fewAlike}
	if bulk {
		merge = map[string]any{"MaxSegmentsPerTier": 1 << 20, "FloorSegmentSize": 1}
	}
	sc, err := scorch.NewScorch(scorch.Name, map[string]any{
		"path":                   dir,
		"forceSegmentType":       postings.Type,
		"forceSegmentVersion":    postings.Version,
		"bolt_timeout":           "2s", // held by another process otherwise blocks for ever
		"scorchMergePlanOptions": merge,
		// Never merge in memory what is about to be written: a build persists segments as they are.
		"scorchPersisterOptions": map[string]any{"MemoryPressurePauseThreshold": 0},
	}, e.queue)
	if err != nil {
		e.queue.Close()
		return nil, fmt.Errorf("index %s: %w", name, err)
	}
	if err := sc.Open(); err != nil {
		e.queue.Close()
		return nil, fmt.Errorf("open index %s: %w", name, err)
	}
	e.scorch = sc
	return e, nil
}

// mergedDocs is the size from which a segment is left alone, until so much of it is deleted that it is smaller: half of a segment of a build of
// the country.
const mergedDocs = 300_000

// fewAlike is how many segments of about one size there are before they are merged: each day leaves one, which every question looks into.
const fewAlike = 5

// openFinished opens an index that a builder has finished.
func openFinished(name, dir string) (*engine, error) {
	e, err := openEngine(name, dir, false)
	if err != nil {
		return nil, err
	}
	if err := e.checkFormat(); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

// ReadAhead reads in the background what the first searches would have to wait for: what orders results; and the words, to know which of them
// a mistyped one may be. Some seconds of work, that whoever opens an index to write to it does without.
func (e *engine) ReadAhead() {
	e.segments.loadLater(e)
	if e.name != bookName { // nobody asks a book with typing errors
		_, _ = e.words.fill(e) // closed already: nobody asks any more
	}
}

func (e *engine) checkFormat() error {
	snap, release, err := e.snapshot()
	if err != nil {
		return err
	}
	defer release()
	got, err := snap.GetInternal(keyFormat)
	if err != nil {
		return fmt.Errorf("index %s: %w", e.name, err)
	}
	if want := formatOf(e.name); string(got) != want {
		if got == nil {
			got = []byte("an unfinished or empty index")
		}
		return annuaire.Errorf(annuaire.CodeUnavailable, "index "+e.name,
			fmt.Sprintf("l'index est d'un autre format (%q, attendu %q) : reconstruisez-le", got, want),
			fmt.Sprintf("the index has another format (%q, want %q): rebuild it", got, want), nil)
	}
	return nil
}

// snapshot returns the current state and what releases it.
func (e *engine) snapshot() (*scorch.IndexSnapshot, func(), error) {
	e.mu.RLock()
	if e.closed {
		e.mu.RUnlock()
		return nil, nil, errClosed()
	}
	r, err := e.scorch.Reader()
	if err != nil {
		e.mu.RUnlock()
		return nil, nil, fmt.Errorf("index %s: %w", e.name, err)
	}
	snap := r.(*scorch.IndexSnapshot)
	return snap, func() {
		_ = snap.Close() // drops a reference count: nothing to fail
		e.mu.RUnlock()
	}, nil
}

// Seq returns the sequence of the last change applied.
func (e *engine) Seq() (uint64, error) {
	snap, release, err := e.snapshot()
	if err != nil {
		return 0, err
	}
	defer release()
	return e.seqOf(snap)
}

// seqOf is the sequence of a snapshot.
func (e *engine) seqOf(snap *scorch.IndexSnapshot) (uint64, error) {
	v, err := snap.GetInternal(keySeq)
	if err != nil {
		return 0, fmt.Errorf("index %s: %w", e.name, err)
	}
	if len(v) != 8 {
		return 0, fmt.Errorf("index %s: no sequence recorded", e.name)
	}
	return binary.BigEndian.Uint64(v), nil
}

func (e *engine) setSeq(b *bleve.Batch, seq uint64) {
	b.SetInternal(keySeq, binary.BigEndian.AppendUint64(nil, seq))
	b.SetInternal(keyFormat, []byte(formatOf(e.name)))
}

// Close ends background work and waits for the searches and the writer in progress; afterwards everything is CodeUnavailable.
func (e *engine) Close() error {
	e.segments.stop()
	e.write.Lock()
	defer e.write.Unlock()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil
	}
	e.closed = true
	err := e.scorch.Close()
	e.queue.Close()
	if err != nil {
		return fmt.Errorf("close index %s: %w", e.name, err)
	}
	return nil
}
