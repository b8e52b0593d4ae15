package audience

import (
	"fmt"

	"annuaire"
)

// The rules that an audience may break.
const (
	RuleSyntax   = "audience_syntax"    // the text or the JSON is not well formed
	RuleLimit    = "audience_limit"     // it is longer, deeper or more than the limits
	RuleField    = "audience_field"     // no such criterion
	RuleValue    = "audience_value"     // a value that is not understood
	RuleEmpty    = "audience_empty"     // nobody is meant
	RuleKind     = "audience_kind"      // mailboxes that cannot be written to
	RuleEveryone = "audience_everyone"  // everyone beside criteria
	RulePlace    = "audience_placement" // exclude, include, also or kind where they cannot stand
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
func near(list string) (french, english string) {
	if list == "" {
		return "", ""
	}
	return " ; le plus proche : " + list, "; the nearest: " + list
}
