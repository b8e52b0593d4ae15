package filter

import (
	"bytes"

	"annuaire/internal/card"
	"annuaire/ldapd/match"
	"annuaire/ldapd/schema"
)

// word is a word of a name that may stand anywhere in it.
type word struct {
	text   []byte
	begins bool // a word of the name: it stood at the beginning
	whole  bool
}

// nameAttrs are the attributes whose words may come in any order, which are all found in cn.
var nameAttrs = map[card.Attr]bool{card.CN: true, card.SN: true, card.GivenName: true, card.DisplayName: true}

var typeName = schema.Lookup([]byte("name"))

// isName reports whether words of t come in any order.
func isName(t *schema.AttributeType) bool { return t == typeName || nameAttrs[t.Attr] }

// soften makes the lenient reading. An assertion of nothing but signs has none: signs are what it is about.
func (it *item) soften() {
	for _, f := range it.sent {
		if text := match.Fold(nil, it.unescaped(f.text)); len(text) > 0 {
			it.folded = append(it.folded, fragment{f.place, text})
		}
	}
	if it.asked == nil || !isName(it.asked) || it.kind != kindSubstrings && it.kind != kindApprox {
		return
	}
	for _, f := range it.folded {
		for text := range bytes.FieldsSeq(f.text) {
			it.words = append(it.words, word{text, f.place == match.Initial, it.kind == kindApprox})
		}
	}
	if len(it.words) == 1 && it.kind == kindSubstrings { // the attribute that was asked for, and no other name
		it.words = nil
	}
}

// unescaped is the text of an assertion or a value: that of a postal address has escapes.
func (it *item) unescaped(v []byte) []byte {
	if it.rule.Applies[0].Desc == "Postal Address" {
		return match.Unescape(v)
	}
	return v
}

// in reports whether the word stands in a folded name.
func (w word) in(name []byte) bool {
	for at := 0; ; at++ {
		i := bytes.Index(name[at:], w.text)
		if i < 0 {
			return false
		}
		at += i
		end := at + len(w.text)
		if (!w.begins && !w.whole || at == 0 || name[at-1] == ' ') && (!w.whole || end == len(name) || name[end] == ' ') {
			return true
		}
	}
}
