package index

import (
	"encoding/binary"
	"strings"

	"annuaire"

	bleve "github.com/blevesearch/bleve_index_api"
	"github.com/cespare/xxhash/v2"
)

// encoder turns records into documents. Fields are shared between the documents of one batch: the names, places, practices
// and structures of French health professionals repeat a lot. Not for concurrent use.
type encoder struct {
	fields map[fieldKey]*field
	more   *field // the id of every continuation
}

// fieldKey is a bleve field and the text from which its terms follow.
type fieldKey struct{ name, text string }

func newEncoder() *encoder {
	e := &encoder{fields: map[fieldKey]*field{}}
	e.more = e.id(continuation)
	return e
}

func (e *encoder) id(id string) *field {
	return &field{name: fieldID, options: bleve.IndexField | bleve.StoreField, terms: pack(id), value: []byte(id)}
}

func (e *encoder) stored(s stored) *field {
	return &field{name: fieldStored, options: bleve.StoreField, value: s.encode()}
}

// shared returns the field of that name made from text, with the terms that make gives the first time.
func (e *encoder) shared(name, text string, make func() packed) *field {
	k := fieldKey{name, text}
	f := e.fields[k]
	if f == nil {
		f = e.packed(name, make())
		e.fields[fieldKey{name, strings.Clone(text)}] = f // text may be part of a whole row
	}
	return f
}

func (e *encoder) packed(name string, p packed) *field {
	hash := xxhash.Sum64String(p.text) ^ xxhash.Sum64String(name) // terms begin with their kind and words end with a position: not to be cut otherwise
	return &field{name: name, options: bleve.IndexField, terms: p, hash: hash}
}

func (e *encoder) codes(name string, terms []string) *field { return e.packed(name, pack(terms...)) }

func (e *encoder) text(name, value string) *field {
	return e.shared(name, value, func() packed { return words(name, value) })
}

// practice: profession, category and specialties. A label never counts: codes are the truth.
func (e *encoder) practice(p *annuaire.Practice) *field {
	text := p.Profession.Code + "\x00" + p.Category.Code
	for _, s := range p.Specialties {
		text += "\x00" + s.Code
	}
	return e.shared(fieldPractice, text, func() packed {
		var t terms
		t.add(kindProfession, p.Profession.Code)
		t.add(kindCategory, p.Category.Code)
		for _, s := range p.Specialties {
			t.add(kindSpecialty, s.Code)
		}
		return pack(t...)
	})
}

// activity: mode, sector and role; none of them without activity. The setting follows from the sector.
func (e *encoder) activity(mode, sector, role string) *field {
	return e.shared(fieldActivity, mode+"\x00"+sector+"\x00"+role, func() packed {
		var t terms
		t.add(kindMode, mode)
		t.add(kindSector, sector)
		t.add(kindRole, role)
		return pack(t...)
	})
}

// place adds the fields of an address, which may be nil.
func (e *encoder) place(fields []*field, a *annuaire.Address) []*field {
	if a == nil {
		a = &annuaire.Address{}
	}
	place := e.shared(fieldPlace, a.Department.Code+"\x00"+a.Region.Code+"\x00"+a.PostalCode+"\x00"+a.INSEE, func() packed {
		return pack(placeTerms(a)...)
	})
	return append(fields, place,
		e.shared(fieldCity, a.City+"\x00"+a.INSEE, func() packed { return words(fieldCity, cityNames(a.City, a.INSEE)...) }),
		e.packed(fieldStreet, words(fieldStreet, append([]string{a.Street}, a.Lines...)...))) // hardly ever the same
}

func placeTerms(a *annuaire.Address) []string {
	var t terms
	t.add(kindDepartment, a.Department.Code)
	t.add(kindRegion, a.Region.Code)
	cp := normalPostal(a.PostalCode)
	t.add(kindPostal, cp)
	if cp != "" {
		t.add(kindPostal2, cp[:min(2, len(cp))])
	}
	for _, c := range cityCodes(a.INSEE) {
		t.add(kindINSEE, c)
	}
	t.absent(kindINSEE, a.INSEE)
	return t
}

// structure adds the fields of a structure, which may be nil.
func (e *encoder) structure(fields []*field, s *annuaire.StructureRef) []*field {
	if s == nil {
		s = &annuaire.StructureRef{}
	}
	ids := strings.Join([]string{s.ID, s.FINESS, s.FINESSEJ, s.SIREN, s.SIRET}, "\x00")
	return append(fields,
		e.shared(fieldStructure, s.Name+"\x00"+s.TradeName, func() packed { return words(fieldStructure, s.Name, s.TradeName) }),
		e.shared(fieldStructIDs, ids, func() packed { return pack(structureTerms(s)...) }))
}

func structureTerms(s *annuaire.StructureRef) []string {
	var t terms
	t.add(kindStructure, s.ID)
	t.add(kindFINESS, s.FINESS)
	if s.FINESSEJ != s.FINESS {
		t.add(kindFINESS, s.FINESSEJ)
	}
	t.add(kindSIRET, s.SIRET)
	t.add(kindSIREN, sirenOf(s))
	t.absent(kindStructure, s.ID)
	t.present(kindFINESS, s.FINESS+s.FINESSEJ)
	t.present(kindSIRET, s.SIRET)
	t.present(kindSIREN, sirenOf(s))
	return t
}

// sirenOf returns the SIREN, which the extracts leave out nearly everywhere: the first nine digits of a SIRET are one.
func sirenOf(s *annuaire.StructureRef) string {
	if s.SIREN == "" && len(s.SIRET) == 14 {
		return s.SIRET[:9]
	}
	return s.SIREN
}

// printOf digests what a record is found by and sorted by, in order: two records with one print answer the same questions alike.
func printOf(d *document, s stored) uint64 {
	h := make([]byte, 0, 256)
	h = append(append(append(h, s.family...), 0), s.given...)
	for _, doc := range append([]*document{d}, d.nested...) {
		h = append(h, 0xff)
		for _, f := range doc.fields {
			h = binary.LittleEndian.AppendUint64(h, f.hash)
		}
	}
	return xxhash.Sum64(h)
}
