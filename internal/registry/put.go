package registry

import (
	"context"

	"annuaire"
	"annuaire/internal/overlay"
)

// perChange is how many boxes are written in one transaction.
const perChange = 500

// Put registers a box, or changes one that is registered, as its operator states it: what is not given is empty. What the holder chose stays.
// The same content again changes nothing. A stale ifMatch is CodePrecondition; "" asks for nothing. It returns when the change is
// visible everywhere, or ctx has ended: it is durable all the same. Errors name their rule (Rule...).
func (r *Registry) Put(ctx context.Context, caller annuaire.Caller, b annuaire.Registered, ifMatch string) (box annuaire.Registered, created bool, err error) {
	res := annuaire.BoxResult{}
	seq, err := r.dir.Change(func(s *overlay.State) (err error) {
		res, err = r.put(s, caller, b, ifMatch)
		return err
	})
	if err != nil {
		return box, false, err
	}
	r.shown(ctx, seq)
	return res.Box, res.Created, nil
}

// PutMany is Put for many boxes, with a result for each: what one does wrong is nothing to the others. It returns when all are durable; the
// views follow behind (Visible). An error is of the whole: the results so far stand.
func (r *Registry) PutMany(ctx context.Context, caller annuaire.Caller, boxes []annuaire.Registered) (out []annuaire.BoxResult, err error) {
	for len(boxes) > 0 && ctx.Err() == nil {
		part := boxes[:min(perChange, len(boxes))]
		results := make([]annuaire.BoxResult, len(part))
		_, err := r.dir.Change(func(s *overlay.State) error {
			for i, b := range part {
				res, err := r.put(s, caller, b, "")
				if err != nil && annuaire.CodeOf(err) == annuaire.CodeInternal {
					return err
				}
				res.Address, res.Err = b.Address, err
				results[i] = res
			}
			return nil
		})
		if err != nil {
			return out, err
		}
		out, boxes = append(out, results...), boxes[len(part):]
	}
	return out, ctx.Err()
}

// shown waits for the views: what is durable is done, whether or not somebody can wait to see it. Status tells of views that fail.
func (r *Registry) shown(ctx context.Context, seq uint64) {
	_ = r.dir.Visible(ctx, seq)
}

// put is one registration inside a change.
func (r *Registry) put(s *overlay.State, caller annuaire.Caller, b annuaire.Registered, ifMatch string) (res annuaire.BoxResult, err error) {
	a, err := parseAddress(b.Address)
	if err != nil {
		return res, err
	}
	b.Address = a.String()
	policy := r.Policy()
	if err := policy.mayWrite(caller, a.Domain); err != nil {
		return res, err
	}
	if err := fields(&b); err != nil {
		return res, err
	}
	old, known, err := boxes.Get(s.Tx, b.Address)
	if err != nil {
		return res, err
	}
	registered := known && old.Operator != ""
	if err := matches(ifMatch, old, registered); err != nil {
		return res, err
	}
	if registered {
		if err := sameIdentity(&old, &b); err != nil {
			return res, err
		}
	}
	if b.Social, err = holderOf(s, &b); err != nil {
		return res, err
	}
	b.RedListHolder, b.PhoneOpposedHolder = false, false
	if known && (registered || old.Holder == b.Holder) { // choices on a national box are those of its holder
		b.RedListHolder, b.PhoneOpposedHolder = old.RedListHolder, old.PhoneOpposedHolder
	}
	b.Operator, b.Orphaned = a.Domain, old.Orphaned
	if !b.Closed.IsZero() { // when is for us to say
		if b.Closed = old.Closed; b.Closed.IsZero() {
			b.Closed = r.now()
		}
	}
	by := asOperator
	if caller.Has(annuaire.RoleAdmin) {
		by = asAdmin
	}
	res.Box, res.Changed, err = r.write(s, caller, string(by), known, old, b)
	res.Created, res.Address = !registered, b.Address
	return res, err
}

// sameIdentity: an address goes to another holder, or becomes of another kind, by being deleted first: what hangs on it goes with it.
func sameIdentity(old, b *annuaire.Registered) error {
	if old.Kind != b.Kind {
		return conflict("kind_fixed", "kind", "le type d'une BAL inscrite ne change pas : supprimez-la d'abord", "the kind of a registered mailbox does not change: delete it first")
	}
	if old.Holder != b.Holder {
		return conflict("holder_fixed", "holder", "cette BAL a un autre titulaire : supprimez-la d'abord", "this mailbox has another holder: delete it first")
	}
	return nil
}

func conflict(rule, op, french, english string) error {
	return annuaire.Errorf(annuaire.CodeConflict, op, french, english, nil).Because(rule)
}
