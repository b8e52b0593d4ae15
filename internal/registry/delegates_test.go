package registry_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"annuaire"
	"annuaire/index"
	"annuaire/internal/directory"
	"annuaire/internal/registry"
	"annuaire/internal/store"
)

// directoryOf is a real directory of some people, none of whom has a mailbox but those with one.
func directoryOf(t testing.TB, people []annuaire.Professional, withBox func(id string) bool) *directory.Directory {
	t.Helper()
	d, err := directory.Open(t.TempDir())
	ok(t, err)
	t.Cleanup(func() { ok(t, d.Close()) })
	b, err := d.Build("000001")
	ok(t, err)
	for _, p := range people {
		var mine []annuaire.Mailbox
		if withBox(p.ID) {
			m := annuaire.Mailbox{Address: p.ID + "@x.formation.mssante.fr", Kind: annuaire.KindPER, Owners: []string{p.ID}, Rank: 1}
			body, hash := store.Body(&m)
			ok(t, b.Store.PutMailbox(m, store.Pack(body, annuaire.Source{Extract: day, Run: "000001"}), store.Print{Rows: 1, Content: hash}))
			ok(t, b.Places.AddMailbox(m))
			mine = append(mine, m)
		}
		body, hash := store.Body(&p)
		ok(t, b.Store.PutPerson(p.ID, store.Pack(body, annuaire.Source{Extract: day, Run: "000001"}), store.Print{Rows: 1, Content: hash}))
		ok(t, b.People.Add(index.PersonDoc{Person: &p, Mailboxes: mine}))
	}
	run := store.Run{ID: "000001", Extract: day, Outcome: store.OutcomeLoaded, Info: store.Info{Extract: day, Run: "000001", Model: 1}}
	ok(t, b.Publish(run, []store.Entry{{Kind: annuaire.KindLoad, Op: annuaire.Created, ID: "000001", Run: "000001", Time: day}}, func(*directory.Generation) error { return nil }))
	return d
}

// at is somebody of a profession, in a role ("" for none), in a place ("" for no activity).
func at(id, family, given, profession, role, postal, city string) annuaire.Professional {
	p := annuaire.Professional{ID: id, Family: family, Given: given, Practices: []annuaire.Practice{{Profession: annuaire.Coded{Code: profession}, Category: annuaire.Coded{Code: "C"}}}}
	if city != "" {
		p.Activities = []annuaire.Activity{{Profession: profession, Category: "C", Mode: annuaire.Coded{Code: "S"}, Role: annuaire.Coded{Code: role}, Address: &annuaire.Address{PostalCode: postal, City: city}}}
	}
	return p
}

const (
	franck = "809171209251" // of the guide: a secretary without a stated role
	marie  = "899000000002" // a secretary whose role the extract states
	amel   = "899000000003" // there by another role
	louis  = "899000000004" // médecin in Mende, and in Lyon
	ines   = "899000000005" // infirmière in Lyon
	adeli  = "0990000001"   // no RPPS
)

func townspeople() []annuaire.Professional {
	two := at(louis, "DE LA TOUR", "Louis", "10", "", "48000", "Mende")
	two.Activities = append(two.Activities, annuaire.Activity{Profession: "10", Category: "C", Mode: annuaire.Coded{Code: "L"}, Address: &annuaire.Address{PostalCode: "69003", City: "Lyon"}})
	return []annuaire.Professional{
		at(franck, "SECRETAIRE", "FRANCK", "99", "", "48000", "Mende"), at(marie, "BIARREY", "Martine", "99", "331", "69002", "Lyon"),
		at(amel, "COORDINATRICE", "Amel", "99", "330", "69002", "Lyon"), two, at(ines, "MARTIN", "Inès", "60", "", "69008", "Lyon"),
		at(adeli, "MARTIN", "Ada", "60", "", "69008", "Lyon"),
	}
}

