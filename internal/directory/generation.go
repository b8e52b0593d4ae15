package directory

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"

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
