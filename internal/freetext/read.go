package freetext

import (
	"strings"

	"annuaire"
	"annuaire/internal/names"
	"annuaire/internal/nomenclature"
)

// read cuts tokens into spans: at each place the longest phrase that is known.
func (q *Question) read(tokens []token) {
	var run []token // words not known, with the particles between
	flush := func(last bool) {
		q.run(run, len(run) == len(tokens), last)
		run = nil
	}
	for i := 0; i < len(tokens); {
		n, s, ignored, ok := q.known(tokens, i, particles(run))
		switch {
		case ok:
			flush(false)
			q.add(s)
		case ignored != nil:
			flush(false)
			q.ignore(typed(tokens[i:i+n]), ignored.french, ignored.english)
		case q.title(tokens, i, run):
			n = 1
		default:
			n = 1
			run = append(run, tokens[i])
		}
		i += n
	}
	flush(true)
}

// particles returns the words of a run that what follows may have before it: "jean du" before "bois".
func particles(run []token) string {
	from := len(run)
	for from > 0 && stops[run[from-1].word] {
		from--
	}
	return typed(run[from:])
}

// known returns the longest phrase that tokens have at a place: what it means, or why it is ignored. After particles, an article goes on
// with the name: "de la tour" is not about La Tour; and no place is part of a name with hyphens.
func (q *Question) known(all []token, at int, before string) (n int, s span, ignored *reason, ok bool) {
	lex, tokens := tables(), all[at:]
	for n = min(len(tokens), max(lex.longest, maxPhrase)); n > 0; n-- {
		text, said := folded(tokens[:n]), typed(tokens[:n])
		if r, found := lex.why(text); found {
			return n, s, &r, false
		}
		if w, found := lex.phrase(text); found {
			return n, q.wordSpan(said, text, w), nil, true
		}
		if s, ok = q.labelSpan(said, text); ok {
			return n, s, nil, true
		}
		if !(before != "" && stops[tokens[0].word]) && whole(all, at, at+n) {
			if s, ok = q.placeSpan(said, articled(text), before); ok {
				return n, s, nil, true
			}
		}
		if n == 1 {
			if s, ok = q.tokenSpan(said, text); ok {
				return n, s, nil, true
			}
		}
	}
	return 0, s, nil, false
}

// maxPhrase is how many words a label or a place may have.
const maxPhrase = 10

// tokenSpan reads a word that is a number or an address.
func (q *Question) tokenSpan(said, text string) (span, bool) {
	if strings.Contains(said, "@") {
		return leafSpan(said, annuaire.FieldMailbox, strings.ToLower(said), q.target != Structures)
	}
	return number(said, compact(said), q.target)
}

// wordSpan is an everyday word. The name of a structure may hold it too: "pharmacie", "clinique".
func (q *Question) wordSpan(said, text string, w *Word) span {
	s := span{text: said, part: Part{Text: said, Label: w.Text}}
	var alts []annuaire.Expr
	for _, reading := range w.Readings {
		var all []annuaire.Expr
		for _, c := range reading {
			if q.fits(c.Field) {
				all = append(all, annuaire.AnyOf(c.Field, c.Codes))
			}
		}
		if len(all) == len(reading) {
			alts = append(alts, annuaire.And(all...))
			if s.part.Field == "" {
				s.part.Field, s.part.Value = reading[0].Field, strings.Join(reading[0].Codes, ",")
			}
		}
	}
	if place := w.Readings[0][0].Field; place == annuaire.FieldSector || place == annuaire.FieldSetting || len(alts) == 0 {
		if len(alts) == 0 {
			s.part.Field, s.part.Value = annuaire.FieldStructure, text
			alts = append(alts, q.called(text, 0, false))
		} else {
			alts = append(alts, q.called(text, costStructure, true))
		}
	}
	s.where = annuaire.Or(alts...)
	return s
}

// fits reports whether the records looked for have a field.
func (q *Question) fits(f annuaire.Field) bool {
	switch q.target {
	case Structures:
		return f == annuaire.FieldSector || f == annuaire.FieldSetting
	case Mailboxes:
		return f == annuaire.FieldProfession
	}
	return true
}

// called is words of the name of a structure; of a mailbox, of its service or its description too: "urgences mende" is the mailbox of a
// service of a hospital that is not called so.
func (q *Question) called(text string, cost int, guess bool) annuaire.Expr {
	alts := []annuaire.Expr{annuaire.Prefix(annuaire.FieldStructure, text)}
	if q.target == Mailboxes {
		alts = append(alts, annuaire.Prefix(annuaire.FieldDescription, text))
	}
	for i := range alts {
		alts[i].Cost, alts[i].Guess = cost, guess
	}
	return annuaire.Or(alts...)
}

// labelSpan is a label of the nomenclatures of professions and savoir-faire, or a code typed on purpose: "sm42" is one, "10" is more often a
// département.
func (q *Question) labelSpan(said, text string) (span, bool) {
	if q.target == Structures || len(text) < 3 || names.Digits(text) {
		return span{}, false
	}
	for _, t := range []struct {
		table nomenclature.Table
		field annuaire.Field
	}{{nomenclature.Profession, annuaire.FieldProfession}, {nomenclature.Skill, annuaire.FieldSpecialty}} {
		codes, ok := nomenclature.Resolve(t.table, text)
		if !ok || !q.fits(t.field) {
			continue
		}
		label, _ := nomenclature.Label(t.table, codes[0])
		return span{text: said, part: Part{said, t.field, strings.Join(codes, ","), label}, where: annuaire.AnyOf(t.field, codes)}, true
	}
	return span{}, false
}
