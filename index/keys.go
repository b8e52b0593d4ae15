package index

import (
	"strings"

	"annuaire/internal/names"
)

// The kinds of term under which a name is found that is not written as it was asked for.
const (
	kindKey    = 'x' // another spelling in one word: names.Keys
	kindSound  = 's' // how a word or a key sounds: names.Sound
	kindSigned = 'r' // a word that has accents, with them: names.Signed
)

// hasKeys tells the text fields that have such terms. Streets and cities do not: cities are known (geo), and nobody is looked for by
// the sound of a street.
var hasKeys = map[string]bool{fieldFamily: true, fieldGiven: true, fieldStructure: true}

// minSound is from how many letters on a word has a sound to be found by.
const minSound = 3

// soundOf returns the sound of a folded word, "" for one that has none worth comparing.
func soundOf(w string) string {
	if len(w) < minSound || strings.Trim(w, "0123456789") == "" {
		return ""
	}
	return names.Sound(w)
}

// sounds remembers what words sound like: names and the words of structures come back all the time.
type sounds map[string]string

// maxSounds bounds what is remembered.
const maxSounds = 200_000

func (s sounds) of(w string) string {
	out, ok := s[w]
	if !ok {
		out = soundOf(w)
		if s != nil {
			if len(s) >= maxSounds {
				clear(s)
			}
			s[strings.Clone(w)] = out
		}
	}
	return out
}

// otherwise adds the terms under which a value is found that is written, cut or said otherwise.
func (b *termBuilder) otherwise(field, value, folded string) {
	for w := range strings.FieldsSeq(folded) {
		b.once(kindSound, b.known.of(w))
	}
	for _, w := range names.Signed(value) {
		b.once(kindSigned, w)
	}
	if field == fieldGiven {
		b.once(kindKey, names.Initials(folded))
	}
	if field == fieldStructure { // long names, whose words are what is heard
		for _, k := range pairs(folded) {
			b.once(kindKey, k)
		}
		return
	}
	for _, k := range names.Keys(folded) {
		b.once(kindKey, k)
		b.once(kindSound, b.known.of(k))
	}
}

// maxPairs is up to how many words of the name of a structure are also found two by two as one: "TotalEnergies" is "TOTAL ENERGIES".
const maxPairs = 4

func pairs(folded string) (out []string) {
	w := strings.Fields(folded)
	for i := 0; i < min(len(w), maxPairs)-1; i++ {
		out = append(out, w[i]+w[i+1])
	}
	return out
}
