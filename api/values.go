package api

import (
	"slices"
	"strconv"
	"strings"

	"annuaire"
	"annuaire/internal/names"
)

// splitCommas cuts at every comma.
func splitCommas(s string) []string { return strings.Split(s, ",") }

// splitCodes cuts a coded value at its commas, but not inside a label: "10,21" and "médecin,pharmacien" are two values,
// "Libéral, indépendant, artisan" is one, as a comma followed by a space belongs to French prose unless every part looks
// like a code ("10, 21").
func splitCodes(s string) []string {
	parts := strings.Split(s, ",")
	if !slices.ContainsFunc(parts, func(p string) bool { return !looksLikeCode(strings.TrimSpace(p)) }) {
		return parts
	}
	out := parts[:1:1]
	for _, p := range parts[1:] {
		if strings.HasPrefix(p, " ") && strings.TrimSpace(p) != "" {
			out[len(out)-1] += "," + p
			continue
		}
		out = append(out, p)
	}
	return out
}

// looksLikeCode tells "10", "SM42", "FON-01" or "S" from a word: capitals, digits and hyphens only. The empty string looks
// like one, so that it is refused as a value of its own.
func looksLikeCode(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return (c < '0' || c > '9') && (c < 'A' || c > 'Z') && c != '-' && c != '_' })
}

func onlyDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func onlyAlnum(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return (r < '0' || r > '9') && (r < 'A' || r > 'Z') }) && s != ""
}

// compact is how people type identifiers: spaces inside, letters in either case.
func compact(v string) string { return strings.ToUpper(strings.Join(strings.Fields(v), "")) }

func parsePlain(_ *param, v string) (string, *fault) { return v, nil }

// parseWords refuses what has nothing to compare: folding leaves letters and digits.
func parseWords(p *param, v string) (string, *fault) {
	if names.Fold(v) == "" {
		return "", invalid(p.name, "« %s » ne contient ni lettre ni chiffre.", "%q has neither a letter nor a digit.", echoed(v))
	}
	return v, nil
}

func parseNational(p *param, v string) (string, *fault) {
	id, ok := annuaire.NationalID(v)
	if !ok {
		return "", invalid(p.name, "« %s » n'est pas un identifiant national : IdNatPP, RPPS (11 chiffres) ou ADELI (9 caractères) attendu.",
			"%q is not a national identifier: IdNatPP, RPPS (11 digits) or ADELI (9 characters) expected.", echoed(v))
	}
	return id, nil
}

// parseRPPS returns the IdNatPP of an RPPS number.
func parseRPPS(p *param, v string) (string, *fault) {
	n := compact(v)
	if len(n) != 11 || !onlyDigits(n) {
		return "", invalid(p.name, "« %s » n'est pas un numéro RPPS : 11 chiffres attendus.", "%q is not an RPPS number: 11 digits expected.", echoed(v))
	}
	return "8" + n, nil
}

// parseTechID keeps the case: identifiers made up for structures without one are hexadecimal. Their shapes are the extract's
// business, so any is looked for.
func parseTechID(_ *param, v string) (string, *fault) {
	return strings.Join(strings.Fields(v), ""), nil
}

// parseFINESS takes the number with or without the F that technical identifiers put before it.
func parseFINESS(p *param, v string) (string, *fault) {
	n := compact(v)
	if len(n) == 10 {
		n = strings.TrimPrefix(n, "F")
	}
	if len(n) != 9 || !onlyAlnum(n) {
		return "", invalid(p.name, "« %s » n'est pas un numéro FINESS : 9 caractères attendus.", "%q is not a FINESS number: 9 characters expected.", echoed(v))
	}
	return n, nil
}

func parseDigits(n int) func(*param, string) (string, *fault) {
	return func(p *param, v string) (string, *fault) {
		d := compact(v)
		if len(d) != n || !onlyDigits(d) {
			return "", invalid(p.name, "« %s » : %d chiffres attendus.", "%q: %d digits expected.", echoed(v), n)
		}
		return d, nil
	}
}

// parseINSEE takes a commune code (COG), Corsican ones included.
func parseINSEE(p *param, v string) (string, *fault) {
	c := compact(v)
	if len(c) != 5 || !onlyAlnum(c) {
		return "", invalid(p.name, "« %s » n'est pas un code commune INSEE : 5 caractères attendus.", "%q is not an INSEE commune code: 5 characters expected.", echoed(v))
	}
	return c, nil
}

// parsePostal takes French codes and their beginnings, and foreign codes, which may hold letters.
func parsePostal(p *param, v string) (string, *fault) {
	c := compact(v)
	if plain := strings.ReplaceAll(c, "-", ""); len(c) > 10 || !onlyAlnum(plain) {
		return "", invalid(p.name, "« %s » n'est pas un code postal.", "%q is not a postal code.", echoed(v))
	}
	return c, nil
}

func parseAddress(p *param, v string) (string, *fault) {
	at := strings.IndexByte(v, '@')
	if at <= 0 || at == len(v)-1 || strings.ContainsAny(v, " \t\r\n") {
		return "", invalid(p.name, "« %s » n'est pas une adresse complète (nom@domaine).", "%q is not a complete address (name@domain).", echoed(v))
	}
	return strings.ToLower(v), nil
}

// parseOneOf takes one of the values of the parameter, whatever its case and accents.
func parseOneOf(p *param, v string) (string, *fault) {
	folded := names.Fold(v)
	for _, w := range p.values {
		if names.Fold(w) == folded {
			return w, nil
		}
	}
	return "", invalid(p.name, "« %s » n'est pas une valeur possible ; valeurs possibles : %s.", "%q is not a possible value; possible values: %s.",
		echoed(v), strings.Join(p.values, ", ")).meant(nearest(v, p.values))
}

func parseLimit(p *param, v string) (string, *fault) {
	if n, err := strconv.Atoi(v); err == nil && onlyDigits(v) && n >= 1 && n <= p.most {
		return strconv.Itoa(n), nil
	}
	return "", invalid(p.name, "« %s » : un nombre de 1 à %d est attendu.", "%q: a number from 1 to %d is expected.", echoed(v), p.most)
}
