package schema

import "annuaire/ldapd/match"

// directoryStrings are the syntaxes whose values are strings that a directory string may be (RFC 4517, 4.2.11).
var directoryStrings = []string{arc + "15", arc + "44", arc + "11", arc + "50"}

// rules are the matching rules. Substrings rules take a Substring Assertion; firstComponent rules compare what a definition begins with.
var rules = []struct {
	name, oid string
	kind      Kind
	syntax    string   // of the assertion
	applies   []string // nil: that of the assertion
	soft      bool
	prepare   prepare
}{
	{"objectIdentifierMatch", "2.5.13.0", Equality, arc + "38", nil, false, whole(identifier)},
	{"distinguishedNameMatch", "2.5.13.1", Equality, arc + "12", nil, false, whole(name)},
	{"caseIgnoreMatch", "2.5.13.2", Equality, arc + "15", directoryStrings, true, ignoreCase},
	{"caseIgnoreOrderingMatch", "2.5.13.3", Ordering, arc + "15", directoryStrings, false, ignoreCase},
	{"caseIgnoreSubstringsMatch", "2.5.13.4", Substrings, arc + "58", directoryStrings, true, ignoreCase},
	{"caseExactMatch", "2.5.13.5", Equality, arc + "15", directoryStrings, false, exactCase},
	{"caseExactOrderingMatch", "2.5.13.6", Ordering, arc + "15", directoryStrings, false, exactCase},
	{"caseExactSubstringsMatch", "2.5.13.7", Substrings, arc + "58", directoryStrings, false, exactCase},
	{"numericStringMatch", "2.5.13.8", Equality, arc + "36", nil, false, whole(match.Numeric)},
	{"numericStringOrderingMatch", "2.5.13.9", Ordering, arc + "36", nil, false, whole(match.Numeric)},
	{"numericStringSubstringsMatch", "2.5.13.10", Substrings, arc + "58", []string{arc + "36"}, false, whole(match.Numeric)},
	{"caseIgnoreListMatch", "2.5.13.11", Equality, arc + "41", nil, true, list},
	{"caseIgnoreListSubstringsMatch", "2.5.13.12", Substrings, arc + "58", []string{arc + "41"}, true, list},
	{"booleanMatch", "2.5.13.13", Equality, arc + "7", nil, false, whole(booleans)},
	{"integerMatch", "2.5.13.14", Equality, arc + "27", nil, false, whole(match.Integer)},
	{"integerOrderingMatch", "2.5.13.15", Ordering, arc + "27", nil, false, whole(match.Integer)},
	{"bitStringMatch", "2.5.13.16", Equality, arc + "6", nil, false, whole(bits)},
	{"octetStringMatch", "2.5.13.17", Equality, arc + "40", nil, false, whole(octets)},
	{"octetStringOrderingMatch", "2.5.13.18", Ordering, arc + "40", nil, false, whole(octets)},
	{"telephoneNumberMatch", "2.5.13.20", Equality, arc + "50", nil, false, whole(match.Telephone)},
	{"telephoneNumberSubstringsMatch", "2.5.13.21", Substrings, arc + "58", []string{arc + "50"}, false, whole(match.Telephone)},
	{"generalizedTimeMatch", "2.5.13.27", Equality, arc + "24", nil, false, whole(match.Time)},
	{"generalizedTimeOrderingMatch", "2.5.13.28", Ordering, arc + "24", nil, false, whole(match.Time)},
	{"objectIdentifierFirstComponentMatch", "2.5.13.30", Equality, arc + "38",
		[]string{arc + "3", arc + "30", arc + "31", arc + "37", arc + "54"}, false, whole(firstComponent)},
	{"caseExactIA5Match", "1.3.6.1.4.1.1466.109.114.1", Equality, arc + "26", nil, false, ofIA5(exactCase)},
	{"caseIgnoreIA5Match", "1.3.6.1.4.1.1466.109.114.2", Equality, arc + "26", nil, false, ofIA5(ignoreCase)},
	{"caseIgnoreIA5SubstringsMatch", "1.3.6.1.4.1.1466.109.114.3", Substrings, arc + "58", []string{arc + "26"}, false, ofIA5(ignoreCase)},
	{"uuidMatch", "1.3.6.1.1.16.2", Equality, "1.3.6.1.1.16.1", nil, false, whole(match.UUID)},
	{"uuidOrderingMatch", "1.3.6.1.1.16.3", Ordering, "1.3.6.1.1.16.1", nil, false, whole(match.UUID)},
}
