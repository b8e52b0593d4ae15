package directory

import (
	"context"

	"annuaire"
	"annuaire/internal/overlay"
	"annuaire/internal/store"
)

// checkOverlay verifies that the public records show of the registry exactly what they must: every published box as it is, hidden ones nowhere,
// and that what is kept of the extract under a box is what its print says.
func checkOverlay(ctx context.Context, g *Generation, r store.Reader, tx *store.Tx, rep *CheckReport) error {
	if tx.Head() != r.Seq() { // said already
		return nil
	}
	known := map[string]bool{}
	s := overlay.NewState(tx, r, g.sites)
	err := overlay.Boxes.Each(tx, "", "", func(address string, b annuaire.Registered) (bool, error) {
		known[address] = true
		return ctx.Err() == nil, checkBox(s, r, address, &b, rep)
	})
	if err != nil {
		return err
	}
	err = r.EachMailbox(func(m annuaire.Mailbox) error {
		if m.Registered && !known[m.Address] {
			rep.problem("mailbox %s: shown as registered, and not in the registry", m.Address)
		}
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	return overlay.Under.Each(tx, "", "", func(address string, c overlay.Covered) (bool, error) {
		return true, checkCovered(tx, address, c, rep)
	})
}

func checkBox(s *overlay.State, r store.Reader, address string, b *annuaire.Registered, rep *CheckReport) error {
	shown, there, err := r.Mailbox(address)
	if err != nil || !overlay.Claims(b) {
		return err
	}
	if !b.Published() {
		if there {
			rep.problem("mailbox %s: shown, and must not be", address)
		}
		return nil
	}
	if !there {
		rep.problem("mailbox %s: registered, and not shown", address)
		return nil
	}
	must, err := s.Published(b)
	if err != nil {
		return err
	}
	_, want := store.Body(&must)
	if _, is := store.Body(&shown); is != want {
		rep.problem("mailbox %s: shown otherwise than registered", address)
	}
	return nil
}

// checkCovered: what is under a box is of its address, is what its print says, and is covered.
func checkCovered(tx *store.Tx, address string, c overlay.Covered, rep *CheckReport) error {
	b, known, err := overlay.Boxes.Get(tx, address)
	if err != nil {
		return err
	}
	if !known || !overlay.Claims(&b) {
		rep.problem("mailbox %s: kept under the registry, which does not cover it", address)
	}
	var m annuaire.Mailbox
	if err := store.Unpack(c.Record, &m); err != nil {
		return err
	}
	if _, digest := store.Body(&m); m.Address != address || digest != c.Print.Content {
		rep.problem("mailbox %s: its print under the registry does not match its record", address)
	}
	return nil
}
