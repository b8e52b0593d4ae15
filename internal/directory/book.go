package directory

import (
	"context"

	"annuaire"
	"annuaire/index"
	"annuaire/internal/card"
	"annuaire/internal/pipeline"
	"annuaire/internal/store"
)

// cardOf renders a published box with what its holder's record says.
func cardOf(r store.Reader, m *annuaire.Mailbox) (card.Card, error) {
	labelMailbox(m)
	if len(m.Owners) == 0 {
		return card.Mailbox(m, nil, nil), nil
	}
	first := m.Owners[0]
	holder, ok, err := r.Person(first)
	if err != nil || !ok {
		return card.Mailbox(m, nil, nil), err
	}
	labelPerson(&holder)
	var next []string
	all := r.AddressesOf(first)
	for i, a := range all {
		if a == m.Address {
			next = all[i+1:]
		}
	}
	return card.Mailbox(m, &holder, next), nil
}

// cards renders the boxes of these addresses; those that are no longer there are gone.
func cards(r store.Reader, addresses map[string]bool) (all []card.Card, gone []string, err error) {
	for a := range addresses {
		m, ok, err := r.Mailbox(a)
		if err != nil {
			return nil, nil, err
		}
		if !ok {
			gone = append(gone, a)
			continue
		}
		c, err := cardOf(r, &m)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, c)
	}
	return all, gone, nil
}

// fillBook puts every mailbox of the store in a book, on all cores.
func fillBook(ctx context.Context, st *store.Directory, b *index.BookBuilder) error {
	return st.Read(func(r store.Reader) error {
		addresses := func(yield func(string) bool) { r.Addresses(yield) }
		return pipeline.Ordered(ctx, pipeline.Processors(), pipeline.Chunks(addresses, 500), func(_ int, part []string) (int, error) {
			err := st.Read(func(r store.Reader) error {
				for _, a := range part {
					m, _, err := r.Mailbox(a)
					if err != nil {
						return err
					}
					c, err := cardOf(r, &m)
					if err != nil {
						return err
					}
					if err := b.Add(c); err != nil {
						return err
					}
				}
				return nil
			})
			return len(part), err
		}, func(int) error { return nil })
	})
}

// renderBook renders again the boxes that changed, those of whoever changed, and the other boxes of who gained or lost one.
func (g *Generation) renderBook(part []store.Entry, seq uint64) error {
	var all []card.Card
	var gone []string
	err := g.Store.Read(func(r store.Reader) (err error) {
		touched := map[string]bool{}
		for _, e := range part {
			who := e.People
			switch e.Kind {
			case annuaire.KindMailbox:
				touched[e.ID] = true
			case annuaire.KindPerson:
				who = []string{e.ID}
			}
			for _, id := range who {
				for _, a := range r.AddressesOf(id) {
					touched[a] = true
				}
			}
		}
		all, gone, err = cards(r, touched)
		return err
	})
	if err != nil {
		return err
	}
	return g.Book.Apply(seq, all, gone)
}
