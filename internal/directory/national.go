package directory

import (
	"sync"

	"annuaire"
	"annuaire/internal/overlay"
	"annuaire/internal/store"
)

// National is what the extracts said at the last run, to compare the next one with: as Reader has it, but for mailboxes, where the registry
// stands in front of some. It does not change while registrations go on.
type National struct {
	store.Reader
	tx *store.Tx
}

// National calls fn with the national state of g.
func (d *Directory) National(g *Generation, fn func(National) error) error {
	return d.still(g, func(r store.Reader, goOn func()) error {
		return d.Ledger.View(func(tx *store.Tx) error {
			goOn()
			return fn(National{r, tx})
		})
	})
}

// still calls fn with the records of g at the head of the log, while nobody can write to it: until fn calls goOn, or returns.
func (d *Directory) still(g *Generation, fn func(r store.Reader, goOn func()) error) error {
	if err := g.CatchUp(d.Ledger, nil); err != nil { // most of what there is, while registrations go on
		return err
	}
	d.commit.Lock()
	goOn := sync.OnceFunc(d.commit.Unlock)
	defer goOn()
	if err := g.CatchUp(d.Ledger, nil); err != nil {
		return err
	}
	return g.Store.Read(func(r store.Reader) error { return fn(r, goOn) })
}

// claimed reports whether the registry stands in front of an address.
func (n National) claimed(address string) (bool, error) {
	r, known, err := overlay.Boxes.Get(n.tx, address)
	return known && overlay.Claims(&r), err
}

// Mailbox returns the record that the extract has of an address.
func (n National) Mailbox(address string) (m annuaire.Mailbox, ok bool, err error) {
	c, covered, err := overlay.Under.Get(n.tx, address)
	if err != nil {
		return m, false, err
	}
	if covered {
		return m, true, store.Unpack(c.Record, &m)
	}
	if claimed, err := n.claimed(address); err != nil || claimed {
		return m, false, err
	}
	return n.Reader.Mailbox(address)
}

// EachMailboxPrint calls fn with the address and the print of every mailbox of the extract, in no order.
func (n National) EachMailboxPrint(fn func(address string, p store.Print) error) error {
	c := n.Prints(annuaire.KindMailbox)
	for id, p := c.First(); id != nil; id, p = c.Next() {
		if p.Rows == 0 { // as that of a registered box is; so may that of another be
			if claimed, err := n.claimed(string(id)); err != nil {
				return err
			} else if claimed {
				continue
			}
		}
		if err := fn(string(id), p); err != nil {
			return err
		}
	}
	return overlay.Under.Each(n.tx, "", "", func(address string, c overlay.Covered) (bool, error) { return true, fn(address, c.Print) })
}

// Count returns how many records of a kind the extracts have.
func (n National) Count(kind annuaire.Kind) (count int, err error) {
	if kind != annuaire.KindMailbox {
		return n.Reader.Count(kind), nil
	}
	err = n.EachMailboxPrint(func(string, store.Print) error { count++; return nil })
	return count, err
}
