package model

import (
	"fmt"

	"github.com/cespare/xxhash/v2"

	"annuaire/sync/extract"
)

// siteColumns are the columns of Personne_activite that describe the structure rather than the person. The sector is among
// them: it is stated per activity, and a structure shows the one most of its activities state.
var siteColumns = []extract.Col{
	extract.ColSIRET, extract.ColSIREN, extract.ColFINESS, extract.ColFINESSEJ, extract.ColStructureID,
	extract.ColStructureName, extract.ColTradeName, extract.ColRecipient, extract.ColPoint, extract.ColNumber, extract.ColRepeat,
	extract.ColWayType, extract.ColWayTypeLabel, extract.ColWay, extract.ColDistribution, extract.ColBureau, extract.ColPostalCode,
	extract.ColCommune, extract.ColCommuneLabel, extract.ColCountry, extract.ColCountryLabel, extract.ColPhone, extract.ColPhone2,
	extract.ColFax, extract.ColEmail, extract.ColFormerID, extract.ColSector, extract.ColSectorLabel,
}

// placeColumns are those that say that a row is about some place, when it has no technical identifier.
var placeColumns = []extract.Col{
	extract.ColSIRET, extract.ColSIREN, extract.ColFINESS, extract.ColFINESSEJ, extract.ColStructureName, extract.ColTradeName,
	extract.ColRecipient, extract.ColNumber, extract.ColWay, extract.ColBureau, extract.ColPostalCode, extract.ColCommune,
	extract.ColCommuneLabel,
}

// SiteID returns the identifier of the structure a row is about: the technical one or, where the extract gives none, "X" and 16
// hexadecimal digits of the hash of what identifies and places it. "" for a row without structure (practice without activity,
// locum).
func SiteID(r *extract.Row) string {
	if id := r.Get(extract.ColStructureID); len(id) > 0 {
		return string(id)
	}
	for _, c := range placeColumns {
		if len(r.Get(c)) > 0 {
			return fmt.Sprintf("X%016x", r.HashOf(placeColumns))
		}
	}
	return ""
}

// SiteKey is a number by which the rows about one structure come together; ok is false for a row without any.
func SiteKey(r *extract.Row) (key uint64, ok bool) {
	if id := r.Get(extract.ColStructureID); len(id) > 0 {
		return xxhash.Sum64(id), true
	}
	id := SiteID(r)
	return KeyOfID(id), id != ""
}

// KeyOfID is SiteKey for a structure known by its identifier, and the key of any record whose identifier does not fit a number.
func KeyOfID(id string) uint64 { return xxhash.Sum64String(id) }

// SiteHash tells apart the things rows say about a structure.
func SiteHash(r *extract.Row) uint64 { return r.HashOf(siteColumns) }
