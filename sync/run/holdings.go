package run

import (
	"cmp"
	"slices"
	"sort"

	"annuaire"
)

// holdings knows the boxes of each person during a first load, in as little memory as that takes.
type holdings struct {
	owners []owner // by person
	boxes  map[uint64]heldBox
}

type heldBox struct {
	address string
	rank    int
}

// of returns what the people index needs of the boxes of a person, preferred first.
func (h *holdings) of(person uint64) (out []annuaire.Mailbox) {
	i := sort.Search(len(h.owners), func(i int) bool { return h.owners[i].person >= person })
	for ; i < len(h.owners) && h.owners[i].person == person; i++ {
		b, shown := h.boxes[h.owners[i].box]
		if shown && !slices.ContainsFunc(out, func(o annuaire.Mailbox) bool { return o.Address == b.address }) {
			out = append(out, annuaire.Mailbox{Address: b.address, Rank: b.rank})
		}
	}
	slices.SortFunc(out, func(a, b annuaire.Mailbox) int {
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.Address, b.Address))
	})
	return out
}
