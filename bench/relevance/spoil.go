package relevance

import (
	"math/rand/v2"
	"strings"

	"annuaire/internal/names"
)

// spoil changes the longer of the two names, one word of it; "" when nothing of it changes.
func spoil(rng *rand.Rand, p Person, change func(*rand.Rand, string) string) string {
	f, g := names.Fold(p.Family), names.Fold(p.Given)
	if len(g) > len(f) && rng.IntN(2) == 0 {
		if s := changed(rng, g, change); s != "" {
			return f + " " + s
		}
	}
	if s := changed(rng, f, change); s != "" {
		return s + " " + g
	}
	return ""
}

func changed(rng *rand.Rand, name string, change func(*rand.Rand, string) string) string {
	w := strings.Fields(name)
	at := 0
	for i := range w {
		if len(w[i]) > len(w[at]) {
			at = i
		}
	}
	if len(w[at]) < 5 {
		return ""
	}
	s := change(rng, w[at])
	if s == w[at] || s == "" {
		return ""
	}
	w[at] = s
	return strings.Join(w, " ")
}

// mistype makes one error: a letter more, less, another, or two swapped; the first letter too.
func mistype(rng *rand.Rand, w string) string {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	i := rng.IntN(len(w))
	c := string(letters[rng.IntN(26)])
	switch rng.IntN(4) {
	case 0:
		return w[:i] + c + w[i:]
	case 1:
		return w[:i] + w[i+1:]
	case 2:
		return w[:i] + c + w[i+1:]
	}
	if i == len(w)-1 {
		i--
	}
	return w[:i] + w[i+1:i+2] + w[i:i+1] + w[i+2:]
}

// heard are spellings that sound alike, each way.
var heard = [][2]string{{"ph", "f"}, {"th", "t"}, {"eau", "o"}, {"eau", "au"}, {"au", "o"}, {"ault", "aut"}, {"ll", "l"}, {"nn", "n"}, {"tt", "t"}, {"rr", "r"}, {"mm", "m"}, {"ff", "f"},
	{"ai", "ei"}, {"ain", "in"}, {"ein", "in"}, {"an", "en"}, {"qu", "k"}, {"ck", "k"}, {"y", "i"}, {"ss", "c"}, {"ge", "je"}, {"gi", "ji"}, {"ca", "ka"}, {"co", "ko"}, {"cu", "ku"}}

// mishear writes a word as it may be heard: one group of letters otherwise, or a mute last letter away.
func mishear(rng *rand.Rand, w string) string {
	var ways []string
	for _, h := range heard {
		for _, way := range [][2]string{h, {h[1], h[0]}} {
			from, to := way[0], way[1]
			i := strings.Index(w, from)
			if i < 0 || len(from) == 1 && len(to) == 2 && to[0] == to[1] || to == "ll" || to == "c" || from == "c" || from == "l" {
				continue
			}
			// an before a vowel, or doubled, is no nasal; so for the others that end with n
			after := byte(0)
			if i+len(from) < len(w) {
				after = w[i+len(from)]
			}
			if strings.HasSuffix(from, "n") && len(from) > 1 && strings.IndexByte("aeiouynm", after) >= 0 && after != 0 || from == "nn" && i+2 == len(w) {
				continue
			}
			if from == "ai" && (after == 'n' || after == 'm' || after == 'l') || from == "ei" && (after == 'n' || after == 'm' || after == 'l') || from == "i" || from == "o" && i+1 < len(w) || from == "k" || from == "t" || from == "f" || from == "je" || from == "ji" || from == "en" && i+2 == len(w) || from == "au" && to == "eau" && i > 0 && w[i-1] == 'e' || from == "y" && (i == 0 || strings.IndexByte("aeou", w[i-1]) >= 0) {
				continue
			}
			if from == "au" && i > 0 && w[i-1] == 'e' { // the end of eau
				continue
			}
			ways = append(ways, w[:i]+to+w[i+len(from):])
		}
	}
	if n := len(w) - 1; strings.IndexByte("tdsx", w[n]) >= 0 && strings.IndexByte("aiounr", w[n-1]) >= 0 {
		ways = append(ways, w[:n])
	}
	if len(ways) == 0 {
		return ""
	}
	return ways[rng.IntN(len(ways))]
}
