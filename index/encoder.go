package index

import (
	"encoding/binary"
	"hash/maphash"
	"slices"
	"strings"

	"annuaire"

	"annuaire/index/postings"

	bleve "github.com/blevesearch/bleve_index_api"
	"github.com/cespare/xxhash/v2"
)

// encoder turns records into documents, which live until done. Fields are shared between documents: the names, places, practices and structures of
// French health professionals repeat a lot. Not for concurrent use.
type encoder struct {
	shelves [1 << 7]shelf // by field name: those of shared fields are one letter
	more    *field        // the id of every continuation
	key     []byte
	terms   termBuilder
	values  []string                 // room for what a field is made of
	texts   [len(bookTexts)][]string // of the card being read

	documents room[document]
	lists     room[[16]*field]
	fields    room[field]
}

func newEncoder() *encoder {
	e := &encoder{terms: termBuilder{known: sounds{}}}
	more := *e.id(continuation)
	more.own = &postings.Scratch{}
	e.more = &more
	return e
}

func (e *encoder) id(id string) *field {
	f := e.fields.next()
	f.name, f.options, f.terms, f.value = fieldID, bleve.IndexField|bleve.StoreField, pack(id), []byte(id)
	return f
}

func (e *encoder) stored(s stored) *field { return e.kept(fieldStored, s.encode()) }

// kept is a field that is stored and not found by.
func (e *encoder) kept(name string, value []byte) *field {
	f := e.fields.next()
	f.name, f.options, f.value = name, bleve.StoreField, value
	return f
}

// document returns an empty one.
func (e *encoder) document(id string) *document {
	d := e.documents.next()
	d.id, d.fields = id, e.lists.next()[:0]
	return d
}

// done says that the documents returned so far are needed no more.
func (e *encoder) done() {
	e.documents.reset()
	e.lists.reset()
	e.fields.reset()
}

// shared returns the field of that name made from text, given in parts, with the terms that make gives the first time.
func (e *encoder) shared(name string, make func() packed, text ...string) *field {
	e.key = e.key[:0]
	for _, t := range text {
		e.key = append(append(e.key, t...), 0)
	}
	s, hash := &e.shelves[name[0]], maphash.Bytes(shelfSeed, e.key)
	if f := s.get(hash); f != nil {
		return f
	}
	f := &struct {
		field
		scratch postings.Scratch
	}{}
	f.fill(name, make())
	f.own = &f.scratch
	s.put(hash, &f.field)
	return &f.field
}

// packed is a field of one document.
func (e *encoder) packed(name string, p packed) *field {
	f := e.fields.next()
	f.fill(name, p)
	return f
}

// written is the field, of one document, of the terms that were written since the last one.
func (e *encoder) written(name string) *field { return e.packed(name, e.terms.packed()) }

// fill has f be an indexed field.
func (f *field) fill(name string, p packed) {
	f.name, f.options, f.terms = name, bleve.IndexField, p
	f.hash = xxhash.Sum64String(p.text()) ^ xxhash.Sum64String(name) // terms begin with their kind and words end with a position: not to be cut otherwise
}

// text is the field of the words of some values.
func (e *encoder) text(name string, values ...string) *field {
	return e.shared(name, func() packed { return e.terms.words(name, values...) }, values...)
}

// cities is the field of the names of some communes, each given by its name and its INSEE code.
func (e *encoder) cities(pairs ...string) *field {
	return e.shared(fieldCity, func() packed {
		var all []string
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, cityNames(pairs[i], pairs[i+1])...)
		}
		return e.terms.words(fieldCity, all...)
	}, pairs...)
}

// practice: profession, category and specialties. A label never counts: codes are the truth.
func (e *encoder) practice(p *annuaire.Practice) *field {
	text := make([]string, 0, 8)
	text = append(text, p.Profession.Code, p.Category.Code)
	for _, s := range p.Specialties {
		text = append(text, s.Code)
	}
	return e.shared(fieldPractice, func() packed {
		t := &e.terms
		t.code(kindProfession, p.Profession.Code)
		t.code(kindCategory, p.Category.Code)
		for _, s := range p.Specialties {
			t.code(kindSpecialty, s.Code)
		}
		return t.packed()
	}, text...)
}

