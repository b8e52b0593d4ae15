package api

import "annuaire"

// kind is a way to read the values of a parameter: how a text is split, what is accepted, what criterion it becomes.
type kind struct {
	name string // in the documentation
	// split cuts one occurrence into values; nil takes it whole.
	split func(string) []string
	// parse checks a value (trimmed, not empty) and returns its normal form. It never sees NUL or invalid UTF-8.
	parse func(p *param, v string) (string, *fault)
	// leaf makes the criterion of a normal value; nil is Equals.
	leaf func(f annuaire.Field, v, match string) annuaire.Expr
	// once: giving the parameter twice is a mistake, not "any of".
	once bool
	// blank: an empty value is no mistake.
	blank bool
	// maxRunes replaces maxValueRunes where it is not 0.
	maxRunes int
}

// The kinds of criteria.
var (
	// kindWords is a name: the one kind that match applies to, and never split at commas.
	kindWords = &kind{name: "words", parse: parseWords, leaf: leafWords}
	kindCode  = &kind{name: "code or label", split: splitCodes, parse: parsePlain}
	// kindNational is an IdNatPP, RPPS or ADELI number.
	kindNational = &kind{name: "national id", split: splitCommas, parse: parseNational}
	kindRPPS     = &kind{name: "11 digits", split: splitCommas, parse: parseRPPS}
	kindTechID   = &kind{name: "technical id", split: splitCommas, parse: parseTechID}
	kindFINESS   = &kind{name: "9 letters or digits", split: splitCommas, parse: parseFINESS}
	kindSIRET    = &kind{name: "14 digits", split: splitCommas, parse: parseDigits(14)}
	kindSIREN    = &kind{name: "9 digits", split: splitCommas, parse: parseDigits(9)}
	kindINSEE    = &kind{name: "commune code", split: splitCommas, parse: parseINSEE}
	kindPostal   = &kind{name: "postal code or its beginning", split: splitCommas, parse: parsePostal, leaf: leafPostal}
	kindAddress  = &kind{name: "address", parse: parseAddress}
	kindFlag     = &kind{name: "true or false", parse: parseOneOf, leaf: leafFlag}
	kindChoice   = &kind{name: "one of", split: splitCommas, parse: parseOneOf}
)

// The kinds of what describes the page rather than the question.
var (
	kindOption  = &kind{name: "one of", parse: parseOneOf, once: true}
	kindOptions = &kind{name: "list of", split: splitCommas, parse: parseOneOf}
	kindLimit   = &kind{name: "1 to", parse: parseLimit, once: true}
	kindCursor  = &kind{name: "cursor", parse: parsePlain, once: true, maxRunes: maxCursorBytes}
	kindText    = &kind{name: "free text", parse: parseWords, once: true}
	kindTyped   = &kind{name: "free text", parse: parsePlain, once: true} // unfinished: a lone apostrophe is no mistake
	kindAfter   = &kind{name: "id", parse: parsePlain, once: true}
	kindNumber  = &kind{name: "number", parse: parsePlain, once: true}
	kindDomain  = &kind{name: "mail domain", parse: parseDomain}
	kindMonth   = &kind{name: "month", parse: parseMonth, once: true}
	kindLoose   = &kind{name: "text", parse: parsePlain, once: true, blank: true, maxRunes: 2 * maxValueRunes}
)

func leafWords(f annuaire.Field, v, match string) annuaire.Expr {
	switch match {
	case matchExact:
		return annuaire.Equals(f, v)
	case matchPrefix:
		return annuaire.Prefix(f, v)
	}
	return annuaire.Similar(f, v)
}

// leafPostal reads fewer than five digits as the beginning of a French postal code (DESIGN, 8).
func leafPostal(f annuaire.Field, v, _ string) annuaire.Expr {
	if len(v) < 5 && onlyDigits(v) {
		return annuaire.Prefix(f, v)
	}
	return annuaire.Equals(f, v)
}

func leafFlag(f annuaire.Field, v, _ string) annuaire.Expr {
	if v == "false" {
		return annuaire.Not(annuaire.Equals(f, "true"))
	}
	return annuaire.Equals(f, "true")
}
