package freetext

import (
	"slices"

	"annuaire"
)

// Target is the kind of record that is looked for.
type Target uint8

// The targets.
const (
	People Target = iota
	Structures
	Mailboxes
)

// Question is a text understood.
type Question struct {
	Where   annuaire.Expr
	Parts   []Part
	Ignored []Ignored

	target Target
	spans  []span
	letter string // before the span to come: a title, or the first letter of a given name
}

// Part is how a span of the text was read first.
type Part struct {
	Text  string // as typed
	Field annuaire.Field
	Value string // code, several separated by commas, or words
	Label string // of a code
}

// Ignored is a span that was not used.
type Ignored struct{ Text, French, English string }

// span is a part of the text and what it may mean. person says that every reading is about the person alone.
type span struct {
	text    string
	part    Part
	where   annuaire.Expr
	person  bool
	unknown bool // nothing but a name, or part of one
	named   bool // it may be the one name of somebody
}

// The costs of readings: what is most often meant comes first.
const (
	costOther     = 1 // a town that is also a name, a name that is also a town
	costStructure = 2 // a word of the name of a structure
	costMixed     = 1 // the words of a run do not all belong to one name
	costPlace     = 3 // a town not finished, or mistyped
	costTitle     = 4 // a letter is a title, and not an initial: more than the beginning of a given name costs
)

// Parse understands a text. One without anything to look for is everyone, and says so by having no Parts.
func Parse(text string, target Target) Question {
	q := Question{target: target}
	if s, ok := identifier(text, target); ok {
		q.add(s)
		return q.build()
	}
	tokens, more := tokenise(text)
	for _, w := range more {
		q.ignore(w, "la question est trop longue : seuls les douze premiers mots comptent", "the question is too long: only the first twelve words count")
	}
	q.read(tokens)
	return q.build()
}

func (q *Question) add(s span) {
	if q.letter != "" && s.named {
		s.where = annuaire.And(s.where, initial(q.letter))
	}
	q.letter = ""
	q.spans = append(q.spans, s)
	q.Parts = append(q.Parts, s.part)
}

func (q *Question) ignore(text, french, english string) {
	q.Ignored = append(q.Ignored, Ignored{text, french, english})
}

// build puts the spans together: what is said of places and practices holds within one activity of a person.
func (q Question) build() Question {
	var person, one []annuaire.Expr
	for _, s := range q.spans {
		if s.person || q.target != People {
			person = append(person, s.where)
		} else {
			one = append(one, s.where)
		}
	}
	if len(one) > 0 {
		person = append(person, annuaire.OneActivity(one...))
	}
	q.Where = annuaire.Expr{}
	if len(person) > 0 {
		q.Where = annuaire.And(person...)
	}
	return q
}

// maxWeaker is how many weaker questions are worth asking.
const maxWeaker = 4

// Weaker returns what to ask when nobody answers to all of the text: the question without one of its spans, the last first, names at the
// end: who is looked for by name is not to be somebody else. Each says what it leaves out. None for a text of one span.
func (q Question) Weaker() (out []Question) {
	if len(q.spans) < 2 {
		return nil
	}
	for _, unknown := range []bool{false, true} {
		for i := len(q.spans) - 1; i >= 0 && len(out) < maxWeaker; i-- {
			if q.spans[i].unknown != unknown {
				continue
			}
			w := q
			w.spans = slices.Delete(slices.Clone(q.spans), i, i+1)
			w.Parts = slices.Delete(slices.Clone(q.Parts), i, i+1)
			w.Ignored = slices.Clone(q.Ignored)
			w.ignore(q.spans[i].text, "rien ne correspond à tous les mots : la réponse ne tient pas compte de celui-ci", "nothing matches all the words: the answer leaves this one out")
			out = append(out, w.build())
		}
	}
	return out
}
