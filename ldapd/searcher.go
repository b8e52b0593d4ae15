package ldapd

import (
	"context"
	"errors"

	"annuaire"
	"annuaire/ldapd/filter"
)

// searcher is a search under way.
type searcher struct {
	op      *operation
	s       *Server
	q       searchRequest
	options filter.Options
	ctx     context.Context
	own     bool // the time is the client's own limit, not the server's
	out     *output
	x       subject

	max    int     // entries that may be returned
	page   *pager  // nil: no pages
	order  *sorter // nil: no order was asked for
	sorter *sorter // the same where it is honoured

	found int  // entries returned, or about to be
	cards int  // those of people, mailboxes and structures
	tried int  // candidates
	over  bool // there are more entries than may be returned
	spent bool // all the candidates, or all the time of a page

	full    bool            // the buffer of a page is: the directory is left alone while it is sent
	later   []string        // cards that match and did not fit the buffer
	seen    []uint64        // hashes of the cards found on one shelf
	skipped map[uint64]bool // cards that an earlier look at the shelf found
}

// answer does the search. What it returns ends it.
func (f *searcher) answer(ctl controls) (result, []responseControl) {
	at, r := f.s.find(f.ctx, f.q.base)
	if r.code != success {
		return f.timely(r), nil
	}
	if at.node == f.s.tree.root {
		at.node = f.op.c.rootFor(f.q.scope)
	}
	f.max = f.s.limits.Entries
	if !f.op.c.who.Anonymous() {
		f.max = f.s.limits.AuthEntries
	}
	if f.q.size > 0 {
		f.max = min(f.max, f.q.size)
	}
	if r := f.prepare(ctl); r.code != success {
		return r, f.controls(r)
	}
	stages := f.s.tree.stages(at, f.q.scope)
	if ctl.subentries || // the one subentry, the schema, is read by its name
		f.page != nil && f.page.size == 0 { // RFC 2696, 3: the client gives the search up
		stages = nil
	}
	if r = f.walk(stages); r.code == success {
		r = f.verdict()
	}
	f.op.charge(f.cards)
	return r, f.controls(r)
}

// walk visits the stages, from where the page begins.
func (f *searcher) walk(stages []stage) result {
	if f.sorter != nil {
		if !f.sorter.lock(f.ctx, f.op.c) {
			return f.timely(failed(f.ctx.Err()))
		}
		defer f.sorter.unlock(f.op.c)
	}
	first := 0
	if f.page != nil {
		first = f.page.from.stage
	}
	for i := first; i < len(stages); i++ {
		if f.page != nil {
			f.page.enter(i)
		}
		if more, r := f.visit(stages[i]); r.code != success {
			return r
		} else if !more {
			break
		}
	}
	if f.sorter != nil {
		return f.sorted()
	}
	return result{}
}

// visit looks at a stage; more is false when the search is over.
func (f *searcher) visit(st stage) (more bool, r result) {
	f.x.place = st.at
	if !st.all {
		return f.try(), result{}
	}
	b := annuaire.Browse{Book: st.at.shelf.book, Where: f.q.filter.Expr(st.at.shelf.book, f.options)}
	switch {
	case b.Where.Op == annuaire.OpFalse:
		return true, result{}
	case f.page != nil:
		b.After = f.page.to.after
		return f.pageOf(b)
	}
	b.Enough = f.wanted() + 1
	f.seen, f.skipped = f.seen[:0], nil
	looked, more, r := f.browse(b)
	if more && r.code == success && looked >= b.Enough {
		// Enough candidates came, but not enough of them matched: others may.
		f.skipped = make(map[uint64]bool, len(f.seen))
		for _, h := range f.seen {
			f.skipped[h] = true
		}
		b.Enough = 0
		_, more, r = f.browse(b)
	}
	if r.code != success {
		return false, r
	}
	return more, f.deliver(st.at.shelf)
}

// verdict is how a search ends that nothing went wrong with.
func (f *searcher) verdict() result {
	switch {
	case f.page != nil && f.over && f.q.size > 0 && f.page.from.sent+f.found >= f.q.size:
		f.page.more = false
		return say(sizeLimitExceeded, "il y a d'autres entrées", "there are more entries")
	case f.page != nil && (f.over || f.spent):
		return result{}
	case f.page != nil:
		f.page.more = false
	case f.over:
		return say(sizeLimitExceeded, "il y a d'autres entrées : précisez la recherche, ou demandez-les par pages", "there are more entries: narrow the search, or ask for pages")
	case f.spent:
		return say(adminLimitExceeded, "recherche trop large : la réponse est partielle", "too wide a search: this is a part of the answer")
	}
	return result{}
}

// timely is a failure as it is, unless the time that the server gives a page is over: then the page is short, if it came to anything.
func (f *searcher) timely(r result) result {
	if !errors.Is(f.ctx.Err(), context.DeadlineExceeded) {
		return r
	}
	if f.page != nil && !f.own && (f.page.to.stage != f.page.from.stage || f.page.to.after != f.page.from.after) {
		f.spent = true
		return result{}
	}
	return failed(context.DeadlineExceeded)
}
