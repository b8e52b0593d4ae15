package api

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"annuaire"
)

// links returns where the links of a page lead, by their text.
func (d dom) links() map[string]string {
	out := map[string]string{}
	for _, a := range d.all("a") {
		out[textOf(a)] = attr(a, "href")
	}
	return out
}

// linkTo returns the address of the first link whose text begins so.
func (d dom) linkTo(text string) string {
	d.Helper()
	for _, a := range d.all("a") {
		if strings.HasPrefix(textOf(a), text) {
			return attr(a, "href")
		}
	}
	d.Fatalf("no link %q", text)
	return ""
}

func (d dom) field(name string) *html.Node {
	for _, n := range d.all("input") {
		if attr(n, "name") == name {
			return n
		}
	}
	return nil
}

func TestResultsPage(t *testing.T) {
	t.Parallel()
	d := newFake()
	s := pageServer(d)
	get := func(t *testing.T, u string, status int) dom {
		t.Helper()
		w := do(t, s, "GET", u)
		if w.Code != status {
			t.Fatalf("%s: %d, want %d: %s", u, w.Code, status, w.Body)
		}
		return parsed(t, w.Body.String())
	}
	t.Run("asks exactly what REST asks", func(t *testing.T) {
		const q = "?q=cardiologue+lyon&family=dup&department=69,01&profession=m%C3%A9decin&match=prefix&sort=name"
		d := newFake() // its own, as questions are compared
		s := pageServer(d)
		do(t, s, "GET", "/v1/professionals"+q)
		rest := d.asked()
		d.fail = func(context.Context, string) error {
			d.fail = nil // the first question is the search; the second counts boxes
			if got := d.asked(); render(got.Where) != render(rest.Where) || got.Sort != rest.Sort || got.Limit != rest.Limit {
				t.Errorf("asked %s %s %d, REST %s %s %d", render(got.Where), got.Sort, got.Limit, render(rest.Where), rest.Sort, rest.Limit)
			}
			return nil
		}
		do(t, s, "GET", "/professionnels"+q)
	})
	t.Run("cards say what decides", func(t *testing.T) {
		page := get(t, "/professionnels?q=exemple", 200)
		said := textOf(page.root)
		for _, want := range []string{"DR Zélie EXEMPLE", "Médecin · Psychiatrie", "CABINET EXEMPLE", "48000 Mende", "zelie.exemple@medecin.formation.mssante.fr", "2 professionnels", "Pas d'adresse MSSanté publiée – que faire ?"} {
			if !strings.Contains(said, want) {
				t.Errorf("does not say %q: %s", want, said)
			}
		}
	})
	t.Run("the form keeps its state in the address", func(t *testing.T) {
		page := get(t, "/professionnels?q=exemple&family=dup&city=lyon&insee=69123&profession=10&profession=21&match=exact&has_mailbox=true", 200)
		for name, want := range map[string]string{"q": "exemple", "family": "dup", "city": "lyon", "insee": "69123", "profession": "10"} {
			if n := page.field(name); n == nil || attr(n, "value") != want {
				t.Errorf("%s is %v, want %s", name, n, want)
			}
		}
		sent := url.Values{} // what the form would send
		for _, n := range page.all("input") {
			if v := attr(n, "value"); v != "" && attr(n, "name") != "" {
				sent.Add(attr(n, "name"), v)
			}
		}
		if got := strings.Join(sent["profession"], ","); got != "10,21" {
			t.Errorf("professions %s", got)
		}
	})
	t.Run("empty fields of the form leave the address", func(t *testing.T) {
		w := do(t, s, "GET", "/en/professionnels?q=&family=dup&given=&city=+&match=")
		if w.Code != 303 || w.Header().Get("Location") != "/en/professionnels?family=dup" {
			t.Errorf("%d %s", w.Code, w.Header().Get("Location"))
		}
	})
	t.Run("a criterion can be removed, the others stay", func(t *testing.T) {
		page := get(t, "/professionnels?q=x&department=69,01&family=dup", 200)
		if got := page.linkTo("Retirer le critère Département : 01"); got != "/professionnels?q=x&department=69&family=dup" {
			t.Error(got)
		}
		if got := page.linkTo("Tout effacer"); got != "/professionnels" {
			t.Error(got)
		}
	})
	t.Run("the order can be changed, and the address says it", func(t *testing.T) {
		if got := get(t, "/professionnels?q=x", 200).linkTo("nom"); got != "/professionnels?q=x&sort=name" {
			t.Error(got)
		}
		if got := get(t, "/professionnels?q=x&sort=name", 200).linkTo("pertinence"); got != "/professionnels?q=x" {
			t.Error(got)
		}
	})
	t.Run("what has no meaning here is said, and the rest is answered", func(t *testing.T) {
		page := get(t, "/professionnels?q=exemple&fbclid=abc&limit=3", 200)
		if said := textOf(page.root); !strings.Contains(said, "« fbclid »") || !strings.Contains(said, "« limit »") || strings.Contains(said, "abc") {
			t.Error(said)
		}
	})
	t.Run("what free text left out is said", func(t *testing.T) {
		if said := textOf(get(t, "/professionnels?q=kin%C3%A9+du+sport", 200).root); !strings.Contains(said, "« du sport »") {
			t.Error(said)
		}
		if said := textOf(get(t, "/en/professionnels?q=kin%C3%A9+du+sport", 200).root); !strings.Contains(said, "What was not used") {
			t.Error(said)
		}
	})
	t.Run("a mistake is shown at its field, the form stays filled in", func(t *testing.T) {
		page := get(t, "/professionnels?family=dup&id=12", 400)
		id := page.field("id")
		if attr(id, "aria-invalid") != "true" || attr(id, "value") != "12" || attr(page.field("family"), "value") != "dup" {
			t.Errorf("%v", id)
		}
		if page.linkTo("Identifiant") != "#f-id" {
			t.Error("the summary does not lead to the field")
		}
	})
	t.Run("a mistake of the directory too", func(t *testing.T) {
		d := newFake()
		d.fail = func(context.Context, string) error {
			return annuaire.Invalid("profession", "« zzz » inconnu", "unknown")
		}
		w := do(t, pageServer(d), "GET", "/professionnels?profession=zzz")
		if page := parsed(t, w.Body.String()); w.Code != 400 || attr(page.field("profession"), "aria-invalid") != "true" {
			t.Error(w.Code)
		}
	})
	t.Run("it leads to the same over REST, and among structures", func(t *testing.T) {
		page := get(t, "/en/professionnels?q=exemple&city=mende", 200)
		if got := page.linkTo("These results for software"); got != "/v1/professionals?q=exemple&city=mende" {
			t.Error(got)
		}
		if got := page.linkTo("Look among structures"); got != "/en/structures?q=exemple" {
			t.Error(got)
		}
	})
	t.Run("somebody else's cursor is a mistake", func(t *testing.T) { get(t, "/professionnels?q=x&cursor=abc", 400) })
}