func TestDelegates(t *testing.T) {
	p := registry.NewPersonal(nil, directoryOf(t, townspeople(), func(id string) bool { return id == ines }), nil, registry.PersonalOptions{})
	found := func(t *testing.T, q annuaire.DelegateQuery) (ids []string) {
		t.Helper()
		out, err := p.Delegates(ctx, q)
		if err != nil || out.More || !out.AsOf.Equal(day) {
			t.Fatalf("%+v %v", out, err)
		}
		for _, it := range out.Items {
			ids = append(ids, "8"+it.RPPS)
		}
		slices.Sort(ids)
		return ids
	}
	for _, tt := range []struct {
		rule string
		q    annuaire.DelegateQuery
		want []string
	}{
		{"name and city", annuaire.DelegateQuery{Name: "martin", City: "lyon"}, []string{ines}},
		{"as people write and mistype them", annuaire.DelegateQuery{Name: "delatour", Given: "Loui"}, []string{louis}},
		{"given name and postal code, fewer digits being its beginning", annuaire.DelegateQuery{Given: "martine", PostalCode: "69"}, []string{marie}},
		{"profession by code and city", annuaire.DelegateQuery{Profession: "60", City: "Lyon"}, []string{ines}},
		{"profession by its feminine and city", annuaire.DelegateQuery{Profession: "infirmière", City: "Lyon"}, []string{ines}},
		{"profession by its beginning", annuaire.DelegateQuery{Profession: "infirm", City: "Lyon"}, []string{ines}},
		{"a secretary by word, with the role stated or with none", annuaire.DelegateQuery{Profession: "Secrétaire médicale", PostalCode: "*", Name: " ", City: "Mende"}, []string{franck}},
		{"the one whose role is stated too", annuaire.DelegateQuery{Profession: "secrétaire", City: "lyon"}, []string{marie}},
		{"by the official label of the role", annuaire.DelegateQuery{Profession: "Secrétaire assistante médico-administrative", PostalCode: "69002"}, []string{marie}},
		{"by the label of the profession of people who are there by a role", annuaire.DelegateQuery{Profession: "Acteur du système de santé caractérisé par un rôle", PostalCode: "69002"}, []string{marie, amel}},
		{"another role", annuaire.DelegateQuery{Profession: "coordonnateur de parcours", City: "Lyon"}, []string{amel}},
		{"profession and place hold within one activity", annuaire.DelegateQuery{PostalCode: "48000", City: "Lyon"}, nil},
		{"a full identifier of 12 digits is enough", annuaire.DelegateQuery{Identifier: franck}, []string{franck}},
		{"or of 11, spaces aside", annuaire.DelegateQuery{Identifier: "0917 1209 251"}, []string{franck}},
		{"its check digit is not looked at", annuaire.DelegateQuery{Identifier: "899099999999"}, nil},
		{"with another criterion, both hold", annuaire.DelegateQuery{Identifier: franck, City: "Lyon"}, nil},
		{"people without an RPPS are not found", annuaire.DelegateQuery{Name: "MARTIN", Given: "Ada"}, nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := found(t, tt.q); !slices.Equal(got, tt.want) {
				t.Errorf("found %v, want %v", got, tt.want)
			}
		})
	}
	for _, tt := range []struct {
		rule, name string
		q          annuaire.DelegateQuery
	}{
		{"too_few_criteria", "none", annuaire.DelegateQuery{}},
		{"too_few_criteria", "one", annuaire.DelegateQuery{Name: "martin"}},
		{"too_few_criteria", "one and blanks", annuaire.DelegateQuery{Name: "martin", City: "  ", Given: "*", PostalCode: "**", Profession: " * "}},
		{"too_few_criteria", "signs alone", annuaire.DelegateQuery{Name: "martin", City: "'"}},
		{"criterion_too_long", "101 characters", annuaire.DelegateQuery{Name: strings.Repeat("é", 101), City: "lyon"}},
		{"unknown_profession", "a word that is no profession", annuaire.DelegateQuery{Profession: "plombier", City: "lyon"}},
		{"unknown_profession", "the beginning of too much", annuaire.DelegateQuery{Profession: "m", City: "lyon"}},
		{"identifier_malformed", "an identifier of ADELI", annuaire.DelegateQuery{Identifier: adeli}},
		{"identifier_malformed", "twelve digits that begin with something else", annuaire.DelegateQuery{Identifier: "709171209251"}},
		{"identifier_malformed", "letters", annuaire.DelegateQuery{Identifier: "80917120925A"}},
	} {
		t.Run(tt.rule+": "+tt.name, func(t *testing.T) {
			if _, err := p.Delegates(ctx, tt.q); annuaire.RuleOf(err) != tt.rule || annuaire.CodeOf(err) != annuaire.CodeInvalid {
				t.Errorf("%v", err)
			}
		})
	}
	t.Run("what is told is the activity that was asked for", func(t *testing.T) {
		out, err := p.Delegates(ctx, annuaire.DelegateQuery{Profession: "médecin", City: "Lyon"})
		ok(t, err)
		want := annuaire.DelegateFound{RPPS: louis[1:], Family: "DE LA TOUR", Given: "Louis", Profession: annuaire.Coded{Code: "10", Label: "Médecin"}, PostalCode: "69003", City: "Lyon"}
		if len(out.Items) != 1 || out.Items[0] != want {
			t.Errorf("%+v", out.Items)
		}
	})
}

// Whether somebody has a mailbox changes nothing of the answer.
func TestDelegatesTellNothingOfMailboxes(t *testing.T) {
	q := annuaire.DelegateQuery{City: "lyon", PostalCode: "69"}
	var answers []string
	for _, with := range []func(string) bool{func(string) bool { return false }, func(string) bool { return true }, func(id string) bool { return id == ines }} {
		p := registry.NewPersonal(nil, directoryOf(t, townspeople(), with), nil, registry.PersonalOptions{})
		out, err := p.Delegates(ctx, q)
		ok(t, err)
		answers = append(answers, fmt.Sprintf("%+v", out))
	}
	if len(answers[0]) < 50 || answers[0] != answers[1] || answers[0] != answers[2] {
		t.Error(answers)
	}
}

func TestTheFirstFifty(t *testing.T) {
	crowd := func(rpps, adeli int) (out []annuaire.Professional) {
		for i := range rpps {
			out = append(out, at(fmt.Sprintf("8990000%05d", i), "DUPONT", fmt.Sprintf("N%c%c", 'A'+i/26, 'A'+i%26), "60", "", "69008", "Lyon"))
		}
		for i := range adeli {
			out = append(out, at(fmt.Sprintf("09900%05d", i), "DUPONT", "A", "60", "", "69008", "Lyon"))
		}
		return out
	}
	for _, tt := range []struct {
		rule        string
		rpps, adeli int
		items       int
		more        bool
	}{{"fifty are all", 50, 0, 50, false}, {"of fifty-one, fifty and more", 51, 0, 50, true}, {"people without an RPPS do not take their places", 20, 60, 20, false}} {
		t.Run(tt.rule, func(t *testing.T) {
			p := registry.NewPersonal(nil, directoryOf(t, crowd(tt.rpps, tt.adeli), func(string) bool { return false }), nil, registry.PersonalOptions{})
			out, err := p.Delegates(ctx, annuaire.DelegateQuery{Name: "dupont", City: "lyon"})
			if err != nil || len(out.Items) != tt.items || out.More != tt.more {
				t.Errorf("%d %v %v", len(out.Items), out.More, err)
			}
		})
	}
}
