package audience

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lexer cuts a text into tokens, which the parser takes one at a time.
type lexer struct {
	text  string
	at    int // byte where the next token begins, spaces skipped
	chars int // characters before at
}

// tokenKind is what a token is.
type tokenKind uint8

const (
	tokenEnd    tokenKind = iota
	tokenWord             // what no sign of the language interrupts
	tokenQuoted           // between quotation marks
	tokenSign             // one of ( ) , : or a "-" before something
)

// token is a piece of the text.
type token struct {
	kind  tokenKind
	text  string // of a quoted one, without its marks
	char  int    // its first character, from 1
	glued bool   // the next token follows without a space
}

// signs interrupt words.
const signs = "(),:\""

// next reads a token. A "-" is a sign where start says that a criterion may begin.
func (l *lexer) next(start bool) (token, error) {
	l.advance(l.spaces())
	t := token{char: l.chars + 1}
	if l.at == len(l.text) {
		return t, nil
	}
	var err error
	switch c := l.text[l.at]; {
	case c == '"':
		err = l.quoted(&t)
	case strings.IndexByte(signs, c) >= 0, c == '-' && start:
		t.kind, t.text = tokenSign, string(c)
		l.advance(1)
	default:
		t.kind = tokenWord
		end := strings.IndexFunc(l.text[l.at:], func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(signs, r) })
		if end < 0 {
			end = len(l.text) - l.at
		}
		t.text = l.text[l.at : l.at+end]
		l.advance(end)
	}
	next, _ := utf8.DecodeRuneInString(l.text[l.at:])
	t.glued = l.at < len(l.text) && !unicode.IsSpace(next)
	return t, err
}

// quoted reads up to the closing mark; \" and \\ stand for a mark and a backslash.
func (l *lexer) quoted(t *token) error {
	var b strings.Builder
	for i := l.at + 1; i < len(l.text); i++ {
		switch c := l.text[i]; {
		case c == '\\' && i+1 < len(l.text) && (l.text[i+1] == '"' || l.text[i+1] == '\\'):
			i++
			b.WriteByte(l.text[i])
		case c == '"':
			t.kind, t.text = tokenQuoted, b.String()
			l.advance(i + 1 - l.at)
			return nil
		default:
			b.WriteByte(c)
		}
	}
	return fault(place{char: t.char}, ruleSyntax, "guillemet ouvert et jamais fermé", "a quotation mark is opened and never closed")
}

func (l *lexer) advance(n int) {
	l.chars += utf8.RuneCountInString(l.text[l.at : l.at+n])
	l.at += n
}

// spaces is how many bytes of spaces come next.
func (l *lexer) spaces() int {
	rest := l.text[l.at:]
	return len(rest) - len(strings.TrimLeftFunc(rest, unicode.IsSpace))
}

// follows reports whether a sign comes next, spaces skipped.
func (l *lexer) follows(sign string) bool { return strings.HasPrefix(l.text[l.at+l.spaces():], sign) }
