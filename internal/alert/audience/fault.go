package audience

import (
	"fmt"
	"strings"

	"annuaire"
	"annuaire/internal/names"
)

// The rules that an audience may break.
const (
	ruleSyntax   = "audience_syntax"    // the text or the JSON is not well formed
	ruleLimit    = "audience_limit"     // it is longer, deeper or more than the limits
	ruleField    = "audience_field"     // no such criterion
	ruleValue    = "audience_value"     // a value that is not understood
	ruleEmpty    = "audience_empty"     // nobody is meant
	ruleKind     = "audience_kind"      // mailboxes that cannot be written to
	ruleEveryone = "audience_everyone"  // everyone beside criteria
	rulePlace    = "audience_placement" // exclude, include, also or kind where they cannot stand
)

// fault is the error of a rule, at a place.
func fault(at place, rule, french, english string, args ...any) error {
	where, there := "", ""
	switch {
	case at.char > 0:
		where, there = fmt.Sprintf("caractère %d : ", at.char), fmt.Sprintf("character %d: ", at.char)
	case at.path != "":
		where, there = at.path+" : ", at.path+": "
	}
	return annuaire.Errorf(annuaire.CodeInvalid, "audience", where+fmt.Sprintf(french, args...), there+fmt.Sprintf(english, args...), nil).Because(rule)
}

// near is what an error adds when something alike is known.
func near(known []string) (french, english string) {
	if len(known) == 0 {
		return "", ""
	}
	list := strings.Join(known, ", ")
	return " ; le plus proche : " + list, "; the nearest: " + list
}

// nearest returns up to n of the texts whose folded form is a few typing errors away, the nearest first.
func nearest(text string, of []string, n int) []string {
	return names.Nearest(text, of, 1+len(text)/4, n)
}