func TestPagesOfResultsFollow(t *testing.T) {
	t.Parallel()
	d := newFake()
	for range 43 {
		d.people = append(d.people, d.people[0])
	}
	s := pageServer(d)
	u, seen := "/professionnels?q=exemple&sort=name", 0
	for n := 1; ; n++ {
		page := parsed(t, do(t, s, "GET", u).Body.String())
		for _, li := range page.all("li") {
			if attr(li, "class") == "card" {
				seen++
			}
		}
		next, more := page.links()["Page suivante"]
		if first, later := page.links()["Première page"]; later != (n > 1) || later && first != "/professionnels?q=exemple&sort=name" {
			t.Errorf("page %d: first page %s", n, first)
		}
		if !more {
			break
		}
		u = next
	}
	if seen != 45 {
		t.Errorf("%d people seen", seen)
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	d := newFake()
	med, pha := annuaire.Coded{Code: "10", Label: "Médecin"}, annuaire.Coded{Code: "21", Label: "Pharmacien"}
	d.facets = map[annuaire.Field][]annuaire.FacetCount{"profession": {{Coded: med, Count: 7}, {Coded: pha, Count: 3}}}
	s := pageServer(d)
	page := func(u string) dom { return parsed(t, do(t, s, "GET", u).Body.String()) }
	t.Run("a value adds its criterion, with how many it leads to", func(t *testing.T) {
		if got := page("/filtres?city=lyon").linkTo("Pharmacien 3"); got != "/professionnels?city=lyon&profession=21" {
			t.Error(got)
		}
	})
	t.Run("one that is chosen can be removed there, by code or by label", func(t *testing.T) {
		for _, q := range []string{"profession=10", "profession=M%C3%89DECIN"} {
			if got := page("/filtres?city=lyon&" + q).linkTo("Retirer : Médecin"); got != "/professionnels?city=lyon" {
				t.Error(q, got)
			}
		}
	})
	t.Run("a field that the text speaks of has none: a criterion would come on top", func(t *testing.T) {
		if _, ok := page("/filtres?q=m%C3%A9decin").links()["Pharmacien 3"]; ok {
			t.Error("it has")
		}
	})
	t.Run("the code of a criterion is shown with its label", func(t *testing.T) {
		page("/professionnels?city=lyon&profession=10").linkTo("Retirer le critère Profession : Médecin")
	})
	t.Run("the page of results does not wait for them: it says where they are", func(t *testing.T) {
		p := page("/professionnels?city=lyon")
		if _, ok := p.links()["Pharmacien 3"]; ok || p.linkTo("Filtrer") != "/filtres?city=lyon" || len(d.asked().Facets) > 0 {
			t.Error(p.links(), d.asked().Facets)
		}
	})
	t.Run("to htmx they come alone", func(t *testing.T) {
		body := do(t, s, "GET", "/en/filtres?city=lyon", "HX-Request", "true").Body.String()
		if strings.Contains(body, "<html") || !strings.Contains(body, "/en/professionnels?city=lyon&amp;profession=21") {
			t.Error(body)
		}
	})
}

func TestNearNames(t *testing.T) {
	t.Parallel()
	d := newFake()
	why := []annuaire.Reason{{Field: annuaire.FieldName, Asked: "exempel", How: "typo"}}
	d.people[0].Why, d.people[1].Why = why, why
	page := parsed(t, do(t, pageServer(d), "GET", "/professionnels?q=exempel+mende").Body.String())
	if !strings.Contains(textOf(page.root), "Personne ne porte exactement ce nom") {
		t.Error("it is not said that the names differ")
	}
	if got := page.linkTo("EXEMPLE"); got != "/professionnels?q=exemple+mende" {
		t.Error(got)
	}
	t.Run("nothing is said where somebody is called so", func(t *testing.T) {
		d.people[1].Why = []annuaire.Reason{{Field: annuaire.FieldName, Asked: "exempel", How: "exact"}}
		if said := do(t, pageServer(d), "GET", "/professionnels?q=exempel").Body.String(); strings.Contains(said, "exactement") {
			t.Error(said)
		}
	})
}
