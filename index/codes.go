package index

import "strings"

// The kinds of code term: the first byte of the term, unique over all fields.
const (
	kindProfession = 'P'
	kindCategory   = 'C'
	kindSpecialty  = 'S'
	kindMode       = 'M'
	kindSector     = 'T'
	kindRole       = 'R'
	kindSection    = 'V'
	kindDepartment = 'D'
	kindRegion     = 'G'
	kindPostal     = 'Z'
	kindPostal2    = 'Y' // its first two characters
	kindINSEE      = 'I' // of the commune, and of the city of which it is an arrondissement
	kindStructure  = 'U'
	kindFINESS     = 'F' // of the site and of the legal entity
	kindSIRET      = 'B'
	kindSIREN      = 'N'
	kindPhone      = 'E' // as the record has it
	kindMailbox    = 'A' // address, in lower case
	kindHasMailbox = 'H'
	kindOwner      = 'O' // IdNatPP of the holder of a mailbox
	kindBoxKind    = 'K'
	kindFlat       = 'X' // what a document of the places index is
	kindPresent    = '+' // + kind: has a value of a kind with too many terms to scan
	kindAbsent     = '-' // + kind: has none; for kinds that most have
)

// terms collects the code terms of a criterion.
type terms []string

// add appends the term of a code; no code, no term.
func (t *terms) add(kind byte, code string) {
	if code != "" {
		*t = append(*t, string(kind)+code)
	}
}

// code appends the term of a code; no code, no term.
func (b *termBuilder) code(kind byte, code string) {
	if code != "" {
		b.raw(kind, code, "")
	}
}

// absent appends the term of those who have no code of a kind, unless there is one.
func (b *termBuilder) absent(kind byte, code string) {
	if code == "" {
		b.raw(kindAbsent, string(kind), "")
	}
}

// present appends the term of those who have a code of a kind, if there is one.
func (b *termBuilder) present(kind byte, code string) {
	if code != "" {
		b.raw(kindPresent, string(kind), "")
	}
}

// normalPhone is a French telephone number as records have it: "04 66 00 00 00" is "+33466000000".
func normalPhone(v string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, v)
	switch {
	case len(digits) == 10 && digits[0] == '0':
		return "+33" + digits[1:]
	case strings.HasPrefix(digits, "0033"):
		return "+" + digits[2:]
	}
	return digits
}

// normalPostal is a postal code as compared: without spaces, in upper case (foreign ones have letters).
func normalPostal(cp string) string { return strings.ToUpper(strings.ReplaceAll(cp, " ", "")) }
