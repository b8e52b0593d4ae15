package overlay

import (
	"fmt"

	"annuaire"
	"annuaire/internal/store"
)

// The tables of annuaire.db that decide what is published.
var (
	Boxes = store.NewTable[annuaire.Registered]("boxes") // by address
	Held  = store.NewTable[struct{}]("boxes-held")       // holder, NUL, address
	At    = store.NewTable[struct{}]("boxes-at")         // type and identifier of the structure (SiteKey), NUL, address
	Red   = store.NewTable[struct{}]("boxes-red")        // by address: entries on the red list, which the health authority's sending asks for
	Under = store.NewTable[Covered]("under")             // by address: national records that a registered box or the red list covers

	History = store.NewTable[annuaire.BoxEvent]("box-history") // address, NUL, number: what became of a box
)

// Covered is a national mailbox as directory.db would have it.
type Covered struct {
	Record []byte      `cbor:"1,keyasint"`
	Print  store.Print `cbor:"2,keyasint"`
}

// Claims reports whether an entry of the registry stands in front of the national record of its address.
func Claims(r *annuaire.Registered) bool { return r != nil && (r.Operator != "" || r.RedListed()) }

// pair joins the two parts of a key.
func pair(a, b string) string { return a + "\x00" + b }

// SiteKey is how a structure is named in a key.
func SiteKey(s annuaire.StructureID) string { return s.Type + "|" + s.ID }

// Note adds a line to the history of a box.
func Note(tx *store.Tx, address string, e annuaire.BoxEvent) error {
	n, err := History.Sequence(tx)
	if err != nil {
		return err
	}
	return History.Put(tx, pair(address, fmt.Sprintf("%016x", n)), e)
}
