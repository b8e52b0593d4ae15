package extract

import "strings"

// NormalisePhone writes a telephone or fax number in E.164. French numbers have ten digits with a leading 0, or nine after
// +33; overseas ones take the code of their territory ("0590 12 34 56" is +590590123456), also where the file says +33. Foreign
// numbers are kept when written with + or 00. Spaces, dots, hyphens, slashes and brackets do not count. ok is false for anything
// else: short numbers, extensions, two numbers in one field, "0000".
func NormalisePhone(raw string) (e164 string, ok bool) {
	n, international, ok := dialled(raw)
	if !ok {
		return "", false
	}
	switch {
	case strings.HasPrefix(n, "33") && (international || len(n) == 11):
		n = strings.TrimPrefix(n[2:], "0")
	case international:
		if len(n) < 8 || len(n) > 15 || n[0] == '0' { // E.164: at most 15 digits
			return "", false
		}
		return "+" + n, true
	case strings.HasPrefix(n, "0"):
		n = n[1:]
	default:
		return "", false
	}
	if len(n) != 9 || n[0] == '0' {
		return "", false
	}
	return "+" + territory(n) + n, true
}

// dialled returns the digits of a number, without + or 00, and whether it had one of them.
func dialled(raw string) (n string, international, ok bool) {
	raw = strings.ReplaceAll(raw, "(0)", "") // "+33 (0)3 81..."
	var b []byte
	for _, c := range raw {
		switch {
		case '0' <= c && c <= '9':
			b = append(b, byte(c))
		case c == '+' && len(b) == 0 && !international:
			international = true
		case strings.ContainsRune(" .-/()\u00a0\u2011\u202f", c):
		default:
			return "", false, false
		}
	}
	n = string(b)
	if !international && strings.HasPrefix(n, "00") {
		n, international = n[2:], true
	}
	return n, international, n != ""
}

// territory returns the country code of a French national number of nine digits, by the first three: the geographic and mobile
// ranges of the overseas departments in the national numbering plan (Arcep).
func territory(n string) string {
	switch n[:3] {
	case "590", "690", "691": // Guadeloupe, Saint-Martin, Saint-Barthélemy
		return "590"
	case "594", "694": // Guyane
		return "594"
	case "596", "696", "697": // Martinique
		return "596"
	case "262", "263", "692", "693", "269", "639": // La Réunion, Mayotte
		return "262"
	}
	return "33"
}
