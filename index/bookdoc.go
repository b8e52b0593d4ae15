package index

import (
	"slices"
	"strings"

	"annuaire"
	"annuaire/internal/card"
	"annuaire/internal/names"

	bleve "github.com/blevesearch/bleve_index_api"
	"github.com/cespare/xxhash/v2"
)

// The fields that the book has beside those of people.
const (
	fieldMail    = "e" // addresses: what is before the @
	fieldDomain  = "h" // what is after it
	fieldRest    = "d" // titles, descriptions, whatever else is words
	fieldNumbers = "q" // identifiers, codes, postal codes
	fieldPhone   = "o" // telephones, without what stands between their figures
	fieldCard    = "b" // stored: card.Bytes
)

// kindPiece terms are three bytes from anywhere in a word of a text field: what contains filters ask for. The last ones of a word are
// filled up with pieceEnd, so that every byte of a word begins one piece.
const (
	kindPiece   = 'i'
	pieceLength = 3
	pieceEnd    = "\x01\x01"
)

// kindFirst terms are the first word of a family name, and how it begins, which ends in pieceEnd: who is called Dupont comes before who is
// called Martin-Dupont.
const kindFirst = '1'

// kindHas terms name the logical fields of which a card has a value.
const kindHas = '?'

// bookField says where the values of an attribute are found, and which logical field asks for them.
type bookField struct {
	field string
	asked annuaire.Field
}

// bookFields is indexed by attribute. What is not here is constant, or asked for by nobody.
var bookFields = [card.LastAttr + 1]bookField{
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
	card.Departement:     {fieldRest, annuaire.FieldDepartment},
	card.ST:              {fieldRest, annuaire.FieldRegion},
	card.PostalCode:      {fieldNumbers, annuaire.FieldPostalCode},
	card.Profession:      {fieldNumbers, annuaire.FieldProfession},
	card.CodeSpecialite:  {fieldNumbers, annuaire.FieldSpecialty},
	card.IdNatPP:         {fieldNumbers, annuaire.FieldID},
	card.IdentifiantPP:   {fieldNumbers, annuaire.FieldID},
	card.IdentifiantPM:   {fieldNumbers, annuaire.FieldStructID},
	card.TelephoneNumber: {fieldPhone, annuaire.FieldPhone},
	card.TypeBAL:         {fieldNumbers, annuaire.FieldKind},
}

// bookText is where the words of a logical field are, the first field first.
var bookText = map[annuaire.Field][]string{annuaire.FieldName: {fieldFamily, fieldGiven}, annuaire.FieldMailbox: {fieldMail, fieldDomain}}

func init() {
	for _, f := range bookFields {
		if f.field != "" && bookText[f.asked] == nil {
			bookText[f.asked] = []string{f.field}
		}
	}
}

// hasPieces tells the fields of which any part of a word is found at once; of the others few words are known, or asked for in part.
var hasPieces = map[string]bool{fieldFamily: true, fieldGiven: true, fieldMail: true, fieldDomain: true, fieldStructure: true, fieldRest: true, fieldPhone: true}

// bookTexts is the text fields of a card, in the order of its document.
var bookTexts = []string{fieldFamily, fieldGiven, fieldMail, fieldDomain, fieldStructure, fieldCity, fieldStreet, fieldRest, fieldNumbers, fieldPhone}

// CardFingerprint digests what would be indexed of a card.
func CardFingerprint(c card.Card) uint64 {
	_, s := newEncoder().card(c)
	return s.print
}

// card returns the document of a card of mailboxes.
func (e *encoder) card(c card.Card) (*document, stored) {
	texts := map[string][]string{}
	has := terms{}
	var s stored
	for attr, values := range c.All() {
		f := bookFields[attr]
		if f.field == "" {
			continue
		}
		if t := string(rune(kindHas)) + string(f.asked); !slices.Contains(has, t) {
			has = append(has, t)
		}
		for v := range values {
			value := string(v)
			switch f.asked {
			case annuaire.FieldFamily:
				if s.family == "" {
					s.family = names.Fold(value)
				}
			case annuaire.FieldGiven:
				if s.given == "" {
					s.given = names.Fold(value)
				}
			case annuaire.FieldPhone:
				value = phoneText(value)
			case annuaire.FieldMailbox:
				has = append(has, addressTerm(value))
				local, domain, _ := strings.Cut(value, "@")
				texts[fieldDomain] = append(texts[fieldDomain], domain)
				value = local
			}
			texts[f.field] = append(texts[f.field], value)
		}
	}
	d := &document{id: string(c.ID()), fields: make([]*field, 0, len(bookTexts)+4)}
	d.fields = append(d.fields, e.id(d.id), e.codes(fieldFlat, has))
	for _, name := range bookTexts {
		d.fields = append(d.fields, e.loose(name, texts[name]))
	}
	s.print = printOf(d, s) ^ xxhash.Sum64(c.Bytes())
	d.fields = append(d.fields, e.stored(s), &field{name: fieldCard, options: bleve.StoreField, value: c.Bytes()})
	return d, s
}

// loose is the field of some values; only addresses hardly ever come back.
func (e *encoder) loose(name string, values []string) *field {
	if name == fieldMail || name == fieldNumbers {
		return e.packed(name, loose(name, values))
	}
	return e.shared(name, func() packed { return loose(name, values) }, values...)
}

// addressTerm is the term of a whole address.
func addressTerm(address string) string {
	return string(rune(kindMailbox)) + strings.ToLower(address)
}

// phoneText leaves what telephone numbers compare (RFC 4517, 4.2.29: spaces and hyphens do not count), as one word.
func phoneText(s string) string { return strings.ReplaceAll(names.Fold(s), " ", "") }
