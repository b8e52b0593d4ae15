package relevance

import (
	"math/rand/v2"
	"slices"
	"strings"

	"annuaire/internal/names"
)

// Question is a text and the one right answer to it.
type Question struct {
	Class string
	Text  string
	Want  string // id
}

// perClass is how many questions there are of each class, where the directory has as many.
const perClass = 40

// class is a way to ask for somebody. ask returns "" for someone it does not suit; key is what must tell the person from all others.
type class struct {
	name string
	ask  func(rng *rand.Rand, p Person) string
	key  func(p Person) []string
}

var classes = []class{
	{"exact", func(_ *rand.Rand, p Person) string { return p.Family + " " + p.Given }, fullName},
	{"no accents", func(_ *rand.Rand, p Person) string {
		if plain := strings.ToLower(p.Family + p.Given); plain == names.Fold(p.Family+p.Given) {
			return ""
		}
		return names.Fold(p.Family + " " + p.Given)
	}, fullName},
	{"swapped names", func(_ *rand.Rand, p Person) string { return strings.ToLower(p.Given + " " + p.Family) }, fullName},
	{"glued or split", glued, fullName},
	{"missing particle", withoutParticle, fullName},
	{"one typing error", func(rng *rand.Rand, p Person) string { return spoil(rng, p, mistype) }, fullName},
	{"heard, not seen", func(rng *rand.Rand, p Person) string { return spoil(rng, p, mishear) }, fullName},
	{"initials", initials, func(p Person) []string {
		if g := names.Fold(p.Given); g != "" {
			return []string{g[:1] + " " + names.Fold(p.Family)}
		}
		return nil
	}},
	{"name + city", func(rng *rand.Rand, p Person) string { return both(rng, p, func(x Place) string { return x.City }) }, keyed(func(x Place) string { return x.City })},
	{"name + specialty", func(rng *rand.Rand, p Person) string { return both(rng, p, job) }, keyed(func(x Place) string { return x.Profession }, func(x Place) string { return x.Skill })},
	{"trade word + city", trade, func(p Person) []string {
		var out []string
		for _, x := range p.Places {
			if x.City != "" && x.Profession != "" {
				out = append(out, names.Fold(x.Profession)+"|"+names.Fold(x.City))
			}
		}
		return out
	}},
}

func fullName(p Person) []string {
	w := strings.Fields(names.Fold(p.Family + " " + p.Given))
	slices.Sort(w)
	return []string{strings.Join(w, " ")}
}

func job(x Place) string {
	if x.Skill != "" {
		return x.Skill
	}
	return x.Profession
}

// keyed is the family name with each of what is known of a place: whoever shares one of them would answer as well.
func keyed(of ...func(Place) string) func(Person) []string {
	return func(p Person) []string {
		var out []string
		for _, x := range p.Places {
			for _, what := range of {
				if w := names.Fold(what(x)); w != "" {
					out = append(out, names.Fold(p.Family)+"|"+w)
				}
			}
		}
		return out
	}
}

// Questions draws the questions of a directory. Only people are asked for whom no other person would answer as well.
func Questions(people []Person, seed uint64) (out []Question) {
	for i, c := range classes {
		rng := rand.New(rand.NewPCG(seed, uint64(i)))
		count := map[string]map[string]bool{}
		for _, p := range people {
			for _, k := range c.key(p) {
				if count[k] == nil {
					count[k] = map[string]bool{}
				}
				count[k][p.ID] = true
			}
		}
		n := 0
		for _, at := range rng.Perm(len(people)) {
			p := people[at]
			if n == perClass {
				break
			}
			if len(names.Fold(p.Family)) < 3 || len(names.Fold(p.Given)) < 2 || slices.ContainsFunc(c.key(p), func(k string) bool { return len(count[k]) != 1 }) {
				continue
			}
			if text := c.ask(rng, p); text != "" {
				out = append(out, Question{c.name, text, p.ID})
				n++
			}
		}
	}
	return out
}

// glued writes a name of several words as one, or cuts one that has a hyphen or a particle glued.
func glued(_ *rand.Rand, p Person) string {
	f, g := names.Fold(p.Family), names.Fold(p.Given)
	switch {
	case strings.Contains(f, " "):
		return strings.ReplaceAll(f, " ", "") + " " + g
	case strings.Contains(g, " "):
		return f + " " + strings.ReplaceAll(g, " ", "")
	}
	return ""
}

func withoutParticle(_ *rand.Rand, p Person) string {
	w := strings.Fields(names.Fold(p.Family))
	first := 0
	for first < len(w)-1 && slices.Contains([]string{"de", "du", "la", "le", "d", "l", "van", "von", "ben", "el"}, w[first]) {
		first++
	}
	if first == 0 {
		return ""
	}
	return strings.Join(w[first:], " ") + " " + names.Fold(p.Given)
}

func initials(rng *rand.Rand, p Person) string {
	g := strings.Fields(names.Fold(p.Given))
	if rng.IntN(2) == 0 || len(g) > 1 {
		return strings.ToUpper(g[0][:1]) + " " + p.Family
	}
	return p.Family + " " + strings.ToUpper(g[0][:1]) + "."
}

func both(rng *rand.Rand, p Person, of func(Place) string) string {
	x := p.Places[rng.IntN(len(p.Places))]
	if of(x) == "" {
		return ""
	}
	return strings.ToLower(p.Family) + " " + strings.ToLower(of(x))
}

// words are what people say for a profession.
var words = map[string]string{"Masseur-Kinésithérapeute": "kiné", "Chirurgien-Dentiste": "dentiste", "Infirmier": "infirmière", "Opticien-Lunetier": "opticien", "Pédicure-Podologue": "podologue",
	"Sage-Femme": "sage femme", "Orthophoniste": "orthophoniste", "Pharmacien": "pharmacien", "Diététicien": "diététicienne", "Ergothérapeute": "ergo", "Psychomotricien": "psychomotricienne",
	"Audio-Prothésiste": "audioprothésiste", "Ostéopathe": "ostéo", "Psychologue": "psychologue", "Médecin": "médecin", "Orthoptiste": "orthoptiste"}

func trade(_ *rand.Rand, p Person) string {
	if len(p.Places) != 1 || p.Places[0].City == "" || words[p.Places[0].Profession] == "" {
		return ""
	}
	return words[p.Places[0].Profession] + " " + strings.ToLower(p.Places[0].City)
}