// activity: mode, sector, role and section; none of them without activity. The setting follows from the sector.
func (e *encoder) activity(mode, sector, role, section string) *field {
	return e.shared(fieldActivity, func() packed {
		t := &e.terms
		t.code(kindMode, mode)
		t.code(kindSector, sector)
		t.code(kindRole, role)
		t.code(kindSection, section)
		return t.packed()
	}, mode, sector, role, section)
}

// place adds the fields of an address, which may be nil.
func (e *encoder) place(fields []*field, a *annuaire.Address) []*field {
	if a == nil {
		a = &annuaire.Address{}
	}
	place := e.shared(fieldPlace, func() packed { e.terms.place(a); return e.terms.packed() },
		a.Department.Code, a.Region.Code, a.PostalCode, a.INSEE)
	e.values = append(append(e.values[:0], a.Street), a.Lines...)
	return append(fields, place,
		e.cities(a.City, a.INSEE),
		e.packed(fieldStreet, e.terms.words(fieldStreet, e.values...))) // hardly ever the same
}

// place appends the codes of an address.
func (b *termBuilder) place(a *annuaire.Address) {
	b.code(kindDepartment, a.Department.Code)
	b.code(kindRegion, a.Region.Code)
	cp := normalPostal(a.PostalCode)
	b.code(kindPostal, cp)
	b.code(kindPostal2, cp[:min(2, len(cp))])
	for _, c := range cityCodes(a.INSEE) {
		b.code(kindINSEE, c)
	}
	b.absent(kindINSEE, a.INSEE)
}

// structure adds the fields of a structure, which may be nil, and its telephone numbers.
func (e *encoder) structure(fields []*field, s *annuaire.StructureRef, phones []string) []*field {
	if s == nil {
		s = &annuaire.StructureRef{}
	}
	e.values = append(append(e.values[:0], s.ID, s.FINESS, s.FINESSEJ, s.SIREN, s.SIRET), phones...)
	return append(fields,
		e.text(fieldStructure, s.Name, s.TradeName),
		e.shared(fieldStructIDs, func() packed { e.terms.structure(s, phones); return e.terms.packed() }, e.values...))
}

// structure appends the codes of a structure, and its telephone numbers.
func (b *termBuilder) structure(s *annuaire.StructureRef, phones []string) {
	b.code(kindStructure, s.ID)
	b.code(kindFINESS, s.FINESS)
	if s.FINESSEJ != s.FINESS {
		b.code(kindFINESS, s.FINESSEJ)
	}
	b.code(kindSIRET, s.SIRET)
	b.code(kindSIREN, sirenOf(s))
	b.absent(kindStructure, s.ID)
	b.present(kindFINESS, s.FINESS+s.FINESSEJ)
	b.present(kindSIRET, s.SIRET)
	b.present(kindSIREN, sirenOf(s))
	for i, p := range phones {
		if p = normalPhone(p); p != "" && !slices.Contains(phones[:i], p) {
			b.code(kindPhone, p)
		}
	}
	b.present(kindPhone, strings.Join(phones, ""))
}

// sirenOf returns the SIREN, which the extracts leave out nearly everywhere: the first nine digits of a SIRET are one.
func sirenOf(s *annuaire.StructureRef) string {
	if s.SIREN == "" && len(s.SIRET) == 14 {
		return s.SIRET[:9]
	}
	return s.SIREN
}

// seal stores the name of a head and its print, to which that of s is added.
func (e *encoder) seal(d *document, s stored) *document {
	s.print ^= printOf(d, s)
	d.print, d.fields = s.print, append(d.fields, e.stored(s))
	return d
}

// printOf digests what a record is found by and sorted by, in order: two records with one print answer the same questions alike.
func printOf(d *document, s stored) uint64 {
	h := make([]byte, 0, 512)
	h = append(append(append(h, s.family...), 0), s.given...)
	h = d.appendHashes(h)
	for _, n := range d.nested {
		h = n.appendHashes(h)
	}
	return xxhash.Sum64(h)
}

func (d *document) appendHashes(h []byte) []byte {
	h = append(h, 0xff)
	for _, f := range d.fields {
		h = binary.LittleEndian.AppendUint64(h, f.hash)
	}
	return h
}
