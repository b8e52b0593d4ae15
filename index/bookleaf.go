package index

import (
	"strings"

	"annuaire"
	"annuaire/internal/names"

	"github.com/RoaringBitmap/roaring/v2"
)

// bookLeaf compiles a criterion of the book: a matcher of everything that can satisfy it. What it cannot tell is everyone. What matches
// well comes at a lower cost; parts of words come last, and late.
func (c *compiler) bookLeaf(e annuaire.Expr) *criterion {
	person := spec{person: true}
	switch {
	case e.Op == annuaire.OpPresent:
		return c.looseCodes(person, rankBroad, anyTerm{fieldFlat, []string{string(rune(kindHas)) + string(e.Field)}})
	case e.Op == annuaire.OpEquals && e.Field == annuaire.FieldMailbox:
		return c.looseCodes(person, rankOne, anyTerm{fieldFlat, []string{addressTerm(strings.TrimSpace(e.Value))}})
	}
	value, fields := e.Value, bookText[e.Field]
	if e.Field == annuaire.FieldPhone {
		value = phoneText(value)
	}
	words := strings.Fields(names.Fold(value))
	compared := e.Op == annuaire.OpEquals || e.Op == annuaire.OpPrefix || e.Op == annuaire.OpContains
	if !compared || len(words) == 0 || len(fields) == 0 { // signs alone, which are not indexed, or what words do not answer
		return c.looseCodes(person, rankWords+1, everyone{})
	}
	out := c.looseCodes(person, rankName, nil)
	out.levels = wordLevels(e.Op, words, fields, func(f, w string) matcher {
		if hasPieces[f] {
			return pieces{f, w}
		}
		return within{f, []string{w}}
	})
	return out
}

// wordLevels look for words in fields: whole, as beginnings, or late in any part of a word too.
func wordLevels(op annuaire.ExprOp, words, fields []string, part func(field, word string) matcher) []level {
	switch op {
	case annuaire.OpEquals:
		return exactly(eachWord(words, fields, func(f, w string) matcher { return wholeWord{f, w} }))
	case annuaire.OpPrefix:
		return begins(words, fields)
	}
	return append(begins(words, fields), level{cost: fieldCost[fields[0]] + costPart, how: howPrefix, m: eachWord(words, fields, part), covers: true, late: true})
}

// eachWord matches the documents that have every word in one of fields.
func eachWord(words, fields []string, m func(field, word string) matcher) matcher {
	out := make(allOf, len(words))
	for i, w := range words {
		any := make(anyOf, len(fields))
		for j, f := range fields {
			any[j] = m(f, w)
		}
		out[i] = any
	}
	return out
}

// begins is the levels of words that begin like these: one for each field, where there is one word.
func begins(words, fields []string) (out []level) {
	m := func(f, w string) matcher { return inOrder{f, []string{w}} }
	if len(words) > 1 {
		return []level{{cost: fieldCost[fields[0]], how: howPrefix, m: eachWord(words, fields, m)}}
	}
	for _, f := range fields {
		if f == fieldFamily {
			out = append(out, level{how: howPrefix, m: firstWord(words[0])})
		}
		out = append(out, level{cost: fieldCost[f], how: howPrefix, m: m(f, words[0])})
	}
	return out
}

// firstWord matches those whose family name begins like this with its first word.
func firstWord(word string) matcher {
	if len(word) <= gramLength[fieldFamily] {
		return anyTerm{fieldFamily, []string{string(rune(kindFirst)) + word + pieceEnd}}
	}
	return prefixRange(fieldFamily, string(rune(kindFirst))+word)
}

// costPart is what a part of a word costs beyond its beginning: more than any beginning.
const costPart = 10

// fieldCost orders where a beginning is found: people know the surname.
var fieldCost = map[string]int{fieldFamily: 1, fieldGiven: 2, fieldMail: 2, fieldDomain: 6, fieldStructure: 3, fieldCity: 4, fieldStreet: 5, fieldRest: 5, fieldNumbers: 5, fieldPhone: 5}

// pieces matches the documents of a text field of which a word contains part: all pieces of part are in the document, though not
// always in one word.
type pieces struct{ field, part string }

func (m pieces) match(v *view) (*roaring.Bitmap, error) {
	if len(m.part) < pieceLength { // every piece that begins like this
		return prefixRange(m.field, string(rune(kindPiece))+m.part).match(v)
	}
	var out *roaring.Bitmap
	for i := 0; i+pieceLength <= len(m.part); i++ {
		b, err := v.postings(m.field, string(rune(kindPiece))+m.part[i:i+pieceLength])
		if err != nil {
			return nil, err
		}
		if out == nil {
			out = b
		} else {
			out = roaring.And(out, b)
		}
		if out.IsEmpty() {
			break
		}
	}
	return out, nil
}
