package names

import "slices"

// maxSound is how many bytes of a word are listened to.
const maxSound = 40

// Sound returns how a French speaker hears a folded word: two words that sound alike have one code. It is FONEM (see fonemFirst)
// between two sets of rules of ours, for what the registers of Saguenay did not need and a telephone does: mute letters inside and at
// the end of words, and the many ways to write k, é, in and an. A code is nothing to show; it changes with the rules, and the index
// with it. Digits and letters outside ASCII stand for themselves.
func Sound(word string) string {
	if word == "" {
		return ""
	}
	var room [2 * maxSound]byte
	w := append(room[:0], word[:min(len(word), maxSound)]...)
	w = applied(fonem(applied(w, heardFirst)), heardLast)
	if len(w) == 0 {
		return word
	}
	return string(w)
}

// applied rewrites a word by rules, in order, leaving out those about letters that it does not have.
func applied(w []byte, rules []*rule) []byte {
	var has [256]bool
	for _, c := range w {
		has[c] = true
	}
	for _, r := range rules {
		if !has[r.pattern[0]] || !has[r.pattern[len(r.pattern)-1]] {
			continue
		}
		w = r.rewrite(w)
		for i := range len(r.to) {
			has[r.to[i]] = true
		}
	}
	return w
}

func pointers(rules []rule) []*rule {
	out := make([]*rule, len(rules))
	for i := range rules {
		out[i] = &rules[i]
	}
	return out
}

// fonem is FONEM alone.
func fonem(w []byte) []byte { return applied(lastTwo(applied(w, ruleFirst)), ruleLast) }

var ruleFirst, ruleLast = pointers(fonemFirst), pointers(fonemLast)

// E stands for é, G for a g that stays hard: FONEM has no sign for them.
var heardFirst = pointers([]rule{
	{0, "ault", 0, "aut"}, {0, "auld", 0, "aud"}, {0, "oult", 0, "out"}, // Gaultier, Gauthier; Foulton
	{0, "oeu", 0, "eu"}, {0, "oe", but("lm"), "e"}, {0, "ae", letters("bcdfgjklmnpqrstvxz"), "e"}, // Lecoeur, Lequeur
	{0, "gu", letters("eiy"), "G"},                                // Guerin; before g is softened
	{0, "sch", 0, "ch"}, {0, "chr", 0, "kr"}, {edge, "w", 0, "v"}, // Schneider; Wagner
	{but("t"), "tion", 0, "ssion"},
	{0, "er", edge, "E"}, {0, "ez", edge, "E"}, {0, "et", edge, "E"}, {0, "ay", edge, "E"}, {0, "ey", edge, "E"}, {0, "ee", edge, "E"}, {0, "ees", edge, "E"}, {0, "ets", edge, "E"}, {0, "ai", edge, "E"}, // Gautier, Moret, Dubay
	{vowels, "e", edge, ""}, // Leroue, Marie
	{0, "euvr", 0, "evr"},   // Lefeuvre, Lefebvre, Lefevre
})

// A, I and O stand for the nasals: "jean" ends with one, "jeanne" does not.
var heardLast = pointers(slices.Concat([]rule{
	{0, "ck", 0, "k"}, {0, "q", 0, "k"}, {0, "c", letters("aoukqt") | edge, "k"}, // Lecoq, Leckoq
	{letters("bdfgjklmnpqrstvwxz"), "h", 0, ""},
	{0, "ai", 0, "e"}, {0, "ei", 0, "e"}, {letters("i"), "ll", 0, "l"}, // Lemaire, Lemere; Phillipe
	{0, "un", consonants | edge, "I"}, {0, "um", letters("bp"), "I"}, {0, "in", consonants | edge, "I"}, {0, "im", letters("bp"), "I"}, // Lebrun
	{0, "en", consonants | edge, "A"}, {0, "em", letters("bp"), "A"}, {0, "an", consonants | edge, "A"}, // Durand, Laurent
	{0, "on", consonants | edge, "O"},
}, mute("dtsxzp"), []rule{
	{0, "es", edge, ""}, {0, "e", edge, ""}, // Michele, Georges
	{0, "kk", 0, "k"}, {0, "ks", edge, "x"}, {0, "ss", 0, "s"}, {0, "-", 0, ""},
}))

// mute drops last consonants that are written and not heard, after a vowel, a nasal or r: Morot, Petit, Thomas, Leroux, Deschamps.
func mute(last string) (out []rule) {
	for _, c := range last {
		out = append(out, rule{vowels | letters("nmr") | other, string(c), edge, ""})
	}
	return append(out, out...)
}
