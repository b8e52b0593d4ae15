package index

import (
	"fmt"

	bleve "github.com/blevesearch/bleve_index_api"
)

// applyBatch bounds what is in memory, and what becomes visible at once, while changes are applied.
const applyBatch = 10_000

// apply makes changes durable and visible, then records seq: encode(i) gives the i-th of n new documents, gone the ids to
// delete. Interrupted anywhere, it can be run again. The batches before the last do not move seq.
func (e *engine) apply(seq uint64, gone []string, n int, encode func(*encoder, int) *document) error {
	e.write.Lock()
	defer e.write.Unlock()
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.closed {
		return errClosed()
	}
	for i, g := 0, 0; ; {
		b, enc := bleve.NewBatch(), newEncoder()
		for ; g < len(gone) && len(b.IndexOps) < applyBatch; g++ {
			b.Delete(gone[g])
		}
		for ; i < n && len(b.IndexOps) < applyBatch; i++ {
			b.Update(encode(enc, i))
		}
		last := i == n && g == len(gone)
		if last {
			e.setSeq(b, seq)
		}
		if err := e.scorch.Batch(b); err != nil {
			return fmt.Errorf("index %s: %w", e.name, err)
		}
		if last {
			return nil
		}
	}
}
