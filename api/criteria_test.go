package api

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"annuaire"
)

// Short names for the trees below.
func eq(f annuaire.Field, v string) annuaire.Expr   { return annuaire.Equals(f, v) }
func px(f annuaire.Field, v string) annuaire.Expr   { return annuaire.Prefix(f, v) }
func like(f annuaire.Field, v string) annuaire.Expr { return annuaire.Similar(f, v) }
func one(args ...annuaire.Expr) annuaire.Expr       { return annuaire.OneActivity(args...) }

// TestCriteria has a row for every parameter on every route where it means something of its own.
func TestCriteria(t *testing.T) {
	t.Parallel()
	tests := []struct {
		rule, url string
		want      annuaire.Expr
	}{
		{"no criterion means everyone", "/v1/professionals", annuaire.Expr{}},
		{"a text of which nothing can be used means nobody", "/v1/professionals?q=du+sport", annuaire.Expr{Op: annuaire.OpFalse}},
		{"name is tolerant unless told", "/v1/professionals?name=exemple z%C3%A9lie", like("name", "exemple zélie")},
		{"match=exact compares whole names", "/v1/professionals?match=exact&family=de+la+tour", eq("family", "de la tour")},
		{"a comma belongs to a name", "/v1/professionals?given=Jean,Paul", like("given", "Jean,Paul")},
		{"a semicolon belongs to a name", "/v1/professionals?given=Jean;Paul", like("given", "Jean;Paul")},
		{"repeating means any of", "/v1/professionals?family=a&family=b&family=a", annuaire.Or(like("family", "a"), like("family", "b"))},
		{"id takes any national identifier", "/v1/professionals?id=99012345679,0990000001", annuaire.Or(eq("id", "899012345679"), eq("id", "0990000001"))},
		{"rpps takes spaces", "/v1/professionals?rpps=990 1234 5679", eq("id", "899012345679")},
		{"mailbox is folded to lower case", "/v1/professionals?mailbox=Zelie@Medecin.formation.mssante.fr", eq("mailbox", "zelie@medecin.formation.mssante.fr")},
		{"has_mailbox=true", "/v1/professionals?has_mailbox=true", eq("has_mailbox", "true")},
		{"has_mailbox=false is the contrary", "/v1/professionals?has_mailbox=false", annuaire.Not(eq("has_mailbox", "true"))},
		{"codes split at commas", "/v1/professionals?profession=10,21", one(annuaire.Or(eq("profession", "10"), eq("profession", "21")))},
		{"labels are values too", "/v1/professionals?profession=m%C3%A9decin", one(eq("profession", "médecin"))},
		{"labels split at commas without a space", "/v1/professionals?profession=m%C3%A9decin,pharmacien", one(annuaire.Or(eq("profession", "médecin"), eq("profession", "pharmacien")))},
		{"a label with a comma and a space is one value", "/v1/professionals?mode=Lib%C3%A9ral, ind%C3%A9pendant", one(eq("mode", "Libéral, indépendant"))},
		{"category", "/v1/professionals?category=C, E", one(annuaire.Or(eq("category", "C"), eq("category", "E")))},
		{"specialty", "/v1/professionals?specialty=SM04", one(eq("specialty", "SM04"))},
		{"mode", "/v1/professionals?mode=L", one(eq("mode", "L"))},
		{"sector", "/v1/professionals?sector=SA07", one(eq("sector", "SA07"))},
		{"role", "/v1/professionals?role=FON-01", one(eq("role", "FON-01"))},
		{"setting, whatever its accents", "/v1/professionals?setting=H%C3%B4pital", one(eq("setting", "hopital"))},
		{"structure is words", "/v1/professionals?structure=CH+Exemple", one(like("structure", "CH Exemple"))},
		{"finess without its F", "/v1/professionals?finess=F990000001,990000002", one(annuaire.Or(eq("finess", "990000001"), eq("finess", "990000002")))},
		{"siret", "/v1/professionals?siret=990 000 003 00001", one(eq("siret", "99000000300001"))},
		{"siren", "/v1/professionals?siren=990000003", one(eq("siren", "990000003"))},
		{"structure_id", "/v1/professionals?structure_id=R10000000000001", one(eq("structure_id", "R10000000000001"))},
		{"street", "/v1/professionals?street=lilas", one(like("street", "lilas"))},
		{"city", "/v1/professionals?city=Mende&match=exact", one(eq("city", "Mende"))},
		{"five digits are a postal code, fewer its beginning", "/v1/professionals?postal_code=48000,69", one(annuaire.Or(eq("postal_code", "48000"), px("postal_code", "69")))},
		{"insee, Corsica too", "/v1/professionals?insee=2a004", one(eq("insee", "2A004"))},
		{"department", "/v1/professionals?department=Rh%C3%B4ne", one(eq("department", "Rhône"))},
		{"region", "/v1/professionals?region=76", one(eq("region", "76"))},
		{
			"what belongs to an activity holds within one, in the order of the table", "/v1/professionals?city=lyon&family=a&profession=10&has_mailbox=true",
			annuaire.And(like("family", "a"), eq("has_mailbox", "true"), one(eq("profession", "10"), like("city", "lyon"))),
		},

		{"structures: name and structure are the same field", "/v1/structures?name=ch&structure=exemple", annuaire.And(like("structure", "ch"), like("structure", "exemple"))},
		{"structures: id is the technical identifier, case kept", "/v1/structures?id=Xab12", eq("structure_id", "Xab12")},
		{"structures: no situation", "/v1/structures?city=mende&sector=SA07", annuaire.And(eq("sector", "SA07"), like("city", "mende"))},
		{"structures: place", "/v1/structures?department=48&insee=48095&setting=ville", annuaire.And(eq("setting", "ville"), eq("insee", "48095"), eq("department", "48"))},
		{"mailboxes: kind", "/v1/mailboxes?kind=per,org", annuaire.Or(eq("kind", "PER"), eq("kind", "ORG"))},
		{"mailboxes: holder", "/v1/mailboxes?rpps=99012345679&family=ex&profession=10", annuaire.And(like("family", "ex"), eq("id", "899012345679"), eq("profession", "10"))},
		{"mailboxes: structure and place", "/v1/mailboxes?finess=990000001&structure=ch&region=76", annuaire.And(like("structure", "ch"), eq("finess", "990000001"), eq("region", "76"))},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			d := newFake()
			if w := do(t, newServer(d), "GET", tt.url); w.Code != 200 {
				t.Fatalf("status %d: %s", w.Code, w.Body)
			}
			if diff := cmp.Diff(tt.want, d.asked().Where); diff != "" {
				t.Errorf("where (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("every criterion of the table is tried above", func(t *testing.T) {
		t.Parallel()
		tried := map[string]bool{}
		for _, tt := range tests {
			u, err := url.Parse(tt.url)
			if err != nil {
				t.Fatal(err)
			}
			for part := range u.Query() {
				tried[u.Path+" "+part] = true
			}
			tried["/v1/professionals given"] = true // its value holds a semicolon, which net/url refuses
		}
		for _, p := range params {
			if p.scope < scopePage && p.on&onProfessionals != 0 && !tried["/v1/professionals "+p.name] {
				t.Errorf("no row for %s", p.name)
			}
		}
	})
}

func TestPageParameters(t *testing.T) {
	t.Parallel()
	tests := []struct {
		rule, query string
		want        annuaire.Query
	}{
		{"twenty by relevance unless told", "", annuaire.Query{Sort: annuaire.SortRelevance, Limit: 20}},
		{"sort, limit", "sort=name&limit=200", annuaire.Query{Sort: annuaire.SortName, Limit: 200}},
		{"facets split and repeat", "facets=profession,city&facets=mode&facets=city", annuaire.Query{Sort: annuaire.SortRelevance, Limit: 20, Facets: []annuaire.Field{"profession", "city", "mode"}}},
		{"match alone changes nothing", "match=prefix&explain=false&&", annuaire.Query{Sort: annuaire.SortRelevance, Limit: 20}},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			d := newFake()
			do(t, newServer(d), "GET", "/v1/professionals?"+tt.query)
			if diff := cmp.Diff(tt.want, d.asked()); diff != "" {
				t.Errorf("query (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRender(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]annuaire.Expr{
		"everything": {},
		`and(similar(family, "du \"p\""), one_activity(equals(profession, "10")))`: annuaire.And(like("family", `du "p"`), one(eq("profession", "10"))),
		`or(not(present(mailbox)), range(id, "1", "2"))`:                           annuaire.Or(annuaire.Not(annuaire.Present("mailbox")), annuaire.Expr{Op: annuaire.OpRange, Field: "id", Value: "1", To: "2"}),
	} {
		if got := render(e); got != want {
			t.Errorf("render = %s, want %s", got, want)
		}
	}
}
