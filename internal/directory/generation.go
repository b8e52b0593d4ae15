package directory

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"

	"annuaire"
	"annuaire/index"
	"annuaire/internal/store"
)

// Generation is one complete set of views. Its holders read under hold; retire waits for them.
type Generation struct {
	Name   string
	Store  *store.Directory
	People *index.People
	Places *index.Places
	Book   *index.Book

	views   sync.Mutex // one at a time brings them up to date
	mu      sync.RWMutex
	retired bool
	pinned  atomic.Pointer[store.Pinned] // see pin
}

func openGeneration(dir string) (g *Generation, err error) {
	g = &Generation{Name: filepath.Base(dir)}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("generation %s: %w", g.Name, err), g.close())
			g = nil
		}
	}()
	if g.Store, err = store.OpenDirectory(filepath.Join(dir, "directory.db")); err != nil {
		return g, err
	}
	if g.People, err = index.OpenPeople(filepath.Join(dir, "people")); err != nil {
		return g, err
	}
	if g.Places, err = index.OpenPlaces(filepath.Join(dir, "places")); err != nil {
		return g, err
	}
	g.Book, err = index.OpenBook(filepath.Join(dir, "book"))
	return g, err
}

func (g *Generation) close() error {
	var errs []error
	if g.Book != nil {
		errs = append(errs, g.Book.Close())
	}
	if g.Places != nil {
		errs = append(errs, g.Places.Close())
	}
	if g.People != nil {
		errs = append(errs, g.People.Close())
	}
	if g.Store != nil {
		errs = append(errs, g.Store.Close())
	}
	return errors.Join(errs...)
}

// hold keeps the generation open until release is called; ok is false when it is retired already.
func (g *Generation) hold() (release func(), ok bool) {
	g.mu.RLock()
	if g.retired {
		g.mu.RUnlock()
		return nil, false
	}
	return g.mu.RUnlock, true
}

// retire closes the generation once nobody reads it.
func (g *Generation) retire() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.retired {
		return nil
	}
	g.retired = true
	return g.close()
}

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
	if err := g.catchUpPeople(l); err != nil {
		return fmt.Errorf("people index: %w", err)
	}
	if err := g.catchUpPlaces(l); err != nil {
		return fmt.Errorf("places index: %w", err)
	}
	if err := g.catchUpBook(l); err != nil {
		return fmt.Errorf("address book: %w", err)
	}
	return nil
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
	err = inChunks(l, seq, func(part []store.Entry) error {
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

func (g *Generation) catchUpPeople(l *store.Ledger) error {
	seq, err := g.People.Seq()
	if err != nil {
		return err
	}
	return inChunks(l, seq, func(part []store.Entry) error { return g.indexPeople(part, part[len(part)-1].Seq) })
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

func (g *Generation) catchUpPlaces(l *store.Ledger) error {
	seq, err := g.Places.Seq()
	if err != nil {
		return err
	}
	return inChunks(l, seq, func(part []store.Entry) error { return g.indexPlaces(part, part[len(part)-1].Seq) })
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

// inChunks calls fn with the entries after seq, at most catchUpChunk at a time.
func inChunks(l *store.Ledger, seq uint64, fn func([]store.Entry) error) error {
	var part []store.Entry
	err := l.Since(seq, func(e store.Entry) error {
		if part = append(part, e); len(part) < catchUpChunk {
			return nil
		}
		defer func() { part = part[:0] }()
		return fn(part)
	})
	if err != nil || len(part) == 0 {
		return err
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
		for _, step := range []func() error{
			func() error { return g.Store.Apply(part, seq, info, nil) },
			func() error { return g.indexPeople(part, seq) },
			func() error { return g.indexPlaces(part, seq) },
			func() error { return g.renderBook(part, seq) },
		} {
			if err := step(); err != nil {
				return err
			}
		}
	}
	return nil
}
