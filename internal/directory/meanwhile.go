package directory

import (
	"time"

	"annuaire"
	"annuaire/internal/overlay"
	"annuaire/internal/store"
)

// catchUp plans the run with the registry as it is now, and brings g, which was built before and which nobody reads yet, to what it comes to.
// The caller holds commit.
func (b *Building) catchUp(g *Generation, entries []store.Entry) (*overlay.Plan, error) {
	if b.copied == nil {
		return b.overlaid(g, entries)
	}
	plan, head, err := b.d.plan(b.d.cur.Load(), entries, b.copied.prints)
	if err != nil {
		return nil, err
	}
	fixes, err := b.fixes(g, plan)
	if err != nil || len(fixes) == 0 && head == b.copied.base {
		return plan, err
	}
	return plan, g.patch(fixes, head+uint64(len(plan.Entries)))
}

// fixes are the entries that make of what was built what plan says: about addresses that were registered since, or on which the run comes to
// something else than it did then.
func (b *Building) fixes(g *Generation, plan *overlay.Plan) (out []store.Entry, err error) {
	differ := map[string]bool{}
	err = b.d.Ledger.Since(b.copied.base, func(e store.Entry) error {
		differ[e.ID] = e.Kind == annuaire.KindMailbox
		return nil
	})
	if err != nil {
		return nil, err
	}
	then, now := boxEntries(b.copied.plan.Entries), boxEntries(plan.Entries)
	for id, e := range then {
		if n, there := now[id]; !there || n.Op != e.Op || n.Print != e.Print {
			differ[id] = true
		}
	}
	for id := range now {
		if _, there := then[id]; !there {
			differ[id] = true
		}
	}
	if len(differ) == 0 {
		return nil, nil
	}
	return out, b.d.Look(func(s *overlay.State) error {
		for id, is := range differ {
			if !is {
				continue
			}
			e, there := now[id]
			if !there {
				var err error
				if e, err = s.Shown(id); err != nil {
					return err
				}
			}
			built, err := ownersIn(g, id)
			if err != nil {
				return err
			}
			e.People = append(e.People[:len(e.People):len(e.People)], built...)
			out = append(out, e)
		}
		return nil
	})
}

// ownersIn returns who holds a box in what was built: they are to be indexed again when it moves on.
func ownersIn(g *Generation, address string) (owners []string, err error) {
	err = g.Store.Read(func(r store.Reader) error {
		m, _, err := r.Mailbox(address)
		owners = m.Owners
		return err
	})
	return owners, err
}

func boxEntries(all []store.Entry) map[string]store.Entry {
	out := map[string]store.Entry{}
	for _, e := range all {
		if e.Kind == annuaire.KindMailbox {
			out[e.ID] = e
		}
	}
	return out
}

// Covers reports whether the registry stands in front of an address. The caller, who builds from extracts, then hands its record to Cover, and
// to nobody else. Nothing is registered while there is no generation to read, so that the answer stays right. Safe for concurrent use.
func (b *Building) Covers(address string) (covered bool, err error) {
	err = b.d.Ledger.View(func(tx *store.Tx) error {
		r, known, err := overlay.Boxes.Get(tx, address)
		covered = known && overlay.Claims(&r)
		return err
	})
	return covered, err
}

// Cover keeps the record of a mailbox of the extract that the registry covers.
func (b *Building) Cover(address string, packed []byte, p store.Print) {
	if b.under == nil {
		b.under = map[string]overlay.Covered{}
	}
	b.under[address] = overlay.Covered{Record: packed, Print: p}
}

// overlaid puts the registered boxes in a generation that was built from extracts.
func (b *Building) overlaid(g *Generation, entries []store.Entry) (plan *overlay.Plan, err error) {
	seq, err := g.Store.Seq()
	if err != nil {
		return nil, err
	}
	var part []store.Entry
	flush := func() error {
		defer func() { part = part[:0] }()
		return g.patch(part, seq)
	}
	err = b.d.Ledger.View(func(tx *store.Tx) error {
		return g.Store.Read(func(r store.Reader) error {
			plan, err = overlay.Load(overlay.NewState(tx, r, g.sites), entries, b.under, time.Now().UTC().Truncate(time.Second), func(e store.Entry) error {
				if part = append(part, e); len(part) < catchUpChunk {
					return nil
				}
				return flush()
			})
			return err
		})
	})
	if err == nil && len(part) > 0 {
		err = flush()
	}
	return plan, err
}
