package directory

import (
	"errors"
	"fmt"
	"math"

	"annuaire"
	"annuaire/index"
	"annuaire/internal/store"
)

// catchUpChunk bounds the entries held in memory while a view catches up.
const catchUpChunk = 20_000

// CatchUp brings every view of the generation to the head of the ledger. Each view records how far it is, so that this can
// be interrupted anywhere and run again.
func (g *Generation) CatchUp(l *store.Ledger, prints map[annuaire.Kind]map[string]store.Print) (err error) {
	if g.People == nil { // opened by Peek, which made sure that the store is up to date
		return nil
	}
	g.views.Lock()
	defer g.views.Unlock()
	unpin, err := g.pin(l)
	if err != nil {
		return fmt.Errorf("directory.db: %w", err)
	}
	defer func() { err = errors.Join(err, unpin()) }()
	if err := g.catchUpStore(l, prints); err != nil {
		return fmt.Errorf("directory.db: %w", err)
	}
	upTo, err := g.Store.Seq() // the log may go on meanwhile: an index is never ahead of the records that it is made of
	if err != nil {
		return fmt.Errorf("directory.db: %w", err)
	}
	for _, v := range g.derived() {
		if err := v.catchUp(l, upTo); err != nil {
			return fmt.Errorf("%s: %w", v.name, err)
		}
	}
	return nil
}

// derived is a view that is made of the records.
type derived struct {
	name string
	seq  func() (uint64, error)
	take func(part []store.Entry, seq uint64) error
}

func (g *Generation) derived() []derived {
	return []derived{{"people index", g.People.Seq, g.indexPeople}, {"places index", g.Places.Seq, g.indexPlaces}, {"address book", g.Book.Seq, g.renderBook}}
}

func (v derived) catchUp(l *store.Ledger, upTo uint64) error {
	seq, err := v.seq()
	if err != nil {
		return err
	}
	return inChunks(l, seq, upTo, func(part []store.Entry) error { return v.take(part, part[len(part)-1].Seq) })
}

func (g *Generation) catchUpStore(l *store.Ledger, prints map[annuaire.Kind]map[string]store.Print) error {
	run, _, err := l.LastRun()
	if err != nil {
		return err
	}
	seq, err := g.Store.Seq()
	if err != nil {
		return err
	}
	last := seq
	err = inChunks(l, seq, math.MaxUint64, func(part []store.Entry) error {
		last = part[len(part)-1].Seq
		info, err := g.Store.Info() // stays that of before until the last entry is in
		if err != nil {
			return err
		}
		return g.Store.Apply(part, last, info, nil)
	})
	if err != nil {
		return err
	}
	info, err := g.Store.Info()
	if err != nil || (last == seq && info.Run == run.ID && len(prints) == 0) {
		return err
	}
	return g.Store.Apply(nil, last, run.Info, prints)
}

// indexPeople indexes again those whom entries are about.
func (g *Generation) indexPeople(part []store.Entry, seq uint64) error {
	ids := map[string]bool{}
	for _, e := range part {
		switch e.Kind {
		case annuaire.KindPerson:
			ids[e.ID] = true
		case annuaire.KindMailbox:
			for _, h := range e.People {
				ids[h] = true
			}
		}
	}
	docs, gone, err := g.peopleDocs(ids)
	if err != nil {
		return err
	}
	return g.People.Apply(seq, docs, gone)
}

func (g *Generation) peopleDocs(ids map[string]bool) (docs []index.PersonDoc, gone []string, err error) {
	err = g.Store.Read(func(r store.Reader) error {
		for id := range ids {
			p, ok, err := r.Person(id)
			if err != nil {
				return err
			}
			if !ok {
				gone = append(gone, id)
				continue
			}
			boxes, err := r.MailboxesOf(id)
			if err != nil {
				return err
			}
			docs = append(docs, index.PersonDoc{Person: &p, Mailboxes: boxes})
		}
		return nil
	})
	return docs, gone, err
}

// indexPlaces indexes again the structures and mailboxes that entries are about.
func (g *Generation) indexPlaces(part []store.Entry, seq uint64) error {
	var change index.PlacesChange
	err := g.Store.Read(func(r store.Reader) error {
		seen := map[annuaire.Kind]map[string]bool{annuaire.KindStructure: {}, annuaire.KindMailbox: {}}
		for _, e := range part {
			if done := seen[e.Kind]; done == nil || done[e.ID] {
				continue
			}
			seen[e.Kind][e.ID] = true
			if err := addPlace(r, e.Kind, e.ID, &change); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return g.Places.Apply(seq, change)
}

func addPlace(r store.Reader, kind annuaire.Kind, id string, to *index.PlacesChange) error {
	if kind == annuaire.KindStructure {
		s, ok, err := r.Structure(id)
		if ok {
			to.Structures = append(to.Structures, s)
		} else {
			to.GoneStructures = append(to.GoneStructures, id)
		}
		return err
	}
	m, ok, err := r.Mailbox(id)
	if ok {
		to.Mailboxes = append(to.Mailboxes, m)
	} else {
		to.GoneMailboxes = append(to.GoneMailboxes, id)
	}
	return err
}

// inChunks calls fn with the entries after seq up to another sequence, at most catchUpChunk at a time.
func inChunks(l *store.Ledger, seq, upTo uint64, fn func([]store.Entry) error) error {
	var part []store.Entry
	err := l.Since(seq, func(e store.Entry) error {
		if e.Seq > upTo {
			return errEnough
		}
		if part = append(part, e); len(part) < catchUpChunk {
			return nil
		}
		defer func() { part = part[:0] }()
		return fn(part)
	})
	if err != nil && !errors.Is(err, errEnough) {
		return err
	}
	if len(part) == 0 {
		return nil
	}
	return fn(part)
}

// patch brings a generation that nobody reads yet to what entries say, and to a sequence.
func (g *Generation) patch(entries []store.Entry, seq uint64) error {
	for first := true; first || len(entries) > 0; first = false {
		part := entries[:min(catchUpChunk, len(entries))]
		entries = entries[len(part):]
		info, err := g.Store.Info()
		if err != nil {
			return err
		}
		if err := g.Store.Apply(part, seq, info, nil); err != nil {
			return err
		}
		for _, v := range g.derived() {
			if err := v.take(part, seq); err != nil {
				return fmt.Errorf("%s: %w", v.name, err)
			}
		}
	}
	return nil
}
