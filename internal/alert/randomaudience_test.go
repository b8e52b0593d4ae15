package alert_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"annuaire/internal/nomenclature"
)

// said is an audience as this test makes it up: its own tree, its own way of writing, its own meaning.
type said struct {
	op     string // "is", "all", "any", "not"
	field  string
	values []string
	args   []said
}

type saidAudience struct {
	everyone               bool
	where                  *said
	also, include, exclude []said
}

func (s said) text() string {
	switch s.op {
	case "is":
		var values []string
		for _, v := range s.values {
			values = append(values, `"`+v+`"`)
		}
		return s.field + ":" + strings.Join(values, ", ")
	case "not":
		return "-(" + s.args[0].text() + ")"
	}
	var out []string
	for _, a := range s.args {
		out = append(out, "("+a.text()+")")
	}
	return strings.Join(out, map[string]string{"all": " ", "any": " OR "}[s.op])
}

func (a saidAudience) text() string {
	var out []string
	if a.everyone {
		out = append(out, "everyone")
	}
	if a.where != nil {
		out = append(out, a.where.text())
	}
	for _, g := range []struct {
		name string
		of   []said
	}{{"also", a.also}, {"include", a.include}, {"exclude", a.exclude}} {
		for _, s := range g.of {
			out = append(out, g.name+"("+s.text()+")")
		}
	}
	return strings.Join(out, " ")
}

// everydayWords reads the reviewed table by itself: word -> readings of field=code,code.
func everydayWords(t testing.TB) map[string][]map[string][]string {
	t.Helper()
	data, err := os.ReadFile("../freetext/words.tsv")
	if err != nil {
		t.Fatal(err)
	}
	words := map[string][]map[string][]string{}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		cells := strings.Split(line, "\t")
		var readings []map[string][]string
		for reading := range strings.SplitSeq(cells[1], "|") {
			all := map[string][]string{}
			for c := range strings.SplitSeq(reading, "&") {
				field, codes, _ := strings.Cut(c, "=")
				all[field] = strings.Split(codes, ",")
			}
			readings = append(readings, all)
		}
		words[strings.Split(cells[0], "|")[0]] = readings
	}
	return words
}

// judge holds people against audiences.
type judge struct {
	words  map[string][]map[string][]string
	labels map[string]string // of the values that are written as labels: field, ":", label -> code
}

// outside are the professions that a criterion has to name.
var outside = strings.Fields("41 42 43 44 45 46 47 48 49 51 52 53 99 200 201 202 203 204 205 206 207 208 209 210 211 212 213")

// is tells whether a criterion holds in a situation, and whether it names its profession.
func (j judge) is(p *soul, s spot, field string, values []string) (holds, names bool) {
	any := func(of ...string) bool {
		return slices.ContainsFunc(of, func(v string) bool { return v != "" && slices.Contains(values, v) })
	}
	switch field {
	case "word":
		for _, v := range values {
			for _, reading := range j.words[v] {
				all, named := true, false
				for f, codes := range reading {
					h, n := j.is(p, s, f, codes)
					all, named = all && h, named || n
				}
				holds, names = holds || all, names || all && named
			}
		}
		return holds, names
	case "profession":
		return any(s.profession), any(s.profession)
	case "role":
		return any(s.role), any(s.role) && s.profession == "99" && slices.ContainsFunc(values, func(v string) bool { return !strings.HasPrefix(v, "FON") })
	case "rpps":
		return any(p.id, p.id[1:]), any(p.id, p.id[1:])
	case "specialty":
		return any(s.skills...), false
	case "category":
		return any(s.category), false
	case "mode":
		return any(s.mode), false
	case "sector":
		return any(s.sector), false
	case "section":
		return any(s.section), false
	case "setting":
		return any(nomenclature.SettingOf(s.sector)), false
	case "region":
		return any(s.region), false
	case "department":
		for _, v := range values {
			if code, ok := j.labels["department:"+v]; ok {
				v = code
			}
			holds = holds || s.department != "" && s.department == v
		}
		return holds, false
	case "city":
		return any(s.communes...), false
	case "postal_code":
		return slices.ContainsFunc(values, func(v string) bool { return s.postal == v || len(v) < 5 && strings.HasPrefix(s.postal, v) }), false
	case "finess":
		return any(s.finess...), false
	case "siret":
		return any(s.siret...), false
	case "siren":
		return any(s.siren...), false
	}
	panic(field)
}

