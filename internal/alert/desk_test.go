package alert_test

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"testing"

	"annuaire"
	"annuaire/internal/alert"
	"annuaire/internal/directory"

	gocmp "github.com/google/go-cmp/cmp"
)

// redList is a registry of mailboxes that are not published.
type redList []annuaire.Mailbox

func (r redList) EachHidden(fn func(annuaire.Mailbox) error) error {
	for _, b := range r {
		if err := fn(b); err != nil {
			return err
		}
	}
	return nil
}

func onRedList(address, holder string) annuaire.Mailbox {
	return annuaire.Mailbox{Address: address, Kind: annuaire.KindPER, Owners: []string{holder}, Registered: true}
}

var (
	with    = alert.Policy{RedListed: true}
	author  = annuaire.Caller{ID: "abc123", Roles: []annuaire.Role{annuaire.RoleAlertAuthor}}
	doctors = "profession:médecin"
)

func desk(d *directory.Directory, hidden alert.Hidden, p alert.Policy) *alert.Desk {
	return alert.New(d.Ledger, d, hidden, p)
}

func preview(t testing.TB, k *alert.Desk, text string) annuaire.AudiencePreview {
	t.Helper()
	a, err := alert.Read(text)
	ok(t, err)
	p, err := k.Preview(ctx, a, annuaire.PreviewOptions{Seed: 7})
	ok(t, err)
	return p
}

func freeze(t testing.TB, k *alert.Desk, text string) *alert.Frozen {
	t.Helper()
	a, err := alert.Read(text)
	ok(t, err)
	f, err := k.Freeze(ctx, a)
	ok(t, err)
	return f
}

// without returns two of the selected who have no published mailbox.
func without(t testing.TB, k *alert.Desk, text string) []string {
	t.Helper()
	a, err := alert.Read(text)
	ok(t, err)
	var ids []string
	ok(t, k.Unreachable(ctx, a, true, func(it annuaire.Item[annuaire.Professional]) error {
		ids = append(ids, it.Value.ID)
		return nil
	}))
	return ids
}

