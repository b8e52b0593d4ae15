package index

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/geo"
)

// bigWorld makes people as the country has them, roughly: 1.15 situations each, surnames with a long tail, towns by population.
type bigWorld struct {
	surnames, givens, streets []string
	towns                     []geo.Commune
	weights                   []int // cumulated population
	hospitals                 []annuaire.StructureRef
}

func newBigWorld(people int) *bigWorld {
	rng := rand.New(rand.NewPCG(42, 42))
	w := &bigWorld{givens: strings.Fields("Marie Jean Pierre Anne Sophie Camille Léa Julie Thomas Nicolas Julien Laura Pauline Claire Lucas Hugo Emma Chloé Manon Sarah Inès Zélie Paul Louis Jules Adèle")}
	w.surnames = make([]string, max(2000, people/8))
	syl := strings.Fields("BA BE BER BON CHA CLE COR DA DE DU DUR FA FON GA GAR GI GRAN HE JA LA LE LI LO MA MAR MI MO MON NA NO PA PE PI POU RE RI RO ROU SA SI SO TA TE TI TOU VA VI VER")
	end := strings.Fields("RD ND IER ET OT IN ON AULT EAU T S X CQ NET LIN TIER VRE LLE RIE DAL")
	for i := range w.surnames {
		n := syl[rng.IntN(len(syl))]
		for range 1 + rng.IntN(3) {
			n += syl[rng.IntN(len(syl))]
		}
		w.surnames[i] = n + end[rng.IntN(len(end))]
		if rng.IntN(12) == 0 {
			w.surnames[i] += "-" + w.surnames[rng.IntN(i+1)]
		} else if rng.IntN(40) == 0 {
			w.surnames[i] = "DE " + w.surnames[i]
		}
	}
	for i := range 5000 {
		w.streets = append(w.streets, []string{"RUE", "AVENUE", "PLACE", "BOULEVARD"}[i%4]+" "+[]string{"DU", "DE LA", "DES"}[i%3]+" "+w.surnames[rng.IntN(len(w.surnames))])
	}
	total := 0
	for _, c := range geo.Communes() {
		if c.Population > 0 && len(c.PostalCodes) > 0 {
			total += c.Population
			w.towns, w.weights = append(w.towns, c), append(w.weights, total)
		}
	}
	for i := range 4000 {
		c := w.town(rng)
		f := fmt.Sprintf("%09d", 10000000+i)
		w.hospitals = append(w.hospitals, annuaire.StructureRef{ID: "F" + f, Name: "CENTRE HOSPITALIER DE " + strings.ToUpper(c.Name), FINESS: f, FINESSEJ: fmt.Sprintf("%09d", 20000000+i/2)})
	}
	return w
}

