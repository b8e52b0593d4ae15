package audience

import (
	"strings"
	"unicode/utf8"
)

// Parse reads the text form. Errors are of CodeInvalid, say at which character and what was expected, and name the rule that was broken.
func Parse(text string) (Audience, error) {
	if len(text) > maxText {
		return Audience{}, fault(place{}, ruleLimit, "texte de plus de %d octets", "a text of more than %d bytes", maxText)
	}
	if !utf8.ValidString(text) {
		return Audience{}, fault(place{}, ruleSyntax, "le texte n'est pas en UTF-8", "the text is not UTF-8")
	}
	p := &parser{lex: lexer{text: text}}
	var a Audience
	if err := p.audience(&a); err != nil {
		return Audience{}, err
	}
	return a, a.finish()
}

// parser reads with one token in hand.
type parser struct {
	lex    lexer
	tok    token
	nodes  int
	values int
}

// words that are not values where a criterion may begin.
const (
	wordEveryone = "everyone"
	wordAll      = "AND"
	wordAny      = "OR"
	wordNot      = "NOT"
)

// connectives gives the French forms too.
var connectives = map[string]string{"AND": wordAll, "ET": wordAll, "OR": wordAny, "OU": wordAny, "NOT": wordNot, "NON": wordNot}

func (p *parser) is(sign string) bool { return p.tok.kind == tokenSign && p.tok.text == sign }

func (p *parser) connective() string {
	if p.tok.kind != tokenWord {
		return ""
	}
	return connectives[p.tok.text]
}

// step takes the next token; start says that a criterion may begin there.
func (p *parser) step(start bool) (err error) {
	p.tok, err = p.lex.next(start)
	return err
}

func (p *parser) here() place { return place{char: p.tok.char} }

// unexpected says what stands where something else was expected.
func (p *parser) unexpected(french, english string) error {
	if p.tok.kind == tokenEnd {
		return fault(p.here(), ruleSyntax, "fin du texte ; attendu : %[1]s", "end of the text; expected: %[2]s", french, english)
	}
	return fault(p.here(), ruleSyntax, "« %[1]s » ; attendu : %[2]s", "%[1]q; expected: %[3]s", cut(p.tok.text), french, english)
}

// cut shortens what an error repeats.
func cut(s string) string {
	if utf8.RuneCountInString(s) <= 40 {
		return s
	}
	return string([]rune(s)[:40]) + "…"
}

// anyOf reads criteria joined by OR.
func (p *parser) anyOf(depth int) (Node, error) {
	if depth > rawDepth {
		return Node{}, tooDeep(p.here())
	}
	n := Node{Op: OpAny, at: p.here()}
	for {
		arg, err := p.allOf(depth)
		if err != nil {
			return n, err
		}
		n.Args = append(n.Args, arg)
		if p.connective() != wordAny {
			return normal(n), nil
		}
		if err := p.step(true); err != nil {
			return n, err
		}
	}
}

// allOf reads criteria side by side, or joined by AND.
func (p *parser) allOf(depth int) (Node, error) {
	n := Node{Op: OpAll, at: p.here()}
	for {
		arg, err := p.term(depth)
		if err != nil {
			return n, err
		}
		n.Args = append(n.Args, arg)
		joined := p.connective() == wordAll
		if joined {
			if err := p.step(true); err != nil {
				return n, err
			}
		}
		if !joined && (p.tok.kind == tokenEnd || p.is(")") || p.connective() == wordAny || depth == 1 && p.beside()) {
			return normal(n), nil
		}
	}
}

