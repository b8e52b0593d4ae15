package audience

import (
	"strings"

	"annuaire"
)

// functions are the groups that a word before a parenthesis names, in French too.
var functions = map[string]string{"also": "also", "aussi": "also", "include": "include", "inclure": "include", "exclude": "exclude", "exclure": "exclude"}

// function returns the group that a word names, "" for none.
func function(text string) string { return functions[strings.ToLower(text)] }

// misplaced is the error for what bears on the whole audience, inside a group of it.
func misplaced(at place, what string) error {
	return fault(at, rulePlace, "« %[1]s » porte sur toute l'audience : placez-le hors des parenthèses, après les critères",
		"%[1]q bears on the whole audience: put it outside parentheses, after the criteria", what)
}

// beside reports whether what comes stands beside the criteria: a function or the kinds of mailbox.
func (p *parser) beside() bool {
	if p.tok.kind != tokenWord {
		return false
	}
	if function(p.tok.text) != "" {
		return p.tok.glued && p.lex.follows("(")
	}
	f, _ := fieldNamed(p.tok.text)
	return f == fieldKind && p.lex.follows(":")
}

// audience reads the criteria, then what stands beside them.
func (p *parser) audience(a *Audience) error {
	if err := p.step(true); err != nil {
		return err
	}
	if p.tok.kind == tokenWord && strings.EqualFold(p.tok.text, wordEveryone) && !p.lex.follows(":") {
		a.Everyone = true
		if err := p.step(true); err != nil {
			return err
		}
		if p.tok.kind != tokenEnd && !p.beside() {
			return fault(p.here(), ruleEveryone, "« everyone » ne se combine avec aucun critère", "\"everyone\" goes with no criterion")
		}
	} else if p.tok.kind != tokenEnd && !p.beside() {
		n, err := p.anyOf(1)
		if err != nil {
			return err
		}
		a.Where = &n
	}
	for p.tok.kind != tokenEnd {
		if !p.beside() {
			if p.is(")") {
				return fault(p.here(), ruleSyntax, "parenthèse fermée et jamais ouverte", "a parenthesis is closed and never opened")
			}
			return fault(p.here(), rulePlace, "les critères se placent avant also(…), include(…), exclude(…) et kind:…", "criteria go before also(…), include(…), exclude(…) and kind:…")
		}
		if err := p.part(a); err != nil {
			return err
		}
	}
	return nil
}

// part reads a function or the kinds of mailbox.
func (p *parser) part(a *Audience) error {
	name, at := function(p.tok.text), p.here()
	if err := p.step(false); err != nil { // "(" or ":"
		return err
	}
	if err := p.step(name != ""); err != nil {
		return err
	}
	if name == "" {
		values, err := p.list()
		if err != nil {
			return err
		}
		return a.setKinds(values, at)
	}
	n, err := p.anyOf(2)
	if err != nil {
		return err
	}
	nodes := a.group(name)
	*nodes = append(*nodes, n)
	return p.close()
}

// setKinds reads kinds of mailbox.
func (a *Audience) setKinds(values []string, at place) error {
	if len(a.Kinds) > 0 {
		return fault(at, ruleKind, "les types de boîtes sont déjà donnés", "the kinds of mailbox are given already")
	}
	for _, v := range values {
		switch k := annuaire.MailboxKind(strings.ToUpper(v)); k {
		case annuaire.KindPER, annuaire.KindCAB, annuaire.KindORG:
			a.Kinds = append(a.Kinds, k)
		case annuaire.KindAPP:
			return fault(at, ruleKind, "les boîtes applicatives (APP) ne sont lues par personne : PER, CAB ou ORG", "nobody reads mailboxes of software (APP): PER, CAB or ORG")
		default:
			return fault(at, ruleKind, "« %s » n'est pas un type de boîte : PER, CAB ou ORG", "%q is no kind of mailbox: PER, CAB or ORG", cut(v))
		}
	}
	return nil
}
