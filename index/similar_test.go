package index

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"annuaire"
)

// found renders the hits of a question: last digit of the id, grade, how.
func foundBy(t *testing.T, p *People, e annuaire.Expr) string {
	t.Helper()
	r, err := p.Search(context.Background(), annuaire.Query{Where: e})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, h := range r.Hits {
		how := ""
		for _, w := range h.Why {
			how += "-" + w.How
		}
		out = append(out, h.ID[len(h.ID)-2:]+how)
	}
	return strings.Join(out, " ")
}

// peopleNamed indexes people of these names, numbered from 01.
func peopleNamed(t *testing.T, full ...string) *People {
	t.Helper()
	var docs []PersonDoc
	for i, n := range full {
		family, given, _ := strings.Cut(n, ", ")
		docs = append(docs, someone(fmt.Sprintf("8990000000%02d", i+1), family, given, annuaire.Address{City: "LYON", INSEE: "69383", PostalCode: "69003"}, nil))
	}
	return buildOf(t, docs...)
}

func TestSimilarNames(t *testing.T) {
	tests := []struct {
		name  string
		who   []string
		field annuaire.Field
		asked string
		want  string
	}{
		{"exact beats folded beats prefix beats phonetic beats typo", []string{"LEFÈVRES, A", "LEFEVRE, A", "LEFÈVRE, A", "LEFEBVRE, A", "LEFÈZRE, A", "DURAND, A"}, "family", "Lefèvre",
			"03-exact 02-folded 01-prefix 04-phonetic 05-typo"},
		{"an accent left out is no fault", []string{"BÉNÉDICT, A", "BENEDICT, A"}, "family", "benedict", "01-exact 02-exact"},
		{"half of a compound name beats a beginning", []string{"MARTINEZ, A", "DUPONT-MARTIN, A", "MARTIN, A", "MARTIN DURAND, A"}, "family", "martin", "03-exact 02-prefix 04-prefix 01-prefix"},
		{"particles may be glued", []string{"DE LA TOUR, A", "TOURNIER, A"}, "family", "DELATOUR", "01-folded"},
		{"particles may be apart", []string{"DELATOUR, A", "DUPONT, A"}, "family", "de la tour", "01-folded"},
		{"particles may be missing", []string{"DE LA TOUR, A", "D'ALMEIDA, A"}, "family", "almeida", "02-prefix"},
		{"particles may be too many", []string{"TOUR, A", "DUPONT, A"}, "family", "de la tour", "01-folded"},
		{"Saint is St", []string{"ST EXUPERY, A", "SAINT-EXUPERY, A", "EXUPERY, A"}, "family", "saint exupéry", "02-folded 01-folded"},
		{"a glued name may be unfinished", []string{"DE LA TOUR, A"}, "family", "delato", "01-prefix"},
		{"a heard name is found", []string{"GAUTHIER, A", "MARTIN, A"}, "family", "Gaultier", "01-phonetic"},
		{"a diminutive is another name, unless it is a beginning", []string{"DUPONT, Emmanuel", "DUPONT, Manuela", "DUPONT, Philippe"}, "given", "manu", "02-prefix"},
		{"a name too short to be mistyped is not guessed", []string{"ROY, A", "ROI, A"}, "family", "roz", ""},
		{"four to seven letters may have one error", []string{"DURAND, A", "DUPRAT, A"}, "family", "dupand", "01-typo"},
		{"eight may have two", []string{"LAMBERTIN, A"}, "family", "lamebrtni", "01-typo"},
		{"not three", []string{"LAMBERTIN, A"}, "family", "lmabretni", ""},
		{"a swap counts once", []string{"CARTON, A"}, "family", "catron", "01-typo"},
		{"the first letter may be wrong", []string{"CARTON, A"}, "family", "barton", "01-typo"},

		{"name: both orders", []string{"DUPONT, Jean"}, "name", "jean dupont", "01-exact"},
		{"name: the other order", []string{"DUPONT, Jean"}, "name", "dupont jean", "01-exact"},
		{"name: initials", []string{"DUPONT, Jean", "DUPONT, Marie"}, "name", "J Dupont", "01-prefix"},
		{"name: an initial is the given name's", []string{"TOURNAND, Zoé", "TOURNAND, Thomas"}, "name", "T Tournand", "02-prefix 01-prefix"},
		{"name: the name beside an initial is the family name", []string{"ALVES, Martin", "MARTIN, Jean", "MARTIN, Marc"}, "name", "martin m", "03-prefix 01-prefix 02-prefix"},
		{"name: a letter before a name may belong to it", []string{"NDIAYE, Awa", "N'DIAYE, Awa", "DIAYE, Nour"}, "name", "n'diaye", "02-exact 01-exact 03-prefix"},
		{"name: a family name of two words is one", []string{"DUPONT, Martin", "MARTIN-DUPONT, Zoé", "MARTIN, Dupont"}, "name", "martin dupont", "01-exact 03-exact 02-exact"},
		{"name: an initial after the name is one too", []string{"DUPONT, Jean", "DUPONT, Marie"}, "name", "dupont j", "01-prefix"},
		{"name: initials of a compound given name", []string{"DUPONT, Jean-Pierre", "DUPONT, Marie"}, "name", "jp dupont", "01-folded"},
		{"name: initials with points", []string{"DUPONT, Jean-Pierre", "DUPONT, Marie"}, "name", "J.P. dupont", "01-folded"},
		{"name: a glued given name", []string{"DUPONT, Jean-Pierre", "DUPONT, Jean"}, "name", "jeanpierre dupont", "01-folded"},
		{"name: a split given name", []string{"DUPONT, JEANPIERRE"}, "name", "dupont jean pierre", "01-exact"},
		{"name: particles in the middle", []string{"DELATOUR, Jean", "TOUR, Marie"}, "name", "jean de la tour", "01-folded"},
		{"name: two good names beat a good and a bad one", []string{"MARTIN, Jeanne", "MARTIN, Jean", "MARTIM, Jean"}, "name", "martin jean", "02-exact 01-prefix 03-typo"},
		{"name: a lone name is a family name first", []string{"ABADIE, Thomas", "THOMAS, Zoé"}, "name", "thomas", "02-exact 01-exact"},
		{"name: every word must hold", []string{"DUPONT, Jean"}, "name", "dupont marie", ""},
		{"name: errors in both", []string{"GAUTHIER, Philippe"}, "name", "filipe gaultier", "01-phonetic"},
		{"name: nothing is nobody", []string{"DUPONT, Jean"}, "name", "'", ""},
		{"name: only particles", []string{"DE LA TOUR, Jean"}, "name", "de la", "01-exact"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := foundBy(t, peopleNamed(t, tt.who...), annuaire.Similar(tt.field, tt.asked)); got != tt.want {
				t.Errorf("%q: got %q, want %q", tt.asked, got, tt.want)
			}
		})
	}
}