// term reads a criterion, a negation or a group.
func (p *parser) term(depth int) (Node, error) {
	at := p.here()
	if p.nodes++; p.nodes > rawNodes {
		return Node{}, tooMany(at)
	}
	switch {
	case p.is("-") || p.connective() == wordNot:
		if err := p.step(true); err != nil {
			return Node{}, err
		}
		arg, err := p.term(depth)
		return Node{Op: OpNot, Args: []Node{arg}, at: at}, err
	case p.is("("):
		if err := p.step(true); err != nil {
			return Node{}, err
		}
		n, err := p.anyOf(depth + 1)
		if err != nil {
			return n, err
		}
		return n, p.close()
	case p.tok.kind == tokenWord && p.connective() == "" || p.tok.kind == tokenQuoted:
		return p.criterion()
	}
	return Node{}, p.unexpected("un critère (profession:médecin), un mot courant ou une parenthèse", "a criterion (profession:médecin), an everyday word or a parenthesis")
}

// close takes a closing parenthesis.
func (p *parser) close() error {
	if !p.is(")") {
		return p.unexpected("un critère ou « ) »", "a criterion or \")\"")
	}
	return p.step(true)
}

// criterion reads field:value,value or an everyday word.
func (p *parser) criterion() (n Node, err error) {
	first := p.tok
	n = Node{Op: OpIs, Field: fieldWord, at: p.here()}
	if err := p.step(false); err != nil {
		return n, err
	}
	switch {
	case p.is(":") && first.kind == tokenWord:
		f, ok := fieldNamed(first.text)
		if !ok {
			return n, unknownField(n.at, first.text)
		}
		if f == fieldKind {
			return n, misplaced(n.at, string(fieldKind))
		}
		n.Field = f
		if err := p.step(false); err != nil {
			return n, err
		}
	case p.is("(") && first.kind == tokenWord && first.glued:
		if function(first.text) != "" {
			return n, misplaced(n.at, first.text)
		}
		fr, en := near(nearest(first.text, []string{"also", "include", "exclude"}, 1))
		return n, fault(n.at, ruleSyntax, "« %s( » n'existe pas%[2]s", "there is no %[1]q(%[3]s", cut(first.text), fr, en)
	default:
		n.Values, err = p.more(first)
		return n, err
	}
	n.Values, err = p.list()
	return n, err
}

// list reads values separated by commas.
func (p *parser) list() (values []string, err error) {
	first, err := p.word()
	if err != nil {
		return nil, err
	}
	return p.more(first)
}

// word takes a word, quoted or not.
func (p *parser) word() (token, error) {
	t := p.tok
	if t.kind != tokenWord && t.kind != tokenQuoted {
		return t, p.unexpected("une valeur", "a value")
	}
	return t, p.step(false)
}

// more takes a value and those after it.
func (p *parser) more(next token) (values []string, err error) {
	for {
		if p.values++; p.values > maxValues {
			return nil, fault(place{char: next.char}, ruleLimit, "plus de %d valeurs", "more than %d values", maxValues)
		}
		v, err := value(next.text, place{char: next.char})
		if err != nil {
			return nil, err
		}
		values = append(values, v)
		if !p.is(",") {
			break
		}
		if err := p.step(false); err != nil {
			return nil, err
		}
		if next, err = p.word(); err != nil {
			return nil, err
		}
	}
	if p.tok.kind == tokenWord && strings.HasPrefix(p.tok.text, "-") { // read as the value it is not
		p.lex.at, p.lex.chars = p.lex.at-len(p.tok.text), p.tok.char-1
		return values, p.step(true)
	}
	return values, nil
}

// value checks a value of either form.
func value(v string, at place) (string, error) {
	v = strings.TrimSpace(v)
	switch {
	case v == "":
		return v, fault(at, ruleValue, "valeur vide", "an empty value")
	case utf8.RuneCountInString(v) > maxValue:
		return v, fault(at, ruleLimit, "valeur de plus de %d caractères", "a value of more than %d characters", maxValue)
	case strings.ContainsFunc(v, func(r rune) bool { return r < ' ' || r == 0x7f || r == utf8.RuneError }):
		return v, fault(at, ruleValue, "caractère de contrôle dans une valeur", "a control character in a value")
	}
	return v, nil
}
