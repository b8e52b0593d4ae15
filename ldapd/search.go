package ldapd

import (
	"context"
	"errors"
	"hash/maphash"
	"time"

	"annuaire"
	"annuaire/internal/card"
	"annuaire/ldapd/filter"
)

// search answers a SearchRequest.
func (op *operation) search() {
	q, ctl, r := op.readSearch()
	budget := op.c.s.limits.Budget
	if q.seconds > 0 {
		budget = min(budget, time.Duration(q.seconds)*time.Second)
	}
	ctx, cancel := context.WithTimeout(op.ctx, budget)
	defer cancel()
	out, ok := newOutput(ctx, op, budget)
	defer out.free()
	var controls []responseControl
	switch {
	case r.code != success:
	case !ok:
		r = say(busy, "le serveur est occupé : réessayez plus tard", "the server is busy: try again later")
	default:
		f := &searcher{op: op, s: op.c.s, q: q, ctx: ctx, out: out, own: budget < op.c.s.limits.Budget}
		f.options = filter.Options{Strict: op.c.s.opts.Strict}
		f.x.asOf = func() (time.Time, error) { return f.s.dir.AsOf(ctx) }
		r, controls = f.answer(ctl)
		op.entries, op.candidates = f.found, f.tried
	}
	op.finish(&out.e, r, controls...)
	_ = out.send() // a failure ends the connection by itself
}

func (op *operation) readSearch() (q searchRequest, ctl controls, r result) {
	if q, r = parseSearch(op.m.body, op.c.s.limits.Attributes); r.code != success {
		return q, ctl, r
	}
	ctl, r = parseControls(op.m.controls, op.m.op, op.c.s.limits.Controls)
	open := len(q.base) == 0 && q.scope == scopeBase || q.base.Equal(op.c.s.tree.schema.name)
	if r.code == success && !open {
		r = op.mayRead()
	}
	return q, ctl, r
}

// mayRead refuses whoever has to authenticate first.
func (op *operation) mayRead() result {
	if op.c.s.opts.NoAnonymous && op.who.Anonymous() {
		return say(strongerAuthRequired, "authentification nécessaire : l'exploitant délivre des jetons", "authentication is needed: the operator issues tokens")
	}
	return result{}
}

// searcher is a search under way.
type searcher struct {
	op      *operation
	s       *Server
	q       searchRequest
	options filter.Options
	ctx     context.Context
	out     *output
	own     bool // the time is the client's own limit, not the server's
	x       subject

	max    int     // entries that may be returned
	page   *pager  // nil: no pages
	order  *sorter // nil: no order was asked for
	sorter *sorter // the same where it is honoured

	found   int // entries returned
	cards   int // those of people, mailboxes and structures
	tried   int // candidates
	over    bool
	spent   bool            // all the candidates that one search may try
	sent    []uint64        // hashes of the cards returned, of one shelf
	skipped map[uint64]bool // cards that an earlier look at the shelf returned
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
	stages := f.s.tree.stages(at, f.q.scope)
	if ctl.subentries {
		stages = nil // the one subentry, the schema, is read by its name
	}
	f.max = f.s.limits.Entries
	if !f.op.who.Anonymous() {
		f.max = f.s.limits.AuthEntries
	}
	if f.q.size > 0 {
		f.max = min(f.max, f.q.size)
	}
	if r := f.prepare(ctl); r.code != success {
		return r, f.controls(r)
	}
	if f.page != nil && f.page.size == 0 { // RFC 2696, 3: the client gives the search up
		stages = nil
	}
	r = f.walk(stages)
	f.op.charge(f.cards)
	return r, f.controls(r)
}

// walk visits the stages, from where the page begins.
func (f *searcher) walk(stages []stage) result {
	if f.sorter != nil {
		if !f.sorter.lock(f.ctx, f.op.c) {
			return failed(context.DeadlineExceeded)
		}
		defer f.sorter.unlock(f.op.c)
	}
	first := 0
	if f.page != nil {
		first = f.page.from.stage
	}
	for i := first; i < len(stages) && !f.over; i++ {
		if f.page != nil {
			f.page.enter(i)
		}
		more, r := f.visit(stages[i])
		if r.code != success {
			return r
		}
		if !more {
			break
		}
	}
	if f.sorter != nil {
		if r := f.sorted(); r.code != success {
			return r
		}
	}
	return f.verdict()
}

// verdict is how a search ends that nothing went wrong with.
func (f *searcher) verdict() result {
	switch {
	case f.page != nil && f.page.total(f.found) == f.q.size && f.q.size > 0 && f.over:
		f.page.end()
		return say(sizeLimitExceeded, "il y a d'autres entrées", "there are more entries")
	case f.page != nil:
		if !f.over && !f.spent {
			f.page.end()
		}
		return result{}
	case f.over:
		return say(sizeLimitExceeded, "il y a d'autres entrées : précisez la recherche, ou demandez-les par pages", "there are more entries: narrow the search, or ask for pages")
	case f.spent:
		return say(adminLimitExceeded, "recherche trop large : la réponse est partielle", "too wide a search: this is a part of the answer")
	}
	return result{}
}

// visit looks at a stage; more is false when the search is over.
func (f *searcher) visit(st stage) (more bool, r result) {
	f.x.place = st.at
	if !st.all {
		return f.try(), result{}
	}
	where := f.q.filter.Expr(st.at.shelf.book, f.options)
	if where.Op == annuaire.OpFalse {
		return true, result{}
	}
	b := annuaire.Browse{Book: st.at.shelf.book, Where: where}
	if f.page != nil {
		b.After = f.page.after()
	} else {
		b.Enough = f.wanted() + 1
	}
	f.sent, f.skipped = f.sent[:0], nil
	looked, more, r := f.browse(b)
	if b.Enough == 0 || !more || r.code != success || looked < b.Enough {
		return more, r
	}
	// Enough candidates came, but not enough of them matched: others may.
	f.skipped = map[uint64]bool{}
	for _, h := range f.sent {
		f.skipped[h] = true
	}
	b.Enough = 0
	_, more, r = f.browse(b)
	return more, r
}

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
	if err == nil {
		return looked, more, result{}
	}
	return looked, false, f.timely(failed(err))
}

// timely is a failure as it is, unless the time that the server gives a page is over: then the page is short.
func (f *searcher) timely(r result) result {
	if errors.Is(f.ctx.Err(), context.DeadlineExceeded) {
		if f.page != nil && !f.own {
			f.spent = true
			return result{}
		}
		return failed(context.DeadlineExceeded)
	}
	return r
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

// try tries the filter on the subject and returns the entry if it matches; false when the search is over.
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
	isCard := f.x.node == nil
	if isCard && f.page == nil {
		if h = maphash.Bytes(seed, f.x.card.ID()); f.skipped[h] {
			return true
		}
	}
	if f.wanted() <= 0 {
		f.over = true
		return false
	}
	if isCard && f.page == nil {
		f.sent = append(f.sent, h)
	}
	if f.sorter != nil {
		f.sorter.add(&f.x)
		return true
	}
	return f.give()
}

// give returns the subject.
func (f *searcher) give() bool {
	f.q.selection.append(&f.out.e, f.op.m.id, &f.x)
	f.found++
	if f.x.node == nil {
		f.cards++
	}
	return f.out.flush(f.ctx)
}