func (w *bigWorld) town(rng *rand.Rand) geo.Commune {
	x, lo, hi := rng.IntN(w.weights[len(w.weights)-1]), 0, len(w.weights)
	for lo < hi {
		if mid := (lo + hi) / 2; w.weights[mid] <= x {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return w.towns[lo]
}

func (w *bigWorld) person(i int) PersonDoc {
	rng := rand.New(rand.NewPCG(7, uint64(i)))
	zipf := func(n int) int { return int(float64(n) * rng.Float64() * rng.Float64() * rng.Float64()) }
	p := &annuaire.Professional{ID: fmt.Sprintf("8990%08d", i), Family: w.surnames[zipf(len(w.surnames))], Given: w.givens[zipf(len(w.givens))]}
	prof := []string{"60", "60", "60", "10", "10", "70", "21", "40", "93", "99", "26", "91", "50"}[rng.IntN(13)]
	pr := annuaire.Practice{Profession: annuaire.Coded{Code: prof}, Category: annuaire.Coded{Code: "C"}}
	if prof == "10" {
		pr.Specialties = []annuaire.Specialty{{Coded: annuaire.Coded{Code: fmt.Sprintf("SM%02d", 1+zipf(60))}, Type: "S"}}
	}
	p.Practices = []annuaire.Practice{pr}
	n := 1
	if rng.IntN(10) == 0 {
		n += 1 + rng.IntN(2)
	}
	if rng.IntN(9) == 0 {
		n = 0
	}
	for range n {
		p.Activities = append(p.Activities, w.activity(rng, i, prof))
	}
	doc := PersonDoc{Person: p}
	if rng.IntN(4) == 0 {
		doc.Mailboxes = []annuaire.Mailbox{{Address: fmt.Sprintf("%s.%d@medecin.formation.mssante.fr", strings.ToLower(p.Given), i)}}
	}
	return doc
}

func (w *bigWorld) activity(rng *rand.Rand, i int, prof string) annuaire.Activity {
	c := w.town(rng)
	street := strconv.Itoa(1+rng.IntN(200)) + " " + w.streets[rng.IntN(len(w.streets))]
	a := annuaire.Activity{Profession: prof, Category: "C", Mode: annuaire.Coded{Code: "SSLLB"[rng.IntN(5):][:1]}, Sector: annuaire.Coded{Code: fmt.Sprintf("SA%02d", 1+rng.IntN(30))},
		Address: &annuaire.Address{Lines: []string{street}, Street: street, PostalCode: c.PostalCodes[0], City: c.Name, INSEE: c.INSEE, Department: annuaire.Coded{Code: c.Department}, Region: annuaire.Coded{Code: c.Region}}}
	if rng.IntN(2) == 0 {
		s := w.hospitals[rng.IntN(len(w.hospitals))]
		a.Structure = &s
	} else {
		a.Structure = &annuaire.StructureRef{ID: fmt.Sprintf("R1%013d", i), Name: "CABINET DU DR " + w.surnames[rng.IntN(len(w.surnames))]}
	}
	return a
}

// benchPeople is the size of the benchmarks; ANNUAIRE_BENCH_PEOPLE asks for another.
func benchPeople() int {
	if n, err := strconv.Atoi(os.Getenv("ANNUAIRE_BENCH_PEOPLE")); err == nil {
		return n
	}
	return 200_000
}

func buildBig(b *testing.B, dir string, n, callers int) time.Duration {
	w := newBigWorld(n)
	start := time.Now()
	bld, err := CreatePeople(dir)
	if err != nil {
		b.Fatal(err)
	}
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() {
			for i := c; i < n; i += callers {
				if err := bld.Add(w.person(i)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if err := bld.Finish(1); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

func BenchmarkBuild(b *testing.B) {
	for b.Loop() {
		n := benchPeople()
		dir := filepath.Join(b.TempDir(), "p")
		took := buildBig(b, dir, n, 2)
		size := 0
		files, _ := os.ReadDir(dir)
		for _, f := range files {
			if i, err := f.Info(); err == nil {
				size += int(i.Size())
			}
		}
		b.ReportMetric(float64(n)/took.Seconds(), "people/s")
		b.ReportMetric(float64(size)/float64(n), "bytes/person")
		b.ReportMetric(float64(len(files)-1), "segments")
	}
}

// searchMix is the twelve questions of the search mix.
func searchMix() (names []string, mix []annuaire.Expr) {
	one, eq, pre := annuaire.OneActivity, annuaire.Equals, annuaire.Prefix
	add := func(name string, e annuaire.Expr) { names, mix = append(names, name), append(mix, e) }
	add("exact RPPS", eq("id", "99000001234"))
	add("surname", pre("family", "marin"))
	add("surname + given", annuaire.And(pre("family", "marin"), pre("given", "marie")))
	add("surname prefix + profession", annuaire.And(pre("family", "mar"), one(eq("profession", "10"))))
	add("surname + departement", annuaire.And(pre("family", "marin"), one(eq("department", "69"))))
	add("profession + departement", one(eq("profession", "10"), eq("department", "69")))
	add("specialty + departement", one(eq("specialty", "SM04"), eq("department", "69")))
	add("specialty + city", one(eq("specialty", "SM04"), pre("city", "lyon")))
	add("structure words + departement", one(pre("structure", "centre hospitalier"), eq("department", "69")))
	add("profession + region + mode", one(eq("profession", "60"), eq("region", "84"), eq("mode", "L")))
	add("postal code + profession", one(eq("postal_code", "69003"), eq("profession", "10")))
	add("one-letter surname prefix", pre("family", "m"))
	return names, mix
}

func BenchmarkSearch(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "p")
	buildBig(b, dir, benchPeople(), 2)
	start := time.Now()
	p, err := OpenPeople(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	opened := time.Since(start)
	if _, err := p.Search(context.Background(), annuaire.Query{Where: annuaire.Prefix("family", "m")}); err != nil {
		b.Fatal(err)
	}
	b.Logf("open %v, first answer after %v", opened, time.Since(start))
	for range 200 {
		time.Sleep(10 * time.Millisecond)
	}
	run := func(name string, q annuaire.Query) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			total := 0
			for b.Loop() {
				r, err := p.Search(context.Background(), q)
				if err != nil {
					b.Fatal(err)
				}
				total = r.Total
			}
			b.ReportMetric(float64(total), "found")
		})
	}
	names, mix := searchMix()
	for i, e := range mix {
		run(names[i], annuaire.Query{Where: e})
	}
	run("everyone", annuaire.Query{})
	run("facets", annuaire.Query{Where: annuaire.OneActivity(annuaire.Equals("profession", "10"), annuaire.Equals("region", "84")),
		Facets: []annuaire.Field{"profession", "specialty", "department", "region", "mode", "sector", "city"}})
	run("facets of everyone", annuaire.Query{Facets: []annuaire.Field{"profession", "specialty", "department", "region", "mode", "sector", "city"}})
	run("not", annuaire.Query{Where: annuaire.Not(annuaire.Equals("profession", "10"))})
	run("two-letter street", annuaire.Query{Where: annuaire.Prefix("street", "ru ma")})
}
