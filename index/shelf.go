package index

// shelf remembers fields by the text their terms follow from: those of late, and those of before that were asked for since. What is common
// stays, what is rare goes.
type shelf struct{ late, before map[string]*field }

// maxShared is how many fields of late there are: a shelf holds up to twice as many, of half a kilobyte each.
const maxShared = 10_000

func (s *shelf) get(key []byte) *field {
	if f := s.late[string(key)]; f != nil {
		return f
	}
	f := s.before[string(key)]
	if f != nil {
		s.put(string(key), f)
	}
	return f
}

func (s *shelf) put(key string, f *field) {
	if s.late == nil || len(s.late) == maxShared {
		s.late, s.before = s.before, s.late
		if clear(s.late); s.late == nil {
			s.late = map[string]*field{}
		}
	}
	s.late[key] = f
}

func (s *shelf) len() int { return len(s.late) + len(s.before) }
