package ldapd

import (
	"context"
	"time"

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
		r = noSlot
	default:
		f := &searcher{op: op, s: op.c.s, q: q, ctx: ctx, out: out, own: budget < op.c.s.limits.Budget}
		f.options = filter.Options{Strict: op.c.s.opts.Strict}
		f.x.asOf = func() (time.Time, error) { return f.s.dir.AsOf(ctx) }
		r, controls = f.answer(ctl)
		op.entries, op.candidates = f.found, f.tried
		if f.found == 0 && (r.code == success || r.code == noSuchObject) && aboutPatients(q.base, q.filter) {
			r = r.explained()
		}
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
	if op.c.s.opts.NoAnonymous && op.c.who.Anonymous() {
		return say(strongerAuthRequired, "authentification nécessaire : l'exploitant délivre des jetons", "authentication is needed: the operator issues tokens")
	}
	return result{}
}