func TestSimilarPlaces(t *testing.T) {
	p := peopleNamed(t, "DUPONT, Jean")
	for asked, want := range map[string]string{"lyon": "01-exact", "lion": "01-phonetic", "lyom": "01-typo", "ly": "01-prefix", "paris": "", "pariz": ""} {
		t.Run("a city typed "+asked, func(t *testing.T) {
			if got := foundBy(t, p, annuaire.OneActivity(annuaire.Similar("city", asked))); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestReadingsHaveACost(t *testing.T) {
	p := peopleNamed(t, "LYON, Jean", "DUPONT, Jean")
	far := annuaire.Similar("name", "lyon")
	far.Cost = 1
	q := annuaire.OneActivity(annuaire.Or(annuaire.Equals("city", "lyon"), far))
	r, err := p.Search(context.Background(), annuaire.Query{Where: annuaire.And(annuaire.Similar("given", "jean"), q)})
	if err != nil || r.Total != 2 || r.Hits[0].Grade != 0 {
		t.Fatalf("%+v: %v", r, err)
	}
	only := annuaire.Similar("name", "lyon")
	only.Cost = 3
	if r, err = p.Search(context.Background(), annuaire.Query{Where: only}); err != nil || r.Total != 1 || r.Hits[0].Grade != 3 {
		t.Fatalf("%+v: %v", r, err)
	}
}

func TestACriterionThatNeedNotHoldOrdersOnly(t *testing.T) {
	p := peopleNamed(t, "DUPONT, Jean", "DUPONT, Marc", "DURAND, Marc", "DUPONT, Jean-Marie")
	m := annuaire.Or(annuaire.Prefix("given", "m"), annuaire.Expr{Cost: costPrefix + 1})
	for _, q := range []annuaire.Expr{annuaire.And(annuaire.Similar("family", "dupont"), m), annuaire.OneActivity(annuaire.Similar("family", "dupont"), m)} {
		if got, want := foundBy(t, p, q), "04-exact-prefix 02-exact-prefix 01-exact"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestAGuessCountsWhereLittleIsFound(t *testing.T) {
	p := buildOf(t, numbered([]string{"LYON, A", "DUPONT, A"})...)
	guess := annuaire.Equals("given", "a")
	guess.Guess, guess.Cost = true, 1
	for name, tt := range map[string]struct {
		sure annuaire.Expr
		want int
	}{"few": {annuaire.Equals("family", "lyon"), 2}} {
		t.Run(name, func(t *testing.T) {
			r, err := p.Search(context.Background(), annuaire.Query{Where: annuaire.Or(tt.sure, guess)})
			if err != nil || r.Total != tt.want || r.Hits[0].Family != "lyon" || r.Hits[1].Grade != 1 {
				t.Fatalf("%+v %v", r, err)
			}
		})
	}
	var many []string
	for i := range enough {
		many = append(many, fmt.Sprintf("MARTIN, B%02d", i))
	}
	p = buildOf(t, numbered(append(many, "DUPONT, A"))...)
	r, err := p.Search(context.Background(), annuaire.Query{Where: annuaire.Or(annuaire.Equals("family", "martin"), guess)})
	if err != nil || r.Total != enough {
		t.Fatalf("many are found: no guesses: %d: %v", r.Total, err)
	}
}

func TestTypingErrorsAreGuessedWhereLittleIsFound(t *testing.T) {
	var who []string
	for i := range enough {
		who = append(who, fmt.Sprintf("MARTIN, A%02d", i%100))
	}
	who = append(who[:enough-1], "MARTEN, B")
	p := buildOf(t, numbered(who)...)
	r, err := p.Search(context.Background(), annuaire.Query{Where: annuaire.Similar("family", "martin")})
	if err != nil || r.Total != enough {
		t.Fatalf("few are found: guesses count too: %d: %v", r.Total, err)
	}
	p = buildOf(t, numbered(append(who, "MARTIN, C"))...)
	if r, err = p.Search(context.Background(), annuaire.Query{Where: annuaire.Similar("family", "martin")}); err != nil || r.Total != enough {
		t.Fatalf("enough are found: no guesses: %d: %v", r.Total, err)
	}
}

func numbered(who []string) (docs []PersonDoc) {
	for i, n := range who {
		family, given, _ := strings.Cut(n, ", ")
		docs = append(docs, someone(fmt.Sprintf("89900000%04d", i), family, given, annuaire.Address{}, nil))
	}
	return docs
}

func TestNewWordsAreGuessedToo(t *testing.T) {
	p := peopleNamed(t, "DUPONT, Jean")
	ask := func() string { return foundBy(t, p, annuaire.Similar("family", "lambertim")) }
	if got := ask(); got != "" {
		t.Fatal(got)
	}
	if err := p.Apply(2, []PersonDoc{someone("899000000077", "LAMBERTIN", "Zoé", annuaire.Address{}, nil)}, nil); err != nil {
		t.Fatal(err)
	}
	if got := ask(); got != "77-typo" {
		t.Fatalf("got %q", got)
	}
}

func TestSegmentsMergedMeanwhileAreNoReasonToWait(t *testing.T) {
	p := peopleNamed(t, "LAMBERTIN, Jean")
	in, err := p.read("")
	if err != nil {
		t.Fatal(err)
	}
	defer in.release()
	gone := *in.views[0]
	gone.id = ^uint64(0) // a segment that is no longer there
	begun := time.Now()
	if ok, err := p.words.ensure(context.Background(), p.engine, []*view{&gone}, time.Minute); err != nil || !ok || time.Since(begun) > 30*time.Second {
		t.Fatal(ok, err, time.Since(begun))
	}
}

func TestASearchIsCutByTime(t *testing.T) {
	p := peopleNamed(t, "DUPONT, Jean")
	s, err := p.search(context.Background(), annuaire.Query{Where: annuaire.Equals("family", "dupont")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.release()
	s.end = time.Now().Add(-time.Second)
	more := slices.Clone(s.views)
	for range 2 { // how many segments there are is the merger's business
		v := *s.views[0]
		more = append(more, &v)
	}
	s.views = more
	if err := s.prepare(); err != nil {
		t.Fatal(err)
	}
	var res Result
	if err := s.look(&res); err != nil || !res.AtLeast || res.Total != 1 {
		t.Fatalf("%+v: %v", res, err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if s.end = mostOf(ctx); s.over() || s.left() < 40*time.Second {
		t.Error("a minute is not over yet")
	}
	if s.end = mostOf(context.Background()); s.over() {
		t.Error("a question without an end is over")
	}
}
