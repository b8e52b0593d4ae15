package index

import "hash/maphash"

// shelf remembers fields by the text their terms follow from: what is common stays, what is rare goes. A build asks it ten times for each
// situation, mostly for something that is in no cache of the processor, so that a question looks at one set, and at no text: that two texts of
// the five that meet there share 64 bits of a hash, which nobody can foresee, happens once in tens of millions of loads of the country.
type shelf struct {
	sets []set // a power of two
	n    int   // fields
}

// set is where the fields of some hashes are, those asked for most towards the front.
type set [4]struct {
	hash uint64
	f    *field
}

// The fewest and the most sets of a shelf. A field is some half a kilobyte.
const (
	minSets = 16
	maxSets = 1 << 12
)

// maxShared is how many fields a shelf holds.
const maxShared = len(set{}) * maxSets

// shelfSeed has every process hash texts in a way of its own.
var shelfSeed = maphash.MakeSeed()

// get returns the field of the text with this hash, nil when it is not remembered.
func (s *shelf) get(hash uint64) *field {
	if s.n == 0 {
		return nil
	}
	in := &s.sets[hash&uint64(len(s.sets)-1)]
	for i := range in {
		if f := in[i].f; f != nil && in[i].hash == hash {
			if i > 0 {
				in[i], in[i-1] = in[i-1], in[i]
			}
			return f
		}
	}
	return nil
}

// put remembers a field in place of the one asked for least.
func (s *shelf) put(hash uint64, f *field) {
	if len(s.sets) < maxSets && s.n >= 2*len(s.sets) {
		s.grow()
	}
	in := &s.sets[hash&uint64(len(s.sets)-1)]
	for i := range in {
		if in[i].f == nil {
			in[i].hash, in[i].f = hash, f
			s.n++
			return
		}
	}
	last := &in[len(in)-1]
	last.hash, last.f = hash, f
}

// grow doubles the sets.
func (s *shelf) grow() {
	old := s.sets
	s.sets, s.n = make([]set, max(minSets, 2*len(old))), 0
	for _, in := range old {
		for _, e := range in {
			if e.f != nil {
				s.put(e.hash, e.f)
			}
		}
	}
}
