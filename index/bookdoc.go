package index

import (
	"strings"

	"annuaire"
	"annuaire/internal/card"
	"annuaire/internal/names"

	bleve "github.com/blevesearch/bleve_index_api"
	"github.com/cespare/xxhash/v2"
)

// The text fields that the book has beside those of people: everything that has no field of its own, addresses of mailboxes, and
// the grams of each.
const (
	fieldMail = "e"
	fieldRest = "d"
	fieldCard = "b" // stored: card.Bytes
)

// kindPiece terms are the pieces of one to three bytes of the words of a text field: what contains filters ask for.
const kindPiece = 'i'

// kindHas terms name the logical fields of which a card has a value.
const kindHas = '?'

// bookField says where the values of an attribute are found, and which logical field asks for them.
type bookField struct {
	field string
	asked annuaire.Field
}

// bookFields: what is not here is either constant or in fieldRest.
var bookFields = map[card.Attr]bookField{
	card.SN:              {fieldFamily, annuaire.FieldFamily},
	card.GivenName:       {fieldGiven, annuaire.FieldGiven},
	card.Mail:            {fieldMail, annuaire.FieldMailbox},
	card.SecondEmail:     {fieldMail, annuaire.FieldMailbox},
	card.O:               {fieldStructure, annuaire.FieldStructure},
	card.OU:              {fieldStructure, annuaire.FieldStructure},
	card.L:               {fieldCity, annuaire.FieldCity},
	card.Street:          {fieldStreet, annuaire.FieldStreet},
	card.PostalAddress:   {fieldStreet, annuaire.FieldStreet},
	card.Title:           {fieldRest, annuaire.FieldTitle},
	card.Specialite:      {fieldRest, annuaire.FieldTitle},
	card.PersonalTitle:   {fieldRest, annuaire.FieldTitle},
	card.Description:     {fieldRest, annuaire.FieldDescription},
	card.PostalCode:      {fieldRest, annuaire.FieldPostalCode},
	card.Departement:     {fieldRest, annuaire.FieldDepartment},
	card.ST:              {fieldRest, annuaire.FieldRegion},
	card.Profession:      {fieldRest, annuaire.FieldProfession},
	card.CodeSpecialite:  {fieldRest, annuaire.FieldSpecialty},
	card.IdNatPP:         {fieldRest, annuaire.FieldID},
	card.IdentifiantPP:   {fieldRest, annuaire.FieldID},
	card.IdentifiantPM:   {fieldRest, annuaire.FieldStructID},
	card.TelephoneNumber: {fieldRest, annuaire.FieldPhone},
	card.TypeBAL:         {fieldRest, annuaire.FieldKind},
}

// bookText is where the words of a logical field are.
var bookText = map[annuaire.Field]string{annuaire.FieldFINESS: fieldRest, annuaire.FieldSIRET: fieldRest, annuaire.FieldSIREN: fieldRest, annuaire.FieldINSEE: fieldRest}

func init() {
	for _, f := range bookFields {
		bookText[f.asked] = f.field
	}
}

// CardFingerprint digests what would be indexed of a card.
func CardFingerprint(c card.Card) uint64 {
	_, s := newEncoder().card(c)
	return s.print
}

// card returns the document of a card of mailboxes.
func (e *encoder) card(c card.Card) (*document, stored) {
	texts, has := map[string][]string{}, terms{}
	var family, given string
	for attr, values := range c.All() {
		f, ok := bookFields[attr]
		if !ok {
			continue
		}
		has = appendNew(has, string(rune(kindHas))+string(f.asked))
		for v := range values {
			value := string(v)
			switch {
			case attr == card.SN && family == "":
				family = names.Fold(value)
			case attr == card.GivenName && given == "":
				given = names.Fold(value)
			case f.asked == annuaire.FieldPhone:
				value = digits(value)
			}
			texts[f.field] = append(texts[f.field], value)
		}
	}
	address := string(c.ID())
	d := &document{id: address, fields: make([]*field, 0, 12)}
	d.fields = append(d.fields, e.id(d.id), e.codes(fieldFlat, has))
	for _, name := range []string{fieldFamily, fieldGiven, fieldMail, fieldStructure, fieldCity, fieldRest, fieldStreet} {
		d.fields = append(d.fields, e.loose(name, texts[name]))
	}
	s := stored{family: family, given: given}
	s.print = printOf(d, s) ^ xxhash.Sum64(c.Bytes())
	d.fields = append(d.fields, e.stored(s), &field{name: fieldCard, options: bleve.StoreField, value: c.Bytes()})
	return d, s
}

func appendNew(t terms, term string) terms {
	for _, have := range t {
		if have == term {
			return t
		}
	}
	return append(t, term)
}

func (e *encoder) loose(name string, values []string) *field {
	if name == fieldMail { // never the same
		return e.packed(name, loose(name, values))
	}
	return e.shared(name, func() packed { return loose(name, values) }, values...)
}

// digits leaves what telephone numbers compare (RFC 4517, 4.2.29: spaces and hyphens do not count).
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// loose returns the words of values without their places, how they begin, and their pieces: who asks checks what is found.
func loose(name string, values []string) packed {
	b, seen := termBuilder{}, map[string]bool{}
	once := func(kind byte, w, end string) {
		if key := string(rune(kind)) + w; !seen[key] {
			seen[key] = true
			b.raw(kind, w, end)
		}
	}
	for _, v := range values {
		if name == fieldMail {
			once(kindMailbox, strings.ToLower(v), "")
		}
		for w := range strings.FieldsSeq(names.Fold(v)) {
			if seen[string(rune(kindWord))+w] {
				continue
			}
			once(kindWord, w, nowhere)
			for i := range len(w) {
				for size := 1; size <= pieceLength && i+size <= len(w); size++ {
					once(kindPiece, w[i:i+size], "")
				}
				if i < min(gramLength[name], len(w)) {
					once(kindGram, w[:i+1], nowhere)
				}
			}
		}
	}
	if len(b.ends) == 0 {
		return pack(absent)
	}
	return packed{string(b.buf), b.ends}
}

// nowhere ends a word or a beginning whose place is not kept.
const nowhere = "\x00\x00\x00"

// pieceLength is the longest piece of a word, in bytes. Longer parts are found by all their pieces of this length.
const pieceLength = 3
