package directory

import (
	"context"

	"annuaire"
	"annuaire/index"
	"annuaire/internal/overlay"
	"annuaire/internal/store"
)

// Change makes one change of the registry, all of it or nothing, durable when it returns nil, and has the views follow. Changes wait for
// each other and for the moment of a run's commit, never for the run. seq is the head of the log then: what Visible waits for. CodeUnavailable
// while there is nothing to read: a box cannot be judged without the directory.
func (d *Directory) Change(fn func(*overlay.State) error) (seq uint64, err error) {
	d.commit.Lock()
	defer d.commit.Unlock()
	g, release, err := d.hold()
	if err != nil {
		return 0, err
	}
	defer release()
	head := uint64(0)
	err = g.Store.Read(func(r store.Reader) error {
		return d.Ledger.Update(func(tx *store.Tx) error {
			head = tx.Head()
			err := fn(overlay.NewState(tx, r, g.sites))
			seq = tx.Head()
			return err
		})
	})
	if err == nil && seq > head {
		d.follow()
	}
	return seq, err
}

// Look is Change that changes nothing and waits for nobody.
func (d *Directory) Look(fn func(*overlay.State) error) error {
	g, release, err := d.hold()
	if err != nil {
		return err
	}
	defer release()
	return g.Store.Read(func(r store.Reader) error {
		return d.Ledger.View(func(tx *store.Tx) error { return fn(overlay.NewState(tx, r, g.sites)) })
	})
}

// maxSites bounds the structures that are looked at for one identifier: one that more have is of a legal entity, and says which of them to nobody.
const maxSites = 100

// siteFields are the fields by which structures are found.
var siteFields = map[string]annuaire.Field{"FINESS": annuaire.FieldFINESS, "SIRET": annuaire.FieldSIRET, "SIREN": annuaire.FieldSIREN}

// sites finds structures by an identifier, as the index knows them.
func (g *Generation) sites(id annuaire.StructureID) (out []annuaire.Structure, err error) {
	if id.Type == "RPPS-rang" { // the technical identifier of a practice is R and that number
		err := g.Store.Read(func(r store.Reader) error { return readSites(r, []index.Hit{{ID: "R" + id.ID}}, &out) })
		return out, err
	}
	field, ok := siteFields[id.Type]
	if !ok || g.Places == nil {
		return nil, nil
	}
	res, err := g.Places.Structures.Search(context.Background(), annuaire.Query{Where: annuaire.Equals(field, id.ID), Limit: maxSites})
	if err != nil {
		return nil, err
	}
	return out, g.Store.Read(func(r store.Reader) error { return readSites(r, res.Hits, &out) })
}

func readSites(r store.Reader, hits []index.Hit, to *[]annuaire.Structure) error {
	for _, h := range hits {
		st, ok, err := r.Structure(h.ID)
		if err != nil {
			return err
		}
		if ok {
			*to = append(*to, st)
		}
	}
	return nil
}
