package names

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// particles are the words that come before a name and are written apart, together with it or not at all. From the names of the
// register of professionals; "saint" is no particle: nobody leaves it out.
var particles = map[string]bool{
	"de": true, "du": true, "des": true, "d": true, "la": true, "le": true, "les": true, "l": true, "van": true, "von": true, "der": true,
	"den": true, "ben": true, "bin": true, "el": true, "al": true, "da": true, "do": true, "dos": true, "di": true, "del": true, "della": true,
}

// opens reports whether a word belongs to the one after it.
func opens(w string) bool { return particles[w] || w == "saint" || w == "sainte" || Full(w) != w }

// Units cuts folded words into what is one name: particles, and Saint, go with the word after them. "jean de la tour" is "jean",
// "de la tour".
func Units(words []string) [][]string {
	var out [][]string
	for i := 0; i < len(words); {
		end := i
		for end < len(words)-1 && opens(words[end]) {
			end++
		}
		if end == len(words)-1 && opens(words[end]) { // nothing follows: a name being typed, or one that looks like a particle
			end = i
		}
		out = append(out, words[i:end+1])
		i = end + 1
	}
	return out
}

// Keys returns the other spellings under which a folded name is found, written as one word: all of it glued ("delatour" for "de la
// tour"), without its particles, or the first of them ("tour", "latour"), each with Saint in full, and likewise each part that particles open ("delatour" in "martin
// de la tour"). A name of one word has none. Two names that share a key, or of which one is a key of the other, differ by where
// words are cut, by particles or by the way to write Saint.
func Keys(folded string) []string {
	if !strings.Contains(folded, " ") {
		return nil
	}
	words := strings.Fields(folded)
	if len(words) > maxKeyWords {
		words = words[:maxKeyWords]
	}
	out := keysOf(words, nil)
	if units := Units(words); len(units) > 1 {
		for _, u := range units {
			if len(u) > 1 {
				out = keysOf(u, out)
			}
		}
	}
	return out
}

// maxKeyWords bounds the keys of a name.
const maxKeyWords = 8

func keysOf(words, to []string) []string {
	add := func(parts []string) {
		if k := strings.Join(parts, ""); k != "" && !slices.Contains(to, k) {
			to = append(to, k)
		}
	}
	full := make([]string, len(words))
	var bare []string
	for i, w := range words {
		if full[i] = Full(w); !particles[w] {
			bare = append(bare, full[i])
		}
	}
	add(full)
	for i := 0; i < len(words)-1 && particles[words[i]]; i++ {
		add(full[i+1:])
	}
	add(bare)
	return to
}

// Initials returns the first letters of a folded given name of several words, "" for others: "jp" of "jean pierre".
func Initials(folded string) string {
	if !strings.Contains(folded, " ") {
		return ""
	}
	var b strings.Builder
	for _, w := range strings.Fields(folded) {
		r, _ := utf8.DecodeRuneInString(w)
		b.WriteRune(r)
	}
	return b.String()
}
