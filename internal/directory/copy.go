package directory

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"annuaire"
	"annuaire/index"
	"annuaire/internal/overlay"
	"annuaire/internal/store"
)

// copied is what a generation was copied from.
type copied struct {
	base   uint64 // head of the log then
	prints map[annuaire.Kind]map[string]store.Print
	plan   *overlay.Plan
}

// Copy fills b with the records of g as a run with entries leaves them, that found them against the national state. It reads no extract: what
// a generation shows can always be built again from its own records, for another index format or to make room. Registrations go on
// meanwhile: Publish brings them in.
func (b *Building) Copy(ctx context.Context, g *Generation, entries []store.Entry, prints map[annuaire.Kind]map[string]store.Print,
	progress func(annuaire.Kind, int64)) error {
	return b.d.still(g, func(r store.Reader, goOn func()) error {
		plan, base, err := b.d.plan(g, entries, prints)
		if err != nil {
			return err
		}
		goOn()
		b.copied = &copied{base, prints, plan}
		return b.copy(ctx, r, plan.Entries, plan.Prints, progress)
	})
}

func (b *Building) copy(ctx context.Context, from store.Reader, entries []store.Entry, prints map[annuaire.Kind]map[string]store.Print,
	progress func(annuaire.Kind, int64)) error {
	byKind := map[annuaire.Kind][]store.Entry{}
	for _, e := range entries {
		byKind[e.Kind] = append(byKind[e.Kind], e)
	}
	boxes := map[string][]annuaire.Mailbox{}
	put := map[annuaire.Kind]func(id string, packed []byte, p store.Print) error{
		annuaire.KindStructure: func(id string, packed []byte, p store.Print) error {
			return addRecord(packed, b.Places.AddStructure, func() error { return b.Store.PutStructure(id, packed, p) })
		},
		annuaire.KindMailbox: func(_ string, packed []byte, p store.Print) error {
			return addRecord(packed, func(m annuaire.Mailbox) error {
				for _, h := range m.Owners {
					boxes[h] = append(boxes[h], m)
				}
				if err := b.Store.PutMailbox(m, packed, p); err != nil {
					return err
				}
				return b.Places.AddMailbox(m)
			}, nil)
		},
		annuaire.KindPerson: func(id string, packed []byte, p store.Print) error {
			return addRecord(packed, func(who annuaire.Professional) error {
				mine := boxes[id]
				slices.SortStableFunc(mine, func(a, b annuaire.Mailbox) int { return a.Order() - b.Order() })
				return b.People.Add(index.PersonDoc{Person: &who, Mailboxes: mine})
			}, func() error { return b.Store.PutPerson(id, packed, p) })
		},
	}
	for _, kind := range []annuaire.Kind{annuaire.KindStructure, annuaire.KindMailbox, annuaire.KindPerson} {
		n := int64(0)
		err := merge(from, kind, byKind[kind], prints[kind], func(id string, packed []byte, p store.Print) error {
			if n++; n%10_000 == 0 {
				progress(kind, n)
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			return put[kind](id, packed, p)
		})
		if err != nil {
			return fmt.Errorf("copy %s: %w", kind, err)
		}
	}
	return b.Store.Flush() // the records are read out of a file that goes on changing
}

// addRecord unpacks a record for its index and, once that has it, stores it.
func addRecord[T store.Record](packed []byte, add func(T) error, put func() error) error {
	var rec T
	if err := store.Unpack(packed, &rec); err != nil {
		return err
	}
	if err := add(rec); err != nil || put == nil {
		return err
	}
	return put()
}

// merge walks the records of kind by id, those of entries in place of the stored ones.
func merge(r store.Reader, kind annuaire.Kind, entries []store.Entry, prints map[string]store.Print,
	fn func(id string, packed []byte, p store.Print) error) error {
	slices.SortFunc(entries, func(a, b store.Entry) int { return strings.Compare(a.ID, b.ID) })
	emit := func(e store.Entry) error {
		if e.Op == annuaire.Gone {
			return nil
		}
		return fn(e.ID, e.Record, e.Print)
	}
	err := r.EachPacked(kind, func(id, packed []byte, p store.Print) error {
		for len(entries) > 0 && entries[0].ID < string(id) {
			if err := emit(entries[0]); err != nil {
				return err
			}
			entries = entries[1:]
		}
		if len(entries) > 0 && entries[0].ID == string(id) {
			e := entries[0]
			entries = entries[1:]
			return emit(e)
		}
		if other, ok := prints[string(id)]; ok {
			p = other
		}
		return fn(string(id), packed, p)
	})
	for ; err == nil && len(entries) > 0; entries = entries[1:] {
		err = emit(entries[0])
	}
	return err
}
