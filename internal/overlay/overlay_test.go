package overlay_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/overlay"
	"annuaire/internal/store"
)

var day = time.Date(2026, 11, 21, 4, 12, 0, 0, time.UTC)

const (
	anna    = "899000000017"
	address = "anna@x.mssante.fr"
)

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// stores is an empty ledger and directory.db.
func stores(t *testing.T) (*store.Ledger, *store.Directory) {
	t.Helper()
	dir := t.TempDir()
	l, err := store.OpenLedger(filepath.Join(dir, "annuaire.db"))
	ok(t, err)
	b, err := store.CreateDirectory(filepath.Join(dir, "directory.db"))
	ok(t, err)
	ok(t, b.Finish(0, store.Info{}))
	d, err := store.OpenDirectory(filepath.Join(dir, "directory.db"))
	ok(t, err)
	t.Cleanup(func() { ok(t, d.Close()); ok(t, l.Close()) })
	return l, d
}

// change runs fn on the state of both; the view stays where it was, as it does while it catches up.
func change(t *testing.T, l *store.Ledger, d *store.Directory, sites overlay.Sites, fn func(*overlay.State)) {
	t.Helper()
	ok(t, d.Read(func(r store.Reader) error {
		return l.Update(func(tx *store.Tx) error { fn(overlay.NewState(tx, r, sites)); return nil })
	}))
}

func packed[T store.Record](t *testing.T, rec T) ([]byte, store.Print) {
	t.Helper()
	body, digest := store.Body(&rec)
	return store.Pack(body, annuaire.Source{Extract: day, Run: "000001"}), store.Print{Rows: 7, Content: digest}
}

func person(t *testing.T, op annuaire.ChangeOp) store.Entry {
	t.Helper()
	e := store.Entry{Kind: annuaire.KindPerson, Op: op, ID: anna, Run: "000002", Time: day}
	if op != annuaire.Gone {
		e.Record, e.Print = packed(t, annuaire.Professional{ID: anna, Family: "ANNA"})
	}
	return e
}

func TestWhatAChangeSees(t *testing.T) {
	l, d := stores(t)
	there := func() (there bool) {
		change(t, l, d, nil, func(s *overlay.State) { var err error; _, there, err = s.Person(anna); ok(t, err) })
		return there
	}
	t.Run("nobody is there before the log says so", func(t *testing.T) {
		if there() {
			t.Error("there")
		}
	})
	t.Run("who is in the log is there before the view knows", func(t *testing.T) {
		change(t, l, d, nil, func(s *overlay.State) { _, err := s.Append([]store.Entry{person(t, annuaire.Created)}); ok(t, err) })
		if !there() {
			t.Error("not there")
		}
	})
	t.Run("and who left there is gone", func(t *testing.T) {
		change(t, l, d, nil, func(s *overlay.State) { _, err := s.Append([]store.Entry{person(t, annuaire.Gone)}); ok(t, err) })
		if there() {
			t.Error("there")
		}
	})
}

func TestSite(t *testing.T) {
	all := []annuaire.Structure{{ID: "F480000017", FINESS: "480000017", FINESSEJ: "480000001", SIREN: "264800017", SIRET: "26480001700011", Name: "SITE A"},
		{ID: "F480000018", FINESS: "480000018", FINESSEJ: "480000001", SIREN: "264800017", Name: "SITE B"},
		{ID: "F480000099", FINESS: "480000099", FINESSEJ: "480000002", Name: "ALONE"},
		{ID: "R9900000000101", Name: "CABINET"}, {ID: "C1", FormerID: "49900000000202", Name: "ANCIEN CABINET"}}
	l, d := stores(t)
	for _, tt := range []struct{ rule, kind, number, want string }{
		{"a FINESS of a site names it", "FINESS", "480000018", "SITE B"},
		{"one of a legal entity with a single site too", "FINESS", "480000002", "ALONE"},
		{"one of several sites names none", "FINESS", "480000001", ""},
		{"a SIRET names its site", "SIRET", "26480001700011", "SITE A"},
		{"a SIREN of several sites names none", "SIREN", "264800017", ""},
		{"an RPPS-rang is the technical identifier of a practice", "RPPS-rang", "9900000000101", "CABINET"},
		{"or its former one", "RPPS-rang", "9900000000202", "ANCIEN CABINET"},
		{"a number that nobody has names none", "FINESS", "999999999", ""},
		{"a number is of its type", "SIRET", "480000018", ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			change(t, l, d, func(annuaire.StructureID) ([]annuaire.Structure, error) { return slices.Clone(all), nil }, func(s *overlay.State) {
				st, err := s.Site(annuaire.StructureID{Type: tt.kind, ID: tt.number})
				ok(t, err)
				if got := ""; st != nil && st.Name != tt.want || st == nil && got != tt.want {
					t.Errorf("%+v, want %q", st, tt.want)
				}
			})
		})
	}
	t.Run("one that changed in the log is as it is there", func(t *testing.T) {
		e := store.Entry{Kind: annuaire.KindStructure, Op: annuaire.Changed, ID: "F480000018", Time: day}
		e.Record, e.Print = packed(t, annuaire.Structure{ID: "F480000018", FINESS: "480000018", Name: "NOUVEAU"})
		change(t, l, d, func(annuaire.StructureID) ([]annuaire.Structure, error) { return slices.Clone(all), nil }, func(s *overlay.State) {
			_, err := s.Append([]store.Entry{e})
			ok(t, err)
			st, err := s.Site(annuaire.StructureID{Type: "FINESS", ID: "480000018"})
			if err != nil || st == nil || st.Name != "NOUVEAU" {
				t.Error(st, err)
			}
		})
	})
}

