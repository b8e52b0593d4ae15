package directory

import (
	"annuaire/internal/freetext"
	"annuaire/internal/geo"
)

// Warm has the first questions wait for nothing: it reads the tables that they need, and has the indexes in use, and those that replace them
// later, read ahead in the background. Who opens a directory to write to it alone does without.
func (d *Directory) Warm() {
	d.warm.Store(true)
	if g, release, err := d.hold(); err == nil {
		g.readAhead()
		release()
	}
	freetext.Parse("médecin paris", freetext.People)
	geo.Like("parix")
	suggestPlaces("pa", 1)
	trades()
}

// openGeneration opens a generation that is to be in use soon.
func (d *Directory) openGeneration(name string) (*Generation, error) {
	g, err := openGeneration(d.generationDir(name))
	if err == nil && d.warm.Load() {
		g.readAhead()
	}
	return g, err
}

func (g *Generation) readAhead() {
	if g.People == nil { // see Peek
		return
	}
	g.People.ReadAhead()
	g.Places.ReadAhead()
	g.Book.ReadAhead()
}
