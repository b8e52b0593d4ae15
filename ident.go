package annuaire

import "strings"

// RPPSOf returns the RPPS number (11 digits) inside a national identifier (IdNatPP, "8" + RPPS), or "".
func RPPSOf(id string) string {
	if len(id) == 12 && id[0] == '8' {
		return id[1:]
	}
	return ""
}

// NationalID normalises what a person types to name a professional: an IdNatPP (12 digits beginning with 8, 10 beginning
// with 0), an RPPS (11 digits) or an ADELI (9 characters); spaces are dropped. ok is false for anything else. Check digits
// are not looked at: they warn, they never refuse.
func NationalID(s string) (id string, ok bool) {
	s = strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(s), " ", ""))
	for i := 0; i < len(s); i++ {
		if (s[i] < '0' || s[i] > '9') && (s[i] < 'A' || s[i] > 'Z') {
			return "", false
		}
	}
	switch len(s) {
	case 12, 10:
		return s, true
	case 11:
		return "8" + s, true
	case 9:
		return "0" + s, true
	}
	return "", false
}

// Luhn reports whether the last digit of s is its Luhn key (mod 10), which RPPS, ADELI, FINESS and SIRET numbers carry.
// Not official for RPPS: use it to warn.
func Luhn(s string) bool {
	return s != "" && LuhnKey(s[:len(s)-1]) == s[len(s)-1]
}

// LuhnKey returns the digit that makes s+digit pass Luhn, or 0 when s is not made of digits.
func LuhnKey(s string) byte {
	sum, double := 0, true
	for i := len(s) - 1; i >= 0; i-- {
		d := int(s[i]) - '0'
		if d < 0 || d > 9 {
			return 0
		}
		if double {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
		double = !double
	}
	return byte('0' + (10-sum%10)%10)
}
