package directory

import (
	"context"
	"strings"

	"golang.org/x/sync/errgroup"

	"annuaire"
	"annuaire/index"
	"annuaire/internal/store"
)

// checkRecords looks at people on one core and at the rest on another: either takes about half the time. The views do not move meanwhile, so
// that what both read is of one state.
func checkRecords(ctx context.Context, g *Generation, rep *CheckReport) error {
	parts := [...]func(context.Context, *Generation, store.Reader, *CheckReport) error{checkPeople, checkPlaces}
	var found [len(parts)]CheckReport
	group, ctx := errgroup.WithContext(ctx)
	for i, check := range parts {
		group.Go(func() error {
			return g.Store.Read(func(r store.Reader) error { return check(ctx, g, r, &found[i]) })
		})
	}
	err := group.Wait()
	for i := range found {
		rep.add(&found[i])
	}
	return err
}

func checkPeople(ctx context.Context, g *Generation, r store.Reader, rep *CheckReport) error {
	want, prints := map[string]uint64{}, index.NewFingerprints()
	err := r.EachPerson(func(p annuaire.Professional) error {
		rep.People++
		boxes, err := r.MailboxesOf(p.ID)
		if err != nil {
			return err
		}
		want[strings.Clone(p.ID)] = prints.Person(index.PersonDoc{Person: &p, Mailboxes: boxes})
		return checkPrint(r, annuaire.KindPerson, p.ID, p, rep, ctx)
	})
	if err != nil {
		return err
	}
	return compare(ctx, "person", want, g.People.EachFingerprint, rep)
}

// checkPlaces looks at structures, mailboxes and their cards.
func checkPlaces(ctx context.Context, g *Generation, r store.Reader, rep *CheckReport) error {
	want, cards, prints := map[string]uint64{}, map[string]uint64{}, index.NewFingerprints()
	err := r.EachStructure(func(s annuaire.Structure) error {
		rep.Structures++
		want[index.StructureKey(s.ID)] = prints.Structure(s)
		return checkPrint(r, annuaire.KindStructure, s.ID, s, rep, ctx)
	})
	if err != nil {
		return err
	}
	err = r.EachMailbox(func(m annuaire.Mailbox) error {
		rep.Mailboxes++
		want[index.MailboxKey(m.Address)] = prints.Mailbox(m)
		if err := checkPrint(r, annuaire.KindMailbox, m.Address, m, rep, ctx); err != nil {
			return err
		}
		c, err := cardOf(r, &m)
		cards[strings.Clone(m.Address)] = prints.Card(c)
		return err
	})
	if err != nil {
		return err
	}
	if err := compare(ctx, "place", want, g.Places.EachFingerprint, rep); err != nil {
		return err
	}
	return compare(ctx, "card of", cards, g.Book.EachFingerprint, rep)
}

func checkPrint[T store.Record](r store.Reader, kind annuaire.Kind, id string, rec T, rep *CheckReport, ctx context.Context) error {
	_, digest := store.Body(&rec)
	if p, ok := r.Print(kind, id); !ok || p.Content != digest {
		rep.problem("%s %s: its print does not match its record", kind, id)
	}
	return ctx.Err()
}

// compare empties want against what the index holds.
func compare(ctx context.Context, kind string, want map[string]uint64, each func(func(string, uint64) error) error, rep *CheckReport) error {
	err := each(func(id string, fp uint64) error {
		if w, ok := want[id]; !ok {
			rep.problem("%s %s: indexed, not stored (or indexed twice)", kind, id)
		} else if w != fp {
			rep.problem("%s %s: indexed otherwise than stored", kind, id)
		}
		delete(want, id)
		return ctx.Err()
	})
	for id := range want {
		rep.problem("%s %s: stored, not indexed", kind, id)
	}
	return err
}
