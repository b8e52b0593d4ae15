package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"annuaire"
	"annuaire/api/web"
)

// What only the second world holds. None of it may be told to anybody without the right.
const (
	redLocal    = "rouge.cachee"
	redAddress  = redLocal + "@x.formation.mssante.fr"
	redPhone    = "+33499887766"
	secretOTP   = "+33699887766"
	secretName  = "Responsable Caché"
	secretMail  = "contact.cache@exemple.fr"
	secretCell  = "+33688776655"
	socialStaff = "899999999993"
)

// twins are two worlds that should look the same, and what to ask them about.
type twins struct {
	one, two *world
	doc      *openapi3.T
	pool     []string // words that mean something here
	nearest  []string // pages that would show the box
}

// ask asks both worlds the same as the same caller, and fails where they differ.
func (p *twins) ask(t interface{ Fatalf(string, ...any) }, method, path, body, who string, headers ...string) {
	a, b := p.one.ask(method, path, body, who, headers...), p.two.ask(method, path, body, who, headers...)
	if x, y := allSaid(a), allSaid(b); x != y {
		t.Fatalf("%s %s as %q %s: the worlds differ\n%s\n---\n%s", method, path, who, body, x, y)
	}
}

// strangers have no right to anything that is not published.
var strangers = []string{"", "reader", "other", "registrar"}

