package postings

import (
	"bytes"
	"math"
)

// ahead is where the merge stands in the terms of one segment's field: those of all segments are walked side by side.
type ahead struct {
	seg  int
	dict *dictionary
	at   int
	term []byte // the one at which it stands
}

// next moves to the following term; false after the last.
func (a *ahead) next() bool {
	if a.at++; a.at >= a.dict.terms {
		return false
	}
	a.term = a.dict.term(a.at)
	return true
}

func (m *merger) fields() error {
	for _, name := range m.names {
		if err := m.field(name); err != nil {
			return err
		}
	}
	return m.w.err
}

// field writes the terms of a field, each with what remains of its documents.
func (m *merger) field(name string) error {
	var all []ahead
	for i, s := range m.segs {
		if a := (ahead{seg: i, dict: s.dictionary(name), at: -1}); a.next() {
			all = append(all, a)
		}
	}
	for n := 0; len(all) > 0; n++ {
		if n%1024 == 0 && m.stopped() {
			return errStopped
		}
		term := all[0].term
		for _, a := range all[1:] {
			if bytes.Compare(a.term, term) < 0 {
				term = a.term
			}
		}
		m.docs = m.docs[:0]
		left := all[:0] // those that have not come to their end
		for _, a := range all {
			if bytes.Equal(a.term, term) {
				if err := m.add(a); err != nil {
					return err
				}
				if !a.next() {
					continue
				}
			}
			left = append(left, a)
		}
		if all = left; len(m.docs) > 0 {
			m.w.term(term, m.docs)
		}
	}
	m.w.endField(name)
	return nil
}

// add appends to m.docs what remains of the documents of a term, by their new numbers.
func (m *merger) add(a ahead) (err error) {
	from := len(m.docs)
	if m.docs, err = a.dict.appendDocs(m.docs, a.at); err != nil {
		return err
	}
	if !m.losing(a.seg) {
		for i, first := from, m.first[a.seg]; i < len(m.docs); i++ {
			m.docs[i] += first
		}
		return nil
	}
	numbers, kept := m.numbers[a.seg], m.docs[:from]
	for _, d := range m.docs[from:] {
		if n := numbers[d]; n != math.MaxUint64 {
			kept = append(kept, uint32(n))
		}
	}
	m.docs = kept
	return nil
}
