package registry

import (
	"context"
	"errors"

	"annuaire"
	"annuaire/internal/overlay"
	"annuaire/internal/store"
)

// Erase removes everything held on a person beyond the national data, in one transaction: boxes registered here, delegations they gave and held,
// account, what a registrar handed over, messages that wait, answers that may be given once more. Whoever shared a delegation with them is told
// that it ended. What stays is in the answer (docs/DELEGATIONS.md): the audit, with the line of the erasure; and, of an address that the
// national extract has, the holder's wish not to have it shown: erasing that would publish it.
func (p *Personal) Erase(ctx context.Context, who annuaire.Caller, id, reason string) (out annuaire.Erased, err error) {
	if id, err = request(who, id, reason); err != nil {
		return out, err
	}
	shared, err := p.shared(ctx, id)
	if err != nil {
		return out, err
	}
	seq, err := p.change(func(s *overlay.State) error {
		out = annuaire.Erased{ID: id, Kept: []annuaire.Kept{{What: "audit", French: "les lignes de l'audit restent : elles prouvent qui a fait quoi, et ne peuvent pas être modifiées sans que cela se voie",
			English: "the lines of the audit stay: they prove who did what, and cannot be changed without telling"}}}
		if err := errors.Join(p.eraseAnswers(s.Tx, id), p.eraseDelegations(s.Tx, who, id, shared, &out), p.eraseBoxes(s, who, id, &out), p.eraseSelf(s.Tx, id, &out)); err != nil {
			return err
		}
		e := who.Event("person.erase", id)
		e.Why, e.After = reason, out
		return s.Audit(e)
	})
	if err != nil {
		return annuaire.Erased{}, err
	}
	p.outbox.Wake()
	if p.opts.Registry != nil {
		p.opts.Registry.shown(ctx, seq)
	}
	return out, nil
}

// change is one change of the registry; without one, of the ledger alone.
func (p *Personal) change(fn func(*overlay.State) error) (seq uint64, err error) {
	if p.opts.Registry != nil {
		return p.opts.Registry.dir.Change(fn)
	}
	return 0, p.ledger.Update(func(tx *store.Tx) error { return fn(&overlay.State{Tx: tx}) })
}

// shared looks up who the delegations of a person are about, before the transaction that ends them.
func (p *Personal) shared(ctx context.Context, id string) (map[uint64]annuaire.Grant, error) {
	all := annuaire.Held{ID: id}
	if err := p.ledger.View(func(tx *store.Tx) error { return heldDelegations(tx, &all) }); err != nil {
		return nil, err
	}
	out := map[uint64]annuaire.Grant{}
	for _, d := range append(all.Given, all.Received...) {
		g := annuaire.Grant{Delegation: d}
		var err1, err2 error
		g.From, err1 = p.identity(ctx, d.Holder)
		g.To, err2 = p.identity(ctx, d.Delegate)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		out[d.Version] = g
	}
	return out, nil
}

// eraseDelegations ends them and tells the other side; it comes before the account is gone, and the message to the person themselves goes with
// what else waits for them.
func (p *Personal) eraseDelegations(tx *store.Tx, who annuaire.Caller, id string, shared map[uint64]annuaire.Grant, out *annuaire.Erased) error {
	all := annuaire.Held{ID: id}
	if err := heldDelegations(tx, &all); err != nil {
		return err
	}
	for _, d := range append(all.Given, all.Received...) {
		g, ok := shared[d.Version]
		if !ok { // added meanwhile
			g = annuaire.Grant{Delegation: d, From: annuaire.Party{RPPS: annuaire.RPPSOf(d.Holder)}, To: annuaire.Party{RPPS: annuaire.RPPSOf(d.Delegate)}}
		}
		e := who.Event("delegation.remove", d.Mailbox)
		e.Why, e.Before = "erasure of "+id, d
		if err := errors.Join(forget(tx, d), tx.Audit(e), p.tell(tx, removed, g, []annuaire.Delegation{d})); err != nil {
			return err
		}
		out.Delegations++
	}
	return nil
}

// eraseAnswers removes the answers that may be given once more and are about a person; it comes before their boxes are gone.
func (p *Personal) eraseAnswers(tx *store.Tx, id string) error {
	if p.opts.ForgetAnswers == nil {
		return nil
	}
	mine, err := boxesHeldBy(tx, id)
	if err != nil {
		return err
	}
	words := wordsOf(id, mine)
	return p.opts.ForgetAnswers(tx, func(body []byte) bool { return holdsAny(string(body), words) })
}

func (p *Personal) eraseBoxes(s *overlay.State, who annuaire.Caller, id string, out *annuaire.Erased) error {
	r := p.opts.Registry
	if r == nil {
		return nil
	}
	mine, err := boxesHeldBy(s.Tx, id)
	if err != nil {
		return err
	}
	for _, b := range mine {
		_, national, err := s.National(b.Address)
		if err != nil {
			return err
		}
		if b.Operator != "" {
			out.Mailboxes++
			if err := r.remove(s, who, "admin", b); err != nil {
				return err
			}
		}
		stays, known, err := boxes.Get(s.Tx, b.Address)
		switch {
		case err != nil:
			return err
		case known && national && stays.RedListed():
			out.Kept = append(out.Kept, annuaire.Kept{What: "red_list", French: "une adresse de l'extraction nationale reste en liste rouge ici : effacer ce choix la publierait",
				English: "an address of the national extract stays on the red list here: erasing that choice would publish it"})
		case known:
			if err := s.Put(b.Address, nil, r.now()); err != nil {
				return err
			}
		}
		if _, err := overlay.History.DeleteEach(s.Tx, pair(b.Address, ""), nil); err != nil {
			return err
		}
	}
	return nil
}

func (p *Personal) eraseSelf(tx *store.Tx, id string, out *annuaire.Erased) (err error) {
	if _, out.Account, err = accounts.Get(tx, id); err != nil {
		return err
	}
	if _, out.Staff, err = staff.Get(tx, id); err != nil {
		return err
	}
	if out.Notices, err = p.outbox.Forget(tx, id); err != nil {
		return err
	}
	return errors.Join(accounts.Delete(tx, id), staff.Delete(tx, id), termsTold.Delete(tx, id))
}