func (j judge) in(p *soul, s spot, e said) (holds, names bool) {
	switch e.op {
	case "is":
		return j.is(p, s, e.field, e.values)
	case "not":
		if e.args[0].op == "not" { // negating twice is not negating, of naming too
			return j.in(p, s, e.args[0].args[0])
		}
		holds, _ = j.in(p, s, e.args[0])
		return !holds, false
	}
	holds = e.op == "all"
	for _, a := range e.args {
		h, n := j.in(p, s, a)
		names = names || n
		if e.op == "all" {
			holds = holds && h
		} else {
			holds = holds || h
		}
	}
	return holds, names && holds
}

// selects tells whether some situation of a person satisfies a group; guard: those outside health only where it names them.
func (j judge) selects(p *soul, e said, guard bool) bool {
	return slices.ContainsFunc(p.spots, func(s spot) bool {
		holds, names := j.in(p, s, e)
		return holds && (!guard || names || !slices.Contains(outside, s.profession))
	})
}

func (j judge) selected(p *soul, a saidAudience) bool {
	in := a.everyone && j.selects(p, said{op: "all"}, true) || a.where != nil && j.selects(p, *a.where, true)
	for _, e := range a.also {
		in = in && j.selects(p, e, false)
	}
	for _, e := range a.include {
		in = in || j.selects(p, e, true)
	}
	for _, e := range a.exclude {
		in = in && !j.selects(p, e, false)
	}
	return in
}

// pool draws values that people have, some that nobody has, and the awkward ones often.
type pool struct {
	rng    *rand.Rand
	values map[string][]string
	fields []string
}

func newPool(people map[string]*soul, words map[string][]map[string][]string, seed uint64) *pool {
	sets := map[string]map[string]bool{}
	add := func(field string, values ...string) {
		if sets[field] == nil {
			sets[field] = map[string]bool{}
		}
		for _, v := range values {
			if v != "" {
				sets[field][v] = true
			}
		}
	}
	for id, p := range people {
		add("rpps", id)
		for _, s := range p.spots {
			add("profession", s.profession)
			add("category", s.category)
			add("mode", s.mode)
			add("sector", s.sector)
			add("role", s.role)
			add("section", s.section)
			add("specialty", s.skills...)
			add("region", s.region)
			add("department", s.department)
			add("city", s.communes...)
			add("finess", s.finess...)
			add("siret", s.siret...)
			add("siren", s.siren...)
			if len(s.postal) == 5 && strings.Trim(s.postal, "0123456789") == "" {
				add("postal_code", s.postal, s.postal[:2], s.postal[:3])
			}
		}
	}
	add("profession", "99", "10", "60")
	add("department", "2A", "2B", "971", "974", "976", "75", "69", "48", "Corse-du-Sud", "Rhône")
	add("city", "75056", "69123", "13055", "75112", "2A004")
	add("setting", "ville", "hopital")
	for w := range words {
		add("word", w)
	}
	p := &pool{rng: rand.New(rand.NewPCG(seed, 9)), values: map[string][]string{}}
	for f, set := range sets {
		for v := range set {
			p.values[f] = append(p.values[f], v)
		}
		slices.Sort(p.values[f])
		p.fields = append(p.fields, f)
	}
	slices.Sort(p.fields)
	// what many have is drawn more often, so that conjunctions meet
	p.fields = append(p.fields, "profession", "profession", "department", "department", "mode", "sector", "region", "word", "word", "setting")
	return p
}

func (p *pool) draw(depth int) said {
	op := "is"
	if depth > 0 {
		op = []string{"is", "is", "all", "all", "any", "any", "not"}[p.rng.IntN(7)]
	}
	out := said{op: op}
	switch op {
	case "is":
		out.field = p.fields[p.rng.IntN(len(p.fields))]
		for range 1 + p.rng.IntN(3) {
			out.values = append(out.values, p.values[out.field][p.rng.IntN(len(p.values[out.field]))])
		}
	case "not":
		out.args = []said{p.draw(depth - 1)}
	default:
		for range 2 + p.rng.IntN(2) {
			out.args = append(out.args, p.draw(depth-1))
		}
	}
	return out
}

func (p *pool) audience() (a saidAudience) {
	some := func(most int) (out []said) {
		for range max(0, p.rng.IntN(most+3)-2) {
			out = append(out, p.draw(p.rng.IntN(3)))
		}
		return out
	}
	if a.include, a.exclude = some(2), some(2); p.rng.IntN(20) == 0 {
		a.everyone = true
	} else {
		s := p.draw(3)
		a.where = &s
	}
	a.also = some(1)
	return a
}

func (a saidAudience) String() string { return fmt.Sprintf("%q", a.text()) }
