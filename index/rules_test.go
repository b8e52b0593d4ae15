package index

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"annuaire"

	"github.com/google/go-cmp/cmp"
)

// someone makes a person with one situation.
func someone(id, family, given string, at annuaire.Address, structure *annuaire.StructureRef) PersonDoc {
	return PersonDoc{Person: &annuaire.Professional{ID: id, Family: family, Given: given,
		Practices:  []annuaire.Practice{{Profession: annuaire.Coded{Code: "10"}, Category: annuaire.Coded{Code: "C"}}},
		Activities: []annuaire.Activity{{Profession: "10", Category: "C", Address: &at, Structure: structure, Sector: annuaire.Coded{Code: "SA07"}}}}}
}

func buildOf(t testing.TB, docs ...PersonDoc) *People {
	t.Helper()
	w := &world{people: map[string]PersonDoc{}}
	for _, d := range docs {
		w.people[d.Person.ID] = d
	}
	p, _ := w.build(t)
	return p
}

// The sentences of the search contract on match modes, one sub-test each.
func TestMatchModes(t *testing.T) {
	mende := annuaire.Address{City: "Mende", INSEE: "48095", PostalCode: "48000", Street: "12 RUE DES LILAS"}
	lyon3 := annuaire.Address{City: "LYON", INSEE: "69383", PostalCode: "69003"}
	etienne := annuaire.Address{City: "ST ETIENNE", INSEE: "42218", PostalCode: "42000"}
	hospital := &annuaire.StructureRef{ID: "F010000001", Name: "CENTRE HOSPITALIER DE MENDE", TradeName: "HOPITAL LOZERE", FINESS: "010000001", FINESSEJ: "010000009"}
	p := buildOf(t,
		someone("899000000001", "DE-LA TOUR", "Zélie", mende, hospital),
		someone("899000000002", "TOUR", "Jean-Pierre", lyon3, nil),
		someone("899000000003", "ŒUVRARD", "Jean", etienne, nil),
		someone("899000000004", "D’ARC", "Pierre", mende, nil))
	eq, pre := annuaire.Equals, annuaire.Prefix
	tests := []struct {
		name string
		e    annuaire.Expr
		want string // last digits of the ids, in order
	}{
		{"exact: hyphen, apostrophe and space are alike", eq("family", "de la tour"), "1"},
		{"exact: the whole value, not one of its words", eq("family", "tour"), "2"},
		{"exact: ligatures are folded", eq("family", "oeuvrard"), "3"},
		{"exact: typographic apostrophes are apostrophes", eq("family", "D'ARC"), "4"},
		{"exact: accents are folded", eq("given", "ZELIE"), "1"},
		{"exact: half of a compound given name is not it", eq("given", "jean"), "3"},
		{"name exact: every word is a whole word of family or given", eq("name", "tour jean"), "2"},
		{"name exact: the beginning of a word is not enough", eq("name", "tou jean"), ""},
		{"name: words in any order", pre("name", "zel tour"), "1"},
		{"prefix: whole values come first", pre("family", "tour"), "21"},
		{"prefix: words are word prefixes, in order", pre("family", "la to"), "1"},
		{"prefix: the order counts", pre("family", "tour la"), ""},
		{"prefix: words need not be adjacent", pre("family", "de tour"), "1"},
		{"prefix: the middle of a word is no beginning", pre("family", "our"), ""},
		{"prefix: one letter", pre("family", "o"), "3"},
		{"prefix: an apostrophe separates words", pre("family", "ar"), "4"},
		{"city exact: a city accepts its arrondissements", eq("city", "Lyon"), "2"},
		{"city exact: an arrondissement is its own", eq("city", "lyon 3e"), "2"},
		{"city exact: another arrondissement is another", eq("city", "lyon 7e"), ""},
		{"city exact: saint and st are alike", eq("city", "Saint-Étienne"), "3"},
		{"city: a commune code", eq("city", "69123"), "2"},
		{"city prefix: st begins Saint", pre("city", "st et"), "3"},
		{"insee: a city accepts its arrondissements", eq("insee", "69123"), "2"},
		{"postal code shorter than five digits is a prefix", eq("postal_code", "48"), "41"},
		{"postal code of five digits is whole", eq("postal_code", "48000"), "41"},
		{"street prefix: words in order", pre("street", "rue lil"), "41"},
		{"street exact: the whole line", eq("street", "12 rue des lilas"), "41"},
		{"structure: by its trade name", eq("structure", "hôpital Lozère"), "1"},
		{"structure: words do not run from one name into the other", pre("structure", "centre lozere"), ""},
		{"structure: part of words in order", pre("structure", "cent mend"), "1"},
		{"finess: the site", eq("finess", "010000001"), "1"},
		{"finess: the legal entity", eq("finess", "010000009"), "1"},
		{"setting: by the sector", eq("setting", "ville"), "4132"},
		{"codes and labels both work", eq("profession", "médecin"), "4132"},
		{"id: an RPPS number", eq("id", "99000000003"), "3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := p.Search(context.Background(), annuaire.Query{Where: tt.e})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, h := range r.Hits {
				got += h.ID[len(h.ID)-1:]
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestWhatBelongsToAnActivityHoldsWithinOneActivity(t *testing.T) {
	d := someone("899000000001", "TOUR", "Jean", annuaire.Address{City: "LYON", INSEE: "69383"}, nil)
	d.Person.Activities = append(d.Person.Activities, annuaire.Activity{Profession: "10", Category: "C", Mode: annuaire.Coded{Code: "L"},
		Address: &annuaire.Address{City: "PARIS", INSEE: "75112"}})
	p := buildOf(t, d)
	liberal := annuaire.Equals("mode", "L")
	tests := []struct {
		name      string
		e         annuaire.Expr
		total     int
		situation int
	}{
		{"both in one", annuaire.OneActivity(liberal, annuaire.Equals("city", "paris")), 1, 1},
		{"one in each", annuaire.OneActivity(liberal, annuaire.Equals("city", "lyon")), 0, 0},
		{"outside of OneActivity each is about the person", annuaire.And(liberal, annuaire.Equals("city", "lyon")), 1, 1},
		{"not: no situation has it", annuaire.Not(liberal), 0, 0},
		{"not, within one: some situation has it not", annuaire.OneActivity(annuaire.Not(liberal)), 1, 0},
		{"neither true nor false", annuaire.Not(annuaire.Expr{Op: annuaire.OpUndefined}), 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := p.Search(context.Background(), annuaire.Query{Where: tt.e})
			if err != nil || r.Total != tt.total {
				t.Fatalf("total %d, want %d: %v", r.Total, tt.total, err)
			}
			if tt.total == 1 && r.Hits[0].Situation != tt.situation {
				t.Errorf("situation %d, want %d", r.Hits[0].Situation, tt.situation)
			}
		})
	}
}

func TestAHitSaysWhatItMatchedOn(t *testing.T) {
	p := buildOf(t, someone("899000000001", "TOUR", "Jean", annuaire.Address{City: "Mende", INSEE: "48095", PostalCode: "48000"}, nil))
	q := annuaire.And(annuaire.Prefix("family", "tour"), annuaire.Prefix("given", "je"), annuaire.Not(annuaire.Equals("family", "arc")),
		annuaire.OneActivity(annuaire.Equals("city", "mende"), annuaire.Equals("postal_code", "48"), annuaire.Or(annuaire.Equals("profession", "10"), annuaire.Equals("profession", "21"))))
	r, err := p.Search(context.Background(), annuaire.Query{Where: q})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"family=exact", "given=prefix", "city=exact", "postal_code=prefix", "profession=exact"}
	var got []string
	for _, why := range r.Hits[0].Why {
		got = append(got, string(why.Field)+"="+why.How)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAValueThatMeansNothingIsRefused(t *testing.T) {
	d := someone("899000000001", "TOUR", "Jean", annuaire.Address{}, nil)
	d.Person.Practices[0].Specialties = []annuaire.Specialty{{Coded: annuaire.Coded{Code: "SM99"}}}
	p := buildOf(t, d)
	tests := []struct {
		name  string
		e     annuaire.Expr
		words string // in the message; "" for a value that is fine
	}{
		{"the nearest profession is named", annuaire.Equals("profession", "medcin"), "Médecin"},
		{"the nearest department is named", annuaire.Equals("department", "rhonne"), "Rhône"},
		{"the nearest region is named", annuaire.Equals("region", "bretagn"), "Bretagne"},
		{"a code that is no code", annuaire.Equals("mode", "XYZ"), "XYZ"},
		{"an unknown setting", annuaire.Equals("setting", "campagne"), "campagne"},
		{"a code newer than the tables, in use", annuaire.Equals("specialty", "sm99"), ""},
		{"a boolean that is none", annuaire.Equals("has_mailbox", "oui"), "oui"},
		{"a field of mailboxes", annuaire.Equals("kind", "PER"), "critère"},
		{"a range of names", annuaire.Expr{Op: annuaire.OpRange, Field: "family", Value: "a"}, "comparaison"},
		{"a negation of two", annuaire.Expr{Op: annuaire.OpNot, Args: []annuaire.Expr{{}, {}}}, "négation"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := p.Search(context.Background(), annuaire.Query{Where: annuaire.OneActivity(tt.e)})
			if tt.words == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var e *annuaire.Error
			if !errors.As(err, &e) || e.Code != annuaire.CodeInvalid || !strings.Contains(e.Message, tt.words) || e.English == "" {
				t.Fatalf("%v", err)
			}
			if tt.e.Field != "" && e.Op != string(tt.e.Field) {
				t.Errorf("the error is about %q", e.Op)
			}
		})
	}
}

func TestAnIndexThatWasNotFinishedIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "p")
	b, err := CreatePeople(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Add(newWorld(1, 1).people["899000000000"]); err != nil {
		t.Fatal(err)
	}
	if err := b.e.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenPeople(dir); annuaire.CodeOf(err) != annuaire.CodeUnavailable {
		t.Errorf("opened: %v", err)
	}
	if _, err := CreatePeople(dir); err == nil {
		t.Error("a build began in a folder that is not empty")
	}
}

func TestABuildLeavesFewSegmentsAndNothingElse(t *testing.T) {
	for _, n := range []int{1, 100, 300, 900} {
		dir := newWorld(1, n).finish(t) // once it is open, segments as small as these are merged
		segments, err := filepath.Glob(filepath.Join(dir, "*.zap"))
		files, err2 := os.ReadDir(dir)
		if err := errors.Join(err, err2); err != nil || len(segments) < 1 || len(segments) > builtSegments || len(files) != len(segments)+1 { // and scorch's own
			t.Errorf("%d people: files %v %v", n, files, err)
		}
	}
}

func TestAnAbandonedBuildLeavesNothing(t *testing.T) {
	parent := t.TempDir()
	b, err := CreatePeople(filepath.Join(parent, "p"))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Add(newWorld(1, 1).people["899000000000"]); err != nil {
		t.Fatal(err)
	}
	if err := b.Abandon(); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(parent, "*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func TestAClosedIndexIsUnavailable(t *testing.T) {
	p, _ := newWorld(1, 3).build(t)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := p.Search(context.Background(), annuaire.Query{})
	_, err2 := p.Seq()
	for _, err := range []error{err, err2, p.Apply(2, nil, nil)} {
		if annuaire.CodeOf(err) != annuaire.CodeUnavailable {
			t.Error(err)
		}
	}
}

func TestASearchEndsWithItsContext(t *testing.T) {
	p, _ := newWorld(1, 3).build(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := p.Search(ctx, annuaire.Query{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestSearchesAndChangesAtOnce(t *testing.T) {
	w := newWorld(8, 100)
	p, _ := w.build(t)
	done := make(chan error)
	for range 3 {
		go func() {
			for range 60 {
				r, err := p.Search(context.Background(), annuaire.Query{Where: annuaire.Prefix("family", "m"), Facets: []annuaire.Field{"city", "mode"}})
				if err == nil && !slices.IsSortedFunc(r.Hits, func(a, b Hit) int { return a.Grade - b.Grade }) {
					err = errors.New("grades are not in order")
				}
				if err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for seq := range uint64(15) {
		w.step(t, p, seq+2)
	}
	for range 3 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	w.check(t, p, 16)
}