func TestDesk(t *testing.T) {
	d, from := loaded(t, 2500, 3)
	rows := souls(t, from)
	open := desk(d, nil, with)
	nobody := without(t, open, doctors)

	t.Run("a preview counts whom the rows say, and who of them has a mailbox", func(t *testing.T) {
		p := preview(t, open, doctors)
		selected, reached, byMode := 0, 0, map[string]annuaire.Split{}
		for _, who := range rows {
			modes := map[string]bool{}
			is := false
			for _, s := range who.spots {
				if s.profession == "10" {
					is = true
					modes[s.mode] = true
				}
			}
			if !is {
				continue
			}
			selected++
			has := who.boxes["PER"] || who.boxes["CAB"]
			if has {
				reached++
			}
			for m := range modes {
				sp := byMode[m]
				if sp.People++; has {
					sp.Published++
					sp.Reachable++
				}
				byMode[m] = sp
			}
		}
		if p.Selected != selected || p.Reachable != reached || p.Published != reached || p.RedListed != 0 || selected == 0 || reached == 0 {
			t.Fatalf("%d selected and %d reachable, the rows say %d and %d", p.Selected, p.Reachable, selected, reached)
		}
		for _, sp := range p.Breakdown[annuaire.FieldMode] {
			want := byMode[sp.Code]
			if want.Coded = sp.Coded; sp != want || sp.Label == "" {
				t.Errorf("%+v, the rows say %+v", sp, want)
			}
			delete(byMode, sp.Code)
		}
		if delete(byMode, ""); len(byMode) > 0 {
			t.Error("not in the breakdown: ", byMode)
		}
	})
	t.Run("only the situations for which people are selected count in its breakdown", func(t *testing.T) {
		p := preview(t, open, "department:69,75")
		for _, sp := range p.Breakdown[annuaire.FieldDepartment] {
			if sp.Code != "69" && sp.Code != "75" {
				t.Error(sp)
			}
		}
	})
	t.Run("the same seed shows the same people, another one others", func(t *testing.T) {
		a, err := alert.Read(doctors)
		ok(t, err)
		sample := func(seed uint64) []annuaire.AudienceSample {
			p, err := open.Preview(ctx, a, annuaire.PreviewOptions{Seed: seed})
			ok(t, err)
			if len(p.Sample) != annuaire.DefaultSample || p.Sample[0].Family == "" || p.Sample[0].Profession.Code != "10" {
				t.Fatal(p.Sample)
			}
			return p.Sample
		}
		if diff := gocmp.Diff(sample(1), sample(1)); diff != "" || slices.Equal(sample(1), sample(2)) {
			t.Fatal(diff)
		}
	})
	t.Run("a sample beyond the limit is refused", func(t *testing.T) {
		a, err := alert.Read(doctors)
		ok(t, err)
		if _, err := open.Preview(ctx, a, annuaire.PreviewOptions{Sample: annuaire.MaxSample + 1}); annuaire.CodeOf(err) != annuaire.CodeInvalid {
			t.Fatal(err)
		}
	})
	t.Run("everyone is everyone of health, and is to be confirmed once more", func(t *testing.T) {
		p := preview(t, open, "everyone")
		if !p.Broad || preview(t, open, "department:48").Broad {
			t.Fatal(p.Selected)
		}
		for _, sp := range p.Breakdown[annuaire.FieldProfession] {
			if sp.Code == "99" {
				t.Fatal(sp)
			}
		}
	})
	t.Run("people outside health are counted in a warning", func(t *testing.T) {
		p := preview(t, open, "profession:99")
		if p.Selected == 0 || !slices.ContainsFunc(p.Warnings, func(w annuaire.AudienceWarning) bool { return w.Rule == "audience_outside_selected" }) {
			t.Fatal(p.Selected, p.Warnings)
		}
	})
	t.Run("the measles example selects general practitioners, paediatricians and emergency doctors of three départements", func(t *testing.T) {
		p := preview(t, open, "profession:médecin (specialty:généraliste,pédiatre,urgentiste) department:69,01,38")
		skills := []string{"SM26", "SM53", "SM54", "SM40", "SM87", "SM88", "SM89", "SM90", "C51", "SM59"}
		want := 0
		for _, who := range rows {
			if slices.ContainsFunc(who.spots, func(s spot) bool {
				return s.profession == "10" && slices.Contains([]string{"69", "01", "38"}, s.department) &&
					slices.ContainsFunc(s.skills, func(c string) bool { return slices.Contains(skills, c) })
			}) {
				want++
			}
		}
		if p.Selected != want || want == 0 || len(p.Terms) != 5 {
			t.Fatal(p.Selected, want, p.Terms)
		}
	})
	t.Run("kinds of mailbox narrow who is reachable, not who is selected", func(t *testing.T) {
		all, cab := preview(t, open, doctors), preview(t, open, doctors+" kind:CAB")
		want := 0
		for _, who := range rows {
			if who.boxes["CAB"] && slices.ContainsFunc(who.spots, func(s spot) bool { return s.profession == "10" }) {
				want++
			}
		}
		if cab.Selected != all.Selected || cab.Published != want {
			t.Fatal(cab.Selected, all.Selected, cab.Published, want)
		}
	})

	secret := redList{onRedList("a@red.formation.mssante.fr", nobody[0]), onRedList("b@red.formation.mssante.fr", nobody[0]),
		onRedList("c@red.formation.mssante.fr", nobody[1]), onRedList("d@red.formation.mssante.fr", "899999999999"),
		{Address: "e@red.formation.mssante.fr", Kind: annuaire.KindORG, Owners: []string{nobody[2]}}}
	closed := desk(d, secret, with)
	t.Run("people on the red list count once each, by policy", func(t *testing.T) {
		before, p, no := preview(t, open, doctors), preview(t, closed, doctors), preview(t, desk(d, secret, alert.Policy{}), doctors)
		if p.RedListed != 2 || p.Published != before.Published || p.Reachable != before.Reachable+2 || !p.RedListIncluded {
			t.Fatal(p.RedListed, p.Published, before.Published)
		}
		if no.RedListed != 0 || no.Reachable != before.Reachable || no.RedListIncluded {
			t.Fatal(no.RedListed)
		}
	})
	t.Run("who may not see addresses learns nothing of one person", func(t *testing.T) {
		for _, text := range []string{doctors, "include(rpps:" + nobody[0][1:] + ")", doctors + " exclude(rpps:" + nobody[0][1:] + ")"} {
			a, b := alert.Coarse(preview(t, open, text)), alert.Coarse(preview(t, closed, text))
			if diff := gocmp.Diff(a, b); diff != "" {
				t.Errorf("%s: two red-listed mailboxes more show:\n%s", text, diff)
			}
		}
		a, err := alert.Read(doctors)
		ok(t, err)
		var seen []string
		ok(t, closed.Unreachable(ctx, a, false, func(it annuaire.Item[annuaire.Professional]) error {
			seen = append(seen, it.Value.ID)
			return nil
		}))
		if !slices.Equal(seen, nobody) {
			t.Error("the list of who is not reached shows who is on the red list")
		}
		if got := without(t, closed, doctors); !slices.Equal(got, nobody[2:]) {
			t.Error("whoever may see addresses gets the exact list")
		}
	})
	t.Run("tens of people on the red list do show", func(t *testing.T) {
		var many redList
		for _, id := range nobody[:25] {
			many = append(many, onRedList(id+"@red.formation.mssante.fr", id))
		}
		p := preview(t, desk(d, many, with), doctors)
		if c := alert.Coarse(p); p.RedListed != 25 || c.RedListed != 20 || c.Reachable != c.Published+20 {
			t.Fatal(p.RedListed, c.RedListed)
		}
	})

	t.Run("a frozen list holds everyone reachable once, at a mailbox of their own", func(t *testing.T) {
		f, p := freeze(t, closed, doctors), preview(t, closed, doctors)
		people := map[string]bool{}
		for i, r := range f.Recipients {
			if i > 0 && f.Recipients[i-1].Address >= r.Address {
				t.Fatal("not sorted, or an address twice")
			}
			for _, id := range append([]string{r.Person}, r.Others...) {
				if people[id] {
					t.Fatal("twice: ", id)
				}
				people[id] = true
			}
			if !r.RedListed {
				m, err := d.Mailbox(ctx, r.Address)
				if ok(t, err); !slices.Contains(m.Owners, r.Person) || m.Kind != r.Kind {
					t.Fatal(r)
				}
			}
			if r.Profession != "10" {
				t.Fatal(r)
			}
		}
		if len(people) != p.Reachable || f.People != p.Reachable || f.Selected != p.Selected || f.RedListed != 2 || f.Seq != p.Seq || f.AsOf != p.AsOf {
			t.Fatal(len(people), f.People, p.Reachable, f.RedListed)
		}
		if people["899999999999"] {
			t.Fatal("someone who is not in the directory")
		}
	})
	t.Run("it follows from whom the audience means and what may be written to, however it is worded", func(t *testing.T) {
		a, b, c := freeze(t, open, doctors), freeze(t, open, "médecin"), freeze(t, closed, doctors)
		if !reflect.DeepEqual(a.Recipients, b.Recipients) || reflect.DeepEqual(a.Recipients, c.Recipients) {
			t.Fatal(a.Recipients, b.Recipients, c.Recipients)
		}
	})
	t.Run("mailboxes of services come when asked for, once each, of the places where people are selected", func(t *testing.T) {
		f, p := freeze(t, open, "setting:hôpital kind:PER,ORG"), preview(t, open, "setting:hôpital kind:PER,ORG")
		org, finess := 0, map[string]bool{}
		for _, who := range rows {
			for _, s := range who.spots {
				for _, n := range s.finess {
					finess[n] = true
				}
			}
		}
		for _, r := range f.Recipients {
			if r.Kind != annuaire.KindORG {
				continue
			}
			org++
			m, err := d.Mailbox(ctx, r.Address)
			ok(t, err)
			if r.Person != "" || !slices.ContainsFunc(m.Attachments, func(a annuaire.Attachment) bool { return finess[a.ID] || len(a.ID) == 10 && finess[a.ID[1:]] }) {
				t.Fatal(r, m.Attachments)
			}
		}
		if org == 0 || org != f.Organisations || org != p.Organisations {
			t.Fatal(org, f.Organisations, p.Organisations)
		}
		if g := freeze(t, open, "setting:hôpital"); g.Organisations != 0 {
			t.Fatal("not asked for")
		}
	})
	t.Run("an audience that reaches nobody is refused", func(t *testing.T) {
		a, err := alert.Read("include(rpps:99999999999)")
		ok(t, err)
		if _, err := open.Freeze(ctx, a); annuaire.RuleOf(err) != "audience_unreachable" {
			t.Fatal(err)
		}
	})
	t.Run("a code that nobody has is refused by its value", func(t *testing.T) {
		a, err := alert.Read("sector:SA98")
		ok(t, err)
		if _, err := open.Preview(ctx, a, annuaire.PreviewOptions{}); annuaire.CodeOf(err) != annuaire.CodeInvalid || !strings.Contains(err.Error(), "SA98") {
			t.Fatal(err)
		}
	})
	t.Run("a mailbox put on the red list since is written to as such", func(t *testing.T) {
		f := freeze(t, open, doctors)
		r := f.Recipients[0]
		g := freeze(t, desk(d, redList{onRedList(r.Address, r.Person)}, with), doctors)
		at, found := slices.BinarySearchFunc(g.Recipients, r.Address, func(r alert.Recipient, a string) int { return cmp.Compare(r.Address, a) })
		if !found || !g.Recipients[at].RedListed || len(g.Recipients) != len(f.Recipients) {
			t.Fatal(found, len(g.Recipients), len(f.Recipients))
		}
	})
}
