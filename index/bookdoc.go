package index

import (
	"slices"
	"strings"

	"annuaire"
	"annuaire/internal/card"
	"annuaire/internal/names"

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

	at int // of field among bookTexts
}

// bookFields is indexed by attribute. What is not here is constant, or asked for by nobody.
var bookFields = [card.LastAttr + 1]bookField{
	card.SN:              {field: fieldFamily, asked: annuaire.FieldFamily},
	card.GivenName:       {field: fieldGiven, asked: annuaire.FieldGiven},
	card.Mail:            {field: fieldMail, asked: annuaire.FieldMailbox},
	card.SecondEmail:     {field: fieldMail, asked: annuaire.FieldMailbox},
	card.O:               {field: fieldStructure, asked: annuaire.FieldStructure},
	card.OU:              {field: fieldStructure, asked: annuaire.FieldStructure},
	card.L:               {field: fieldCity, asked: annuaire.FieldCity},
	card.Street:          {field: fieldStreet, asked: annuaire.FieldStreet},
	card.PostalAddress:   {field: fieldStreet, asked: annuaire.FieldStreet},
	card.Title:           {field: fieldRest, asked: annuaire.FieldTitle},
	card.Specialite:      {field: fieldRest, asked: annuaire.FieldTitle},
	card.PersonalTitle:   {field: fieldRest, asked: annuaire.FieldTitle},
	card.Description:     {field: fieldRest, asked: annuaire.FieldDescription},
	card.Departement:     {field: fieldRest, asked: annuaire.FieldDepartment},
	card.ST:              {field: fieldRest, asked: annuaire.FieldRegion},
	card.PostalCode:      {field: fieldNumbers, asked: annuaire.FieldPostalCode},
	card.Profession:      {field: fieldNumbers, asked: annuaire.FieldProfession},
	card.CodeSpecialite:  {field: fieldNumbers, asked: annuaire.FieldSpecialty},
	card.IdNatPP:         {field: fieldNumbers, asked: annuaire.FieldID},
	card.IdentifiantPP:   {field: fieldNumbers, asked: annuaire.FieldID},
	card.IdentifiantPM:   {field: fieldNumbers, asked: annuaire.FieldStructID},
	card.TelephoneNumber: {field: fieldPhone, asked: annuaire.FieldPhone},
	card.TypeBAL:         {field: fieldNumbers, asked: annuaire.FieldKind},
}

// bookText is where the words of a logical field are, the first field first.
var bookText = map[annuaire.Field][]string{annuaire.FieldName: {fieldFamily, fieldGiven}, annuaire.FieldMailbox: {fieldMail, fieldDomain}}

func init() {
	for i := range bookFields {
		f := &bookFields[i]
		if f.field == "" {
			continue
		}
		f.at = slices.Index(bookTexts[:], f.field)
		if bookText[f.asked] == nil {
			bookText[f.asked] = []string{f.field}
		}
	}
}

// hasPieces tells the fields of which any part of a word is found at once; of the others few words are known, or asked for in part.
var hasPieces = map[string]bool{fieldFamily: true, fieldGiven: true, fieldMail: true, fieldDomain: true, fieldStructure: true, fieldRest: true, fieldPhone: true}

// bookTexts is the text fields of a card, in the order of its document.
var bookTexts = [...]string{fieldFamily, fieldGiven, fieldMail, fieldDomain, fieldStructure, fieldCity, fieldStreet, fieldRest, fieldNumbers, fieldPhone}

// bookDomain is where among them the domains of addresses are.
var bookDomain = slices.Index(bookTexts[:], fieldDomain)

// card returns the document of a card of mailboxes.
func (e *encoder) card(c card.Card) *document {
	texts := e.texts[:]
	for i := range texts {
		texts[i] = texts[i][:0]
	}
	t := &e.terms
	var s stored
	for attr, values := range c.All() {
		f := &bookFields[attr]
		if f.field == "" {
			continue
		}
		t.once(kindHas, string(f.asked))
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
				t.code(kindMailbox, strings.ToLower(value))
				local, domain, _ := strings.Cut(value, "@")
				texts[bookDomain] = append(texts[bookDomain], domain)
				value = local
			}
			texts[f.at] = append(texts[f.at], value)
		}
	}
	d := e.document(string(c.ID()))
	d.fields = append(d.fields, e.id(d.id), e.written(fieldFlat))
	for i, name := range bookTexts {
		d.fields = append(d.fields, e.loose(name, texts[i]))
	}
	s.print = xxhash.Sum64(c.Bytes())
	e.seal(d, s)
	d.fields = append(d.fields, e.kept(fieldCard, c.Bytes()))
	return d
}

// loose is the field of some values; only addresses hardly ever come back.
func (e *encoder) loose(name string, values []string) *field {
	if name == fieldMail || name == fieldNumbers {
		return e.packed(name, e.terms.loose(name, values))
	}
	return e.shared(name, func() packed { return e.terms.loose(name, values) }, values...)
}

// addressTerm is the term of a whole address.
func addressTerm(address string) string {
	return string(rune(kindMailbox)) + strings.ToLower(address)
}

// phoneText leaves what telephone numbers compare (RFC 4517, 4.2.29: spaces and hyphens do not count), as one word.
func phoneText(s string) string { return strings.ReplaceAll(names.Fold(s), " ", "") }
