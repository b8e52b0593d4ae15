package alert

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"annuaire"
)

// Box is a mailbox of a person, as far as choosing needs it.
type Box struct {
	Address   string
	Kind      annuaire.MailboxKind
	Rank      int       // as its operator states it, 1 = preferred; 0: not stated
	Changed   time.Time // when it last changed
	Place     int       // in the order of the national extract, from 1; 0 for a box that is not from there
	RedListed bool
	Dead      bool // suspended, closed or orphaned
}

// choose returns the one mailbox at which a person is written to: of the kinds asked for, the one of the best stated rank, then a personal
// one before one of a practice, then the one that changed last; then the first in the order of the extract, and by address, so that it is
// always the same one. Boxes of services and of software are nobody's. ok is false when no box will do. The order of boxes does not count.
func choose(boxes []Box, kinds []annuaire.MailboxKind, policy Policy) (best Box, ok bool) {
	for _, b := range boxes {
		if b.Dead || b.RedListed && !policy.RedListed || !personal(b.Kind) || !slices.Contains(kinds, b.Kind) {
			continue
		}
		if !ok || before(b, best) {
			best, ok = b, true
		}
	}
	return best, ok
}

func personal(k annuaire.MailboxKind) bool { return k == annuaire.KindPER || k == annuaire.KindCAB }

func before(a, b Box) bool {
	const last = 1 << 30
	stated := func(n int) int {
		if n <= 0 {
			return last
		}
		return n
	}
	shared := func(k annuaire.MailboxKind) int {
		if k == annuaire.KindPER {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(stated(a.Rank), stated(b.Rank)), cmp.Compare(shared(a.Kind), shared(b.Kind)), b.Changed.Compare(a.Changed),
		cmp.Compare(stated(a.Place), stated(b.Place)), strings.Compare(a.Address, b.Address)) < 0
}

// published is a box of the directory. National ones state no rank: theirs is the order of the extract.
func published(h annuaire.HeldBox) Box {
	b := Box{Address: h.Address, Kind: h.Kind, Rank: h.Rank, Changed: h.Changed}
	if !h.Registered {
		b.Rank, b.Place = 0, h.Rank
	}
	return b
}

// hidden is a box on the red list.
func hidden(m *annuaire.Mailbox) Box {
	b := published(annuaire.HeldBox{Address: m.Address, Kind: m.Kind, Rank: m.Rank, Registered: m.Registered, Changed: m.Source.Extract})
	b.RedListed = true
	return b
}
