package names

import "slices"

// The rules of FONEM, in the order in which they apply: Bouchard, Brard, Lavoie, "FONEM : Un code de transcription phonétique pour
// la reconstitution automatique des familles saguenayennes", Population 36(6), 1981, p. 1085-1103, where they have these numbers.
// '#' stands for a letter that a later rule is not to see (C-11, C-16, C-17), until C-34 and C-35 bring it back.
var fonemFirst = slices.Concat(simplify, []rule{
	{0, "geo", 0, "jo"}, {0, "geau", 0, "jo"}, // C-12
	{0, "cc", letters("aou"), "k"},                                                                                                                 // C-8
	{0, "cc", letters("eiy"), "x"},                                                                                                                 // C-9
	{0, "g", letters("eiy"), "j"},                                                                                                                  // C-10
	{edge, "mac", consonants, "ma#"},                                                                                                               // C-16
	{edge, "mc", 0, "ma#"},                                                                                                                         // C-17
	{vowels, "c", letters("eiy"), "ss"},                                                                                                            // C-2
	{letters("bdfghjklmnpqrstvwz"), "c", letters("eiy"), "s"},                                                                                      // C-3
	{0, "c", letters("bdfgjklmnpqrstvwxz"), "k"},                                                                                                   // C-7
	{0, "eault", edge, "o"}, {0, "eaulx", edge, "o"}, {0, "ault", edge, "o"}, {0, "aulx", edge, "o"}, {0, "olt", edge, "o"}, {0, "olx", edge, "o"}, // V-2, V-5
	{0, "eaut", edge, "o"}, {0, "eaux", edge, "o"}, {0, "aut", edge, "o"}, {0, "aux", edge, "o"}, // V-3, V-4
	{0, "eauld", edge, "o"}, {0, "eaud", edge, "o"}, {0, "auld", edge, "o"}, {0, "aud", edge, "o"}, // V-6
	{0, "eau", 0, "o"}, {0, "au", 0, "o"}, // V-1
	{but("pcs"), "h", 0, ""},                              // C-14
	{edge, "sainte", 0, "ste-"}, {edge, "ste", 0, "ste-"}, // C-31, C-33
	{edge, "saint", but("e"), "st-"}, {edge, "sint", but("e"), "st-"}, {edge, "sin", but("e"), "st-"}, {edge, "sein", but("e"), "st-"}, {edge, "cinq", but("e"), "st-"}, // C-30, C-32
	{0, "ga", letters("mn"), "g#"}, {0, "gai", letters("mn"), "g#i"}, // C-11
	{0, "am", letters("bcdfghjklmpqrstvwxz"), "en"}, {0, "em", letters("bcdfghjklmpqrstvwxz"), "en"}, // V-15
	{0, "an", consonants, "en"},                                                                                   // V-17
	{0, "aim", consonants | edge, "in"}, {0, "ain", consonants | edge, "in"}, {0, "ein", consonants | edge, "in"}, // V-18
	{but("g"), "ay", edge, "e"},                                                                                                                // V-7
	{0, "eux", edge, "eu"},                                                                                                                     // V-8
	{0, "ey", edge | consonants, "e"},                                                                                                          // V-9
	{0, "y", 0, "i"},                                                                                                                           // V-10
	{vowels, "i", vowels, "y"},                                                                                                                 // V-11
	{vowels, "ill", 0, "y"},                                                                                                                    // V-12
	{0, "ou", letters("aeou"), "w"},                                                                                                            // V-13
	{0, "om", letters("bcdfghjklmpqrstvwxz"), "on"},                                                                                            // V-16
	{0, "borne", edge, "burn"}, {0, "born", edge, "burn"}, {0, "bourne", edge, "burn"}, {0, "bourn", edge, "burn"}, {0, "burne", edge, "burn"}, // V-19
	{edge | consonants, "im", letters("bcdfghjklmpqrstvwxz"), "in"}, // V-20
	{0, "bv", 0, "v"},                                       // C-1
	{edge, "c", letters("eiy"), "s"},                        // C-4
	{edge, "c", letters("oua"), "k"},                        // C-5
	{vowels, "c", edge, "k"},                                // C-6
	{0, "gni", vowels, "gn"},                                // C-13
	{0, "jea", 0, "ja"},                                     // C-15
	{0, "ph", 0, "f"},                                       // C-18
	{0, "qu", 0, "k"},                                       // C-19
	{edge, "sc", letters("eiy"), "s"},                       // C-20
	{vowels | consonants, "sc", letters("eiy"), "ss"},       // C-21
	{vowels | consonants, "sc", letters("aou"), "sk"},       // C-22
	{0, "sh", 0, "ch"},                                      // C-23
	{0, "tia", edge, "ssia"},                                // C-24
	{letters("aiouy"), "w", 0, ""},                          // C-25
	{0, "xc", 0, "x"}, {0, "xs", 0, "x"}, {0, "xz", 0, "x"}, // C-26
	{vowels, "z", vowels, "s"}, {consonants, "z", consonants, "s"}, // C-27
})

// fonemLast comes after C-29.
var fonemLast = slices.Concat(simplify, []rule{
	{0, "g#", 0, "ga"},   // C-34
	{0, "ma#", 0, "mac"}, // C-35
})

// simplify leaves one of two like letters: V-14, C-28 to C-28d.
var simplify = func() (out []rule) {
	for _, v := range "aeiouybdfghjkmnpqrtvwxz" {
		out = append(out, rule{0, string([]rune{v, v}), 0, string(v)})
	}
	return append(out, rule{0, "cc", consonants | edge, "c"}, rule{consonants | edge, "ss", 0, "s"}, rule{0, "ss", consonants | edge, "s"},
		rule{but("i"), "ll", 0, "l"}, rule{0, "ile", edge, "ille"})
}()

// heardBoth are the last two consonants that both are heard (C-29); of all others the first is left.
var heardBoth = []string{"ch", "sh", "mp", "np", "rc", "rf", "rk", "rl", "rn", "rs", "rx"}

// lastTwo is rule C-29.
func lastTwo(w []byte) []byte {
	n := len(w)
	if n < 2 || !consonants.has(w, n-1) || !consonants.has(w, n-2) || slices.Contains(heardBoth, string(w[n-2:])) ||
		n > 2 && string(w[n-3:]) == "ils" {
		return w
	}
	return w[:n-1]
}
