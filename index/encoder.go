package index

import (
	"strings"

	"annuaire"
	"annuaire/internal/nomenclature"

	bleve "github.com/blevesearch/bleve_index_api"
	"github.com/cespare/xxhash/v2"
)

// encoder turns records into documents. Fields are shared between the documents of one batch: the names, places, practices
// and structures of French health professionals repeat a lot. Not for concurrent use.
type encoder struct {
	scratch *scratch
	fields  map[fieldKey]*field
	more    *field // the id of every continuation
}

// fieldKey is a bleve field and the text from which its terms follow.
type fieldKey struct{ name, text string }

func newEncoder() *encoder {
	e := &encoder{scratch: newScratch(), fields: map[fieldKey]*field{}}
	e.more = e.id(continuation)
	return e
}

func (e *encoder) id(id string) *field {
	return &field{name: fieldID, options: bleve.IndexField | bleve.StoreField, terms: []string{id}, value: []byte(id), scratch: e.scratch}
}

func (e *encoder) stored(s stored) *field {
	return &field{name: fieldStored, options: bleve.StoreField, value: s.encode(), scratch: e.scratch}
}

// shared returns the field of that name made from text, with the terms that make gives the first time.
func (e *encoder) shared(name, text string, make func() []string) *field {
	k := fieldKey{name, text}
	f := e.fields[k]
	if f == nil {
		k.text = strings.Clone(text)
		f = e.codes(name, make())
		e.fields[k] = f
	}
	return f
}

func (e *encoder) codes(name string, terms []string) *field {
	often := name == fieldPractice || name == fieldActivity || name == fieldPlace
	return &field{name: name, options: bleve.IndexField, terms: terms, often: often, scratch: e.scratch}
}

func (e *encoder) text(name, value string) *field {
	return e.shared(name, value, func() []string { return words(name, value) })
}

// practice: profession, category and specialties. A label never counts: codes are the truth.
func (e *encoder) practice(p *annuaire.Practice) *field {
	text := p.Profession.Code + "\x00" + p.Category.Code
	for _, s := range p.Specialties {
		text += "\x00" + s.Code
	}
	return e.shared(fieldPractice, text, func() []string {
		var t terms
		t.add(kindProfession, p.Profession.Code)
		t.add(kindCategory, p.Category.Code)
		for _, s := range p.Specialties {
			t.add(kindSpecialty, s.Code)
		}
		return t
	})
}

// activity: mode, sector, setting and role; none of them without activity.
func (e *encoder) activity(mode, sector, role string) *field {
	return e.shared(fieldActivity, mode+"\x00"+sector+"\x00"+role, func() []string {
		var t terms
		t.add(kindMode, mode)
		t.add(kindSector, sector)
		t.add(kindRole, role)
		t.add(kindSetting, nomenclature.SettingOf(sector))
		return t
	})
}

// place adds the fields of an address, which may be nil.
func (e *encoder) place(fields []*field, a *annuaire.Address) []*field {
	if a == nil {
		a = &annuaire.Address{}
	}
	street := append([]string{a.Street}, a.Lines...)
	place := e.shared(fieldPlace, a.Department.Code+"\x00"+a.Region.Code+"\x00"+a.PostalCode+"\x00"+a.INSEE, func() []string {
		return placeTerms(a)
	})
	return append(fields, place,
		e.shared(fieldCity, a.City+"\x00"+a.INSEE, func() []string { return words(fieldCity, cityNames(a.City, a.INSEE)...) }),
		e.shared(fieldStreet, strings.Join(street, "\x00"), func() []string { return words(fieldStreet, street...) }))
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
	t.present(kindINSEE, a.INSEE)
	return t
}

// structure adds the fields of a structure, which may be nil.
func (e *encoder) structure(fields []*field, s *annuaire.StructureRef) []*field {
	if s == nil {
		s = &annuaire.StructureRef{}
	}
	ids := strings.Join([]string{s.ID, s.FINESS, s.FINESSEJ, s.SIREN, s.SIRET}, "\x00")
	return append(fields,
		e.shared(fieldStructure, s.Name+"\x00"+s.TradeName, func() []string { return words(fieldStructure, s.Name, s.TradeName) }),
		e.shared(fieldStructIDs, ids, func() []string { return structureTerms(s) }))
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
	t.present(kindStructure, s.ID)
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

// print digests what documents hold, in order: two records with one print are found by the same questions and sort alike.
func printOf(d *document, s stored) uint64 {
	h := xxhash.New()
	put := func(v string) {
		_, _ = h.WriteString(v)
		_, _ = h.Write([]byte{0xff})
	}
	put(s.family)
	put(s.given)
	for _, doc := range append([]*document{d}, d.nested...) {
		for _, f := range doc.fields {
			put(f.name)
			for _, t := range f.terms {
				put(t)
			}
		}
	}
	return h.Sum64()
}
