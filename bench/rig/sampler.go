package rig

import (
	"sync"
	"time"
)

// sampleEvery is how often memory is looked at: often enough for a peak that lasts, rare enough to cost nothing.
const sampleEvery = 100 * time.Millisecond

// Peaks is the most memory seen.
type Peaks struct {
	Anon  int64 // anonymous; of a tree, the sum, with shared memory once
	Total int64 // with mapped files, once
}

// Sampler follows the memory of a process, or of a process and its children, until stopped.
type Sampler struct {
	pid  int
	tree bool
	done chan struct{}
	wg   sync.WaitGroup
	seen Peaks
}

func Sample(pid int, tree bool) *Sampler {
	s := &Sampler{pid: pid, tree: tree, done: make(chan struct{})}
	s.wg.Go(func() {
		t := time.NewTicker(sampleEvery)
		defer t.Stop()
		for {
			s.look()
			select {
			case <-s.done:
				return
			case <-t.C:
			}
		}
	})
	return s
}

func (s *Sampler) look() {
	m, err := statusOf(s.pid)
	if err != nil {
		return // ended: what was seen stands
	}
	all := []memory{m}
	if s.tree {
		for _, c := range childrenOf(s.pid) {
			if m, err := statusOf(c); err == nil {
				all = append(all, m)
			}
		}
	}
	s.seen = s.seen.with(all)
}

// with adds one look at some processes. What processes share is counted once, by the one that has most of it.
func (p Peaks) with(all []memory) Peaks {
	var anon, shared, file, peak int64
	for _, m := range all {
		anon += m.anon
		shared, file = max(shared, m.shared), max(file, m.file)
		peak = m.peak
	}
	if len(all) > 1 {
		peak = 0 // a high-water mark of one process says nothing of several
	}
	return Peaks{Anon: max(p.Anon, anon+shared), Total: max(p.Total, anon+shared+file, peak)}
}

// Stop ends the sampling and returns the peaks.
func (s *Sampler) Stop() Peaks {
	close(s.done)
	s.wg.Wait()
	return s.seen
}