func twoWorlds(t *testing.T, second func(*annuaire.Registered)) *twins {
	data := loaded(t, extracts(t, set{2000, 1, 0}))
	p := &twins{one: newWorld(t, data), two: newWorld(t, data)}
	both := []*world{p.one, p.two}
	var page people
	for _, w := range both { // of both, so that their metrics are the same
		if err := json.Unmarshal(w.ask("GET", "/v1/professionals?profession=10&limit=50", "", "").Body.Bytes(), &page); err != nil {
			t.Fatal(err)
		}
	}
	var who []someone
	for _, it := range page.Items {
		if it.RPPS != "" && it.Given != "" {
			who = append(who, it)
		}
	}
	i := slices.IndexFunc(who, func(p someone) bool { return len(p.Activities) > 0 && p.Activities[0].Structure != nil })
	who[0], who[i] = who[i], who[0] // whoever holds the box is on the page of a structure
	place := who[0].Activities[0].Structure.ID
	per := func(address string, holder someone) annuaire.Registered {
		return annuaire.Registered{Address: address, Kind: annuaire.KindPER, Holder: holder.ID, Family: holder.Family, Given: holder.Given, Terms: "1.0"}
	}
	register(t, both, func(i int) annuaire.Registered { // published in both; they differ in what is never published
		b := per("publique@x.formation.mssante.fr", who[1])
		b.OTPMobile = []string{"+33600000000", secretOTP}[i]
		return b
	})
	register(t, both, func(i int) annuaire.Registered {
		return annuaire.Registered{Address: "service@x.formation.mssante.fr", Kind: annuaire.KindORG, Structure: &annuaire.StructureID{Type: "FINESS", ID: "480000017"},
			Responsible: []string{"Quelqu'un", secretName}[i], Terms: "1.0"}
	})
	red := per(redAddress, who[0])
	red.Phone, red.RedListOperator, red.Rank = redPhone, true, 1
	if second != nil {
		second(&red)
	}
	if _, _, err := p.two.s.registry.Put(context.Background(), admin, red, ""); err != nil {
		t.Fatal(err)
	}
	registrar := annuaire.Caller{ID: "test", Roles: []annuaire.Role{annuaire.RoleRegistrar}}
	for i, w := range both {
		if _, err := w.s.registry.HandOver(context.Background(), registrar, annuaire.Staff{ID: socialStaff, Family: "SOCIAL", Given: "Zoé", Contact: []string{"a@exemple.fr", secretMail}[i], Mobile: []string{"+33600000000", secretCell}[i]}); err != nil {
			t.Fatal(err)
		}
	}
	settled(t, both...)
	for _, w := range both {
		doc, err := openapi3.NewLoader().LoadFromData(w.ask("GET", "/openapi.yaml", "", "").Body.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		p.doc = doc
	}
	p.pool = []string{redAddress, redLocal, "rouge", "cachee", "x.formation.mssante.fr", "publique@x.formation.mssante.fr", "service@x.formation.mssante.fr", who[0].ID, who[0].RPPS, who[0].Family, who[0].Given,
		who[1].ID, who[1].Family, strings.ToLower(who[0].Family[:2]), redPhone, secretOTP, secretName, secretMail, secretCell, socialStaff, "SOCIAL", "10", "medecin", "PER", "ORG", "69", "a", "0", "1", "true", "2026-11", place}
	for _, a := range who[0].Activities {
		if a.Address != nil && a.Address.City != "" {
			p.pool = append(p.pool, a.Address.City, a.Address.PostalCode)
		}
	}
	for _, prefix := range []string{"", web.Prefix} {
		for _, path := range []string{web.PathPeople + "/" + who[0].ID, web.PathPeople + "/" + who[0].ID + "/carte.vcf", web.PathStructures + "/" + place, web.PathPeople + "?structure_id=" + place,
			web.PathFilters + "?structure_id=" + place, web.PathPeople + "?q=" + redAddress, web.PathPeople + "?mailbox=" + redAddress, web.PathFilters + "?has_mailbox=true", web.PathState} {
			p.nearest = append(p.nearest, prefix+path)
		}
	}
	return p
}

var inPath = regexp.MustCompile(`\{\w+\}`)

// request draws a read of the contract, with parameters of the route and values of this world.
func (p *twins) request(t *rapid.T) string {
	var paths []string
	for path, item := range p.doc.Paths.Map() {
		if item.Get != nil && path != "/metrics" && path != "/docs" {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	path := rapid.SampledFrom(paths).Draw(t, "path")
	get := p.doc.Paths.Value(path).Get
	word := rapid.SampledFrom(p.pool)
	path = inPath.ReplaceAllStringFunc(path, func(string) string { return url.PathEscape(word.Draw(t, "in path")) })
	q := url.Values{}
	for _, ref := range get.Parameters {
		v := ref.Value
		if v.In != "query" || rapid.IntRange(0, 4).Draw(t, v.Name+"?") > 0 {
			continue
		}
		schema := v.Schema.Value
		if schema.Items != nil {
			schema = schema.Items.Value
		}
		if len(schema.Enum) > 0 {
			q.Add(v.Name, fmt.Sprint(rapid.SampledFrom(schema.Enum).Draw(t, v.Name)))
			continue
		}
		q.Add(v.Name, word.Draw(t, v.Name))
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// page draws a page, with the parameters of a search.
func (p *twins) page(t *rapid.T) string {
	word := rapid.SampledFrom(p.pool)
	path := strings.ReplaceAll(rapid.SampledFrom(web.Pages).Draw(t, "page").Path, ":id", url.PathEscape(word.Draw(t, "id")))
	q := url.Values{}
	for _, name := range []string{"q", "name", "family", "given", "profession", "city", "mailbox", "has_mailbox", "id", "rpps", "structure", "department"} {
		if rapid.IntRange(0, 5).Draw(t, name+"?") == 0 {
			q.Add(name, word.Draw(t, name))
		}
	}
	return path + "?" + q.Encode()
}

// filter draws a filter of LDAP.
func (p *twins) filter(t *rapid.T, depth int) string {
	attrs := rapid.SampledFrom([]string{"mail", "cn", "sn", "givenName", "displayName", "mozillaSecondEmail", "telephoneNumber", "idNatPP", "IdentifiantPP", "TypeBAL", "uid", "objectClass", "o", "l", "description", "profession"})
	if depth > 0 && rapid.IntRange(0, 2).Draw(t, "nest") == 0 {
		op := rapid.SampledFrom([]string{"&", "|", "!"}).Draw(t, "op")
		if op == "!" {
			return "(!" + p.filter(t, depth-1) + ")"
		}
		return "(" + op + p.filter(t, depth-1) + p.filter(t, depth-1) + ")"
	}
	attr, word := attrs.Draw(t, "attribute"), ldap.EscapeFilter(rapid.SampledFrom(p.pool).Draw(t, "word"))
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 0:
		return "(" + attr + "=*)"
	case 1:
		return "(" + attr + "=" + word + "*)"
	case 2:
		return "(" + attr + "=*" + word + "*)"
	case 3:
		return "(" + attr + ">=" + word + ")"
	case 4:
		return "(" + attr + "~=" + word + ")"
	}
	return "(" + attr + "=" + word + ")"
}

// search asks both address books, and fails where they differ.
func (p *twins) search(t *rapid.T, one, two *ldap.Conn) {
	base := rapid.SampledFrom([]string{"", "dc=mssante,dc=fr", "o=rpps,c=fr", "ou=professionnels,o=rpps,c=fr", "mail=" + redAddress + ",dc=mssante,dc=fr"}).Draw(t, "base")
	req := ldap.NewSearchRequest(base, rapid.IntRange(0, 2).Draw(t, "scope"), ldap.NeverDerefAliases, rapid.SampledFrom([]int{0, 1, 5}).Draw(t, "size"), 0, false,
		p.filter(t, 2), rapid.SampledFrom([][]string{nil, {"mail"}, {"*", "+"}, {"1.1"}}).Draw(t, "attributes"), nil)
	if x, y := answered(one.Search(req)), answered(two.Search(req)); x != y {
		t.Fatalf("%s %s: the address books differ\n%s\n---\n%s", base, req.Filter, x, y)
	}
}

func answered(res *ldap.SearchResult, err error) string {
	var b strings.Builder
	fmt.Fprintln(&b, err)
	if res != nil {
		for _, e := range res.Entries {
			fmt.Fprintln(&b, e.DN)
			for _, a := range e.Attributes {
				fmt.Fprintln(&b, " ", a.Name, a.Values)
			}
		}
	}
	return b.String()
}

func dialled(t *testing.T, w *world) *ldap.Conn {
	t.Helper()
	c, err := ldap.DialURL("ldap://" + w.s.ldapLn.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// measured are the metrics that count what was asked and what is held; those of time, memory and disk are the machine's.
func measured(t *testing.T, w *world) string {
	t.Helper()
	var out []string
	for line := range strings.SplitSeq(w.ask("GET", "/metrics", "", "").Body.String(), "\n") {
		if strings.HasPrefix(line, "annuaire_") && !regexp.MustCompile(`_(sum|bucket)\{|_seconds(\{| )|_bytes|disk|build_info`).MatchString(line) {
			out = append(out, line)
		}
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// TestNothingTellsOfTheRedList: two worlds that differ only in one box on the red list, and in what is never published (contact addresses,
// mobiles, who is responsible), give the same answers to whoever has no right to it, by every way out.
func TestNothingTellsOfTheRedList(t *testing.T) {
	p := twoWorlds(t, nil)
	t.Run("reads of every route of the contract", func(t *testing.T) {
		checks(t, 25, func(t *rapid.T) {
			for range 8 {
				p.ask(t, "GET", p.request(t), "", rapid.SampledFrom(strangers).Draw(t, "who"))
			}
		})
	})
	t.Run("every page", func(t *testing.T) {
		checks(t, 20, func(t *rapid.T) {
			for range 4 {
				p.ask(t, "GET", p.page(t), "", rapid.SampledFrom(strangers).Draw(t, "who"), "Accept", "text/html")
			}
		})
	})
	t.Run("the pages that come nearest", func(t *testing.T) {
		for _, path := range append(p.nearest, web.PathHome, web.PathSuggest+"?q="+redLocal) {
			for _, who := range strangers {
				p.ask(t, "GET", path, "", who, "Accept", "text/html")
			}
		}
	})
	t.Run("the questions that come nearest", func(t *testing.T) {
		holder := p.pool[7]
		for _, path := range []string{"/v1/mailboxes/" + redAddress, "/v1/mailboxes?mailbox=" + redAddress, "/v1/professionals?mailbox=" + redAddress, "/v1/professionals/" + holder, "/v1/professionals/" + holder + "/history",
			"/v1/professionals?has_mailbox=true&facets=profession,city,department", "/v1/professionals?has_mailbox=false", "/v1/suggest?q=" + redLocal, "/v1/mailboxes?q=" + redLocal, "/v1/mailboxes?kind=PER&limit=200", "/v1/professionals?q=" + redAddress,
			"/v1/changes?since=0&limit=10000", "/v1/export/mailboxes", "/v1/export/mailboxes?format=csv", "/v1/export/professionals", "/v1/export/professionals?format=csv", "/v1/export/structures",
			"/v1/mailboxes/" + redAddress + "/history", "/v1/me/mailboxes?domain=x.formation.mssante.fr", "/v1/me/indicators?domain=x.formation.mssante.fr", "/v1/me/eligibility?rpps=" + p.pool[8], "/readyz", "/healthz", "/v1/sync/runs.atom"} {
			for _, who := range strangers {
				p.ask(t, "GET", path, "", who)
			}
			p.ask(t, "HEAD", path, "", "")
		}
		for _, body := range []string{`{"addresses":["` + redAddress + `","publique@x.formation.mssante.fr"]}`} {
			p.ask(t, "POST", "/v1/mailboxes/published", body, "")
		}
		p.ask(t, "POST", "/v1/professionals/lookup", `{"ids":["`+holder+`"]}`, "")
		p.ask(t, "POST", "/v1/professionals/verify", `{"id":"`+holder+`","family":"`+p.pool[9]+`","given":"x"}`, "")
	})
	t.Run("writes of whoever may not", func(t *testing.T) {
		for _, who := range strangers {
			p.ask(t, "PUT", "/v1/mailboxes/"+redAddress, `{"kind":"PER"}`, who)
			p.ask(t, "PUT", "/v1/mailboxes/"+redAddress, `{"kind":"PER"}`, who, "If-None-Match", "*")
			p.ask(t, "PATCH", "/v1/mailboxes/"+redAddress, `{"red_list":false}`, who)
			p.ask(t, "DELETE", "/v1/mailboxes/"+redAddress, "", who, "If-Match", "*")
			p.ask(t, "POST", "/v1/mailboxes/batch", `{"address":"`+redAddress+`","kind":"PER"}`, who, "Content-Type", "application/x-ndjson")
		}
	})
	t.Run("the address book", func(t *testing.T) {
		one, two := dialled(t, p.one), dialled(t, p.two)
		checks(t, 25, func(t *rapid.T) {
			for range 3 {
				p.search(t, one, two)
			}
		})
	})
	t.Run("metrics", func(t *testing.T) {
		var x, y []string
		for range 100 { // connections that were closed are counted out a moment later
			x, y = strings.Split(measured(t, p.one), "\n"), strings.Split(measured(t, p.two), "\n")
			if slices.Equal(x, y) {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		if diff := cmp.Diff(x, y); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("logs", func(t *testing.T) {
		log := p.two.log.String()
		for _, secret := range []string{redLocal, redPhone, secretOTP, secretName, secretMail, secretCell, socialStaff, p.pool[7], p.pool[8]} {
			if strings.Contains(log, secret) {
				t.Errorf("%q is in the log", secret)
			}
		}
		if log == "" {
			t.Error("nothing was logged at all")
		}
	})
	t.Run("the worlds do differ, for its operator", func(t *testing.T) {
		if a, b := p.one.ask("GET", "/v1/mailboxes/"+redAddress, "", "operator"), p.two.ask("GET", "/v1/mailboxes/"+redAddress, "", "operator"); a.Code != 404 || b.Code != 200 {
			t.Fatal(a.Code, b.Code, b.Body)
		}
	})
}

// The comparison finds what it is there to find: a box that is published tells in all these ways.
func TestALeakWouldBeSeen(t *testing.T) {
	p := twoWorlds(t, func(b *annuaire.Registered) { b.RedListOperator = false })
	for _, path := range []string{"/v1/mailboxes/" + redAddress, "/v1/mailboxes?kind=PER&limit=200", "/v1/professionals/" + p.pool[7], "/v1/changes?since=0&limit=10000", "/v1/export/mailboxes"} {
		if allSaid(p.one.ask("GET", path, "", "reader")) == allSaid(p.two.ask("GET", path, "", "reader")) {
			t.Error(path, "tells nothing")
		}
	}
	for _, path := range p.nearest {
		if allSaid(p.one.ask("GET", path, "", "")) == allSaid(p.two.ask("GET", path, "", "")) {
			t.Error(path, "tells nothing")
		}
	}
	req := ldap.NewSearchRequest("dc=mssante,dc=fr", 2, ldap.NeverDerefAliases, 0, 0, false, "(mail="+redAddress+")", nil, nil)
	if answered(dialled(t, p.one).Search(req)) == answered(dialled(t, p.two).Search(req)) {
		t.Error("the address book tells nothing")
	}
	if measured(t, p.one) == measured(t, p.two) {
		t.Error("metrics tell nothing")
	}
}