func TestRecord(t *testing.T) {
	r := annuaire.Registered{Address: address, Kind: annuaire.KindORG, Structure: &annuaire.StructureID{Type: "SIREN", ID: "264800017"}, Service: "Urgences",
		Description: "Accueil", Responsible: "Mme Exemple", OTPMobile: "+33600000000", Phone: "+33466000000", Rank: 2, Terms: "1", Operator: "x.mssante.fr"}
	t.Run("what is not published is not in it", func(t *testing.T) {
		m := overlay.Record(&r, nil, nil)
		want := annuaire.Mailbox{Address: address, Kind: annuaire.KindORG, Rank: 2, Description: "Accueil", Phone: "+33466000000", Registered: true,
			Attachments: []annuaire.Attachment{{IDType: "2", ID: "2264800017", Service: "Urgences"}}}
		got, _ := packed(t, m)
		exp, _ := packed(t, want)
		if string(got) != string(exp) {
			t.Errorf("%+v", m)
		}
	})
	t.Run("nor is a number that anybody opposes", func(t *testing.T) {
		for _, oppose := range []func(*annuaire.Registered){func(r *annuaire.Registered) { r.PhoneOpposed = true }, func(r *annuaire.Registered) { r.PhoneOpposedHolder = true }} {
			x := r
			oppose(&x)
			if m := overlay.Record(&x, nil, nil); m.Phone != "" {
				t.Error(m.Phone)
			}
		}
	})
	t.Run("national records have the bytes that they had", func(t *testing.T) {
		m := annuaire.Mailbox{Address: address, Kind: annuaire.KindPER, Owners: []string{anna}, Rank: 1}
		body, _ := store.Body(&m)
		var keys map[int]any
		ok(t, store.Decode(body, &keys))
		if keys[11] != nil || keys[12] != nil {
			t.Error(keys)
		}
	})
}

func TestSync(t *testing.T) {
	box := func(red bool) annuaire.Registered {
		return annuaire.Registered{Address: address, Kind: annuaire.KindPER, Holder: anna, Operator: "x.mssante.fr", RedListOperator: red, Created: day, Changed: day, Version: 1}
	}
	national := store.Entry{Kind: annuaire.KindMailbox, Op: annuaire.Created, ID: address, Run: "000002", Time: day, People: []string{anna}}
	national.Record, national.Print = packed(t, annuaire.Mailbox{Address: address, Kind: annuaire.KindPER, Owners: []string{anna}, Rank: 1})
	t.Run("planning changes nothing; writing does", func(t *testing.T) {
		l, d := stores(t)
		change(t, l, d, nil, func(s *overlay.State) {
			_, err := s.Append([]store.Entry{person(t, annuaire.Created)})
			ok(t, err)
			b := box(true)
			ok(t, s.Put(address, &b, day))
		})
		var plan *overlay.Plan
		change(t, l, d, nil, func(s *overlay.State) {
			var err error
			plan, err = overlay.Sync(s, []store.Entry{national}, nil, day)
			ok(t, err)
			if len(plan.Entries) != 0 || plan.Counts() != (annuaire.Counts{}) {
				t.Errorf("%+v", plan.Entries)
			}
			if _, there, err := overlay.Under.Get(s.Tx, address); there || err != nil {
				t.Error("written", err)
			}
			ok(t, plan.Write(s.Tx))
			c, there, err := overlay.Under.Get(s.Tx, address)
			if !there || err != nil || c.Print != national.Print {
				t.Error(c, err)
			}
		})
	})
	t.Run("a print of a covered record goes under, and to no view", func(t *testing.T) {
		l, d := stores(t)
		other := store.Print{Rows: 8, Content: national.Print.Content}
		change(t, l, d, nil, func(s *overlay.State) {
			b := box(true)
			ok(t, s.Put(address, &b, day))
			ok(t, overlay.Under.Put(s.Tx, address, overlay.Covered{Record: national.Record, Print: national.Print}))
			prints := map[annuaire.Kind]map[string]store.Print{annuaire.KindMailbox: {address: other, "z@x.mssante.fr": other}}
			plan, err := overlay.Sync(s, nil, prints, day)
			ok(t, err)
			ok(t, plan.Write(s.Tx))
			c, _, err := overlay.Under.Get(s.Tx, address)
			if err != nil || c.Print != other || len(plan.Prints[annuaire.KindMailbox]) != 1 || len(prints[annuaire.KindMailbox]) != 2 {
				t.Error(c.Print, plan.Prints, prints, err)
			}
		})
	})
	t.Run("social-care staff are no orphans", func(t *testing.T) {
		l, d := stores(t)
		change(t, l, d, nil, func(s *overlay.State) {
			b := box(false)
			b.Social = true
			ok(t, s.Put(address, &b, day))
			plan, err := overlay.Sync(s, []store.Entry{person(t, annuaire.Gone)}, nil, day)
			ok(t, err)
			ok(t, plan.Write(s.Tx))
			got, _, err := overlay.Boxes.Get(s.Tx, address)
			if err != nil || !got.Orphaned.IsZero() || len(plan.Entries) != 1 {
				t.Error(got, plan.Entries, err)
			}
		})
	})
}
