package limits

import "sync"

// Places are what connections take: so many in all, so many of one client. Each costs a descriptor and some memory although nothing is asked
// on it, so that Limiter does not see it. Safe for concurrent use.
type Places struct {
	all, each int

	mu    sync.Mutex
	taken int
	by    map[string]int
}

// NewPlaces returns Places for all clients together and for each.
func NewPlaces(all, each int) *Places {
	return &Places{all: all, each: each, by: map[string]int{}}
}

// Take gives a client a place; false when there is none. A client of "" is bounded by what there is for all alone.
func (p *Places) Take(key string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.taken >= p.all || key != "" && p.by[key] >= p.each {
		return false
	}
	p.taken++
	p.by[key]++
	return true
}

// Leave gives a place back.
func (p *Places) Leave(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken--
	if p.by[key]--; p.by[key] == 0 {
		delete(p.by, key)
	}
}
