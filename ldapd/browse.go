package ldapd

import (
	"hash/maphash"

	"annuaire"
	"annuaire/internal/card"
	"annuaire/ldapd/filter"
)

// room is how many octets of entries are kept while the directory is browsed: it must not wait for a client that reads slowly, because while
// it is browsed it holds what writers wait for. Cards beyond are read again afterwards.
const room = 64 << 10

// browse tries the candidates of a shelf; looked is how many there were.
func (f *searcher) browse(b annuaire.Browse) (looked int, more bool, r result) {
	more = true
	sh := f.x.shelf
	err := f.s.dir.Browse(f.ctx, b, func(c card.Card, at annuaire.Position) bool {
		looked++
		f.x.place = place{shelf: sh, card: c}
		if more = f.alive(looked) && f.try(); more && f.page != nil {
			f.page.passed(at)
		}
		return more
	})
	f.x.place = place{shelf: sh} // the card is gone
	if err == nil {
		err = f.ctx.Err()
	}
	if err != nil {
		more, r = false, f.timely(failed(err))
	}
	return looked, more, r
}

// pageOf browses a shelf for a page, leaving the directory alone whenever there is something to send.
func (f *searcher) pageOf(b annuaire.Browse) (more bool, r result) {
	for {
		f.full = false
		if _, more, r = f.browse(b); !f.full || r.code != success {
			return more, r
		}
		if !f.out.flush(f.ctx) {
			return false, f.timely(failed(f.ctx.Err()))
		}
		b.After = f.page.to.after
	}
}

// alive looks now and then whether the search is still to go on.
func (f *searcher) alive(looked int) bool { return looked&15 != 0 || f.ctx.Err() == nil }

// wanted is how many entries the search takes before it knows enough.
func (f *searcher) wanted() int {
	if f.sorter != nil {
		return f.s.limits.SortWindow - len(f.sorter.found)
	}
	return f.max - f.found
}

// seed hashes identifiers of cards.
var seed = maphash.MakeSeed()

// try tries the filter on the subject and takes the entry if it matches; false when the search is over, or the page is to be sent.
func (f *searcher) try() bool {
	if f.tried == f.s.limits.Candidates {
		f.spent = true
		return false
	}
	f.tried++
	if f.q.filter.Match(&f.x, f.options) != filter.True {
		return true
	}
	var h uint64
	once := f.x.node == nil && f.page == nil // other entries cannot come twice
	if once {
		if h = maphash.Bytes(seed, f.x.card.ID()); f.skipped[h] {
			return true
		}
	}
	if f.wanted() <= 0 {
		f.over = true
		return false
	}
	if once {
		f.seen = append(f.seen, h)
	}
	return f.take()
}

// take returns the subject: now, once it is sorted, or once the directory is left alone.
func (f *searcher) take() bool {
	switch {
	case f.sorter != nil:
		f.sorter.add(&f.x)
		return true
	case len(f.out.e.Buf) < room:
		f.out.grow()
		f.give()
	case f.page != nil:
		f.full = true
		return false
	default:
		f.later = append(f.later, string(f.x.card.ID()))
		f.found++
	}
	return true
}

// give puts the subject into the buffer.
func (f *searcher) give() {
	f.q.selection.append(&f.out.e, f.op.m.id, &f.x)
	f.found++
	if f.x.node == nil {
		f.cards++
	}
}

// deliver sends what was found on a shelf and did not fit the buffer.
func (f *searcher) deliver(sh *shelf) result {
	for _, id := range f.later {
		if !f.out.flush(f.ctx) {
			return f.timely(failed(f.ctx.Err()))
		}
		f.found--
		if r := f.reread(sh, id); r.code != success {
			return r
		}
	}
	f.later = f.later[:0]
	return result{}
}

// reread gives the card of that name; one that has left since it was found is left out.
func (f *searcher) reread(sh *shelf, id string) result {
	c, err := f.s.dir.Card(f.ctx, sh.book, id)
	switch code := annuaire.CodeOf(err); {
	case err == nil:
		f.x.place = place{shelf: sh, card: c}
		f.give()
	case code != annuaire.CodeNotFound && code != annuaire.CodeGone:
		return f.timely(failed(err))
	}
	return result{}
}
