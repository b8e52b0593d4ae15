package backup

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/overlay"
	"annuaire/internal/store"
)

const address = "a@x.mssante.fr"

// registered writes a box as it is into the registry.
func registered(t testing.TB, d *directory.Directory, b annuaire.Registered) {
	t.Helper()
	seq, err := d.Change(func(s *overlay.State) error { return s.Put(b.Address, &b, day) })
	ok(t, err)
	ok(t, d.Visible(ctx, seq))
}

func annasBox() annuaire.Registered {
	return annuaire.Registered{Address: address, Kind: annuaire.KindPER, Holder: anna, Family: "EXEMPLE", Operator: "x.mssante.fr", Phone: "+33466000000",
		Created: day, Changed: day, Version: 1}
}

// nationalBox has the extract bring a box.
func nationalBox(t testing.TB, d *directory.Directory) {
	t.Helper()
	m := annuaire.Mailbox{Address: address, Kind: annuaire.KindPER, Owners: []string{anna}, Rank: 1}
	body, hash := store.Body(&m)
	ok(t, d.Apply(runOf("000002"), []store.Entry{{Kind: annuaire.KindMailbox, Op: annuaire.Created, ID: address, Run: "000002", Time: day,
		Record: store.Pack(body, annuaire.Source{Extract: day, Run: "000002"}), Print: store.Print{Rows: 1, Content: hash}, People: m.Owners}}, nil))
}

func TestWhatWasHiddenSinceTheBackupStaysHidden(t *testing.T) {
	for _, tt := range []struct {
		rule          string
		before, since func(testing.TB, *directory.Directory)
		shown         bool
		phone         string
	}{
		{"a box that the operator put on the red list since",
			func(t testing.TB, d *directory.Directory) { registered(t, d, annasBox()) },
			func(t testing.TB, d *directory.Directory) {
				b := annasBox()
				b.RedListOperator = true
				registered(t, d, b)
			}, false, ""},
		{"a box that its holder put on the red list since",
			func(t testing.TB, d *directory.Directory) { registered(t, d, annasBox()) },
			func(t testing.TB, d *directory.Directory) {
				b := annasBox()
				b.RedListHolder = true
				registered(t, d, b)
			}, false, ""},
		{"a national box whose holder asked for it since", nationalBox,
			func(t testing.TB, d *directory.Directory) {
				registered(t, d, annuaire.Registered{Address: address, Kind: annuaire.KindPER, Holder: anna, RedListHolder: true, Version: 1})
			}, false, ""},
		{"a national box registered since, on the red list", nationalBox,
			func(t testing.TB, d *directory.Directory) {
				b := annasBox()
				b.RedListOperator = true
				registered(t, d, b)
			}, false, ""},
		{"a number that was opposed to since",
			func(t testing.TB, d *directory.Directory) { registered(t, d, annasBox()) },
			func(t testing.TB, d *directory.Directory) {
				b := annasBox()
				b.PhoneOpposedHolder = true
				registered(t, d, b)
			}, true, ""},
		{"and what nobody hid is shown as it was",
			func(t testing.TB, d *directory.Directory) { registered(t, d, annasBox()) },
			func(testing.TB, *directory.Directory) {}, true, "+33466000000"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			dir := t.TempDir()
			d, err := directory.Open(dir)
			ok(t, err)
			fill(t, d)
			tt.before(t, d)
			saved := written(t, d)
			tt.since(t, d)
			ok(t, d.Close())
			_, err = Restore(ctx, bytes.NewReader(saved), dir, Options{Replace: true})
			ok(t, err)
			r := open(t, dir)
			m, err := r.Mailbox(ctx, address)
			if (err == nil) != tt.shown || m.Phone != tt.phone {
				t.Errorf("%+v %v", m, err)
			}
			if check, err := r.Check(ctx); err != nil || check.Problems > 0 {
				t.Error(check, err)
			}
		})
	}
	t.Run("nor does the feed tell of it where the backup has a log and no records", func(t *testing.T) {
		d, err := directory.Open(t.TempDir())
		ok(t, err)
		fill(t, d)
		registered(t, d, annasBox())
		old, err := store.OpenLedger(filepath.Join(t.TempDir(), "annuaire.db"))
		ok(t, err)
		b := annasBox()
		b.RedListHolder = true
		ok(t, old.Update(func(tx *store.Tx) error { return overlay.Keep(tx, address, nil, &b) }))
		ok(t, replaced{ledger: old}.keepHiddenIn(d.Ledger))
		told := 0
		ok(t, d.Ledger.Since(0, func(e store.Entry) error {
			if e.ID == address {
				told++
				if e.Record != nil || e.Op != annuaire.Gone {
					t.Errorf("%+v", e)
				}
			}
			return nil
		}))
		if told == 0 {
			t.Error("nothing was told before")
		}
		ok(t, errors.Join(old.Close(), d.Close()))
	})
	t.Run("also where the backup has nothing to read yet", func(t *testing.T) {
		dir := t.TempDir()
		empty, err := directory.Open(t.TempDir())
		ok(t, err)
		saved := written(t, empty)
		ok(t, empty.Close())
		d, err := directory.Open(dir)
		ok(t, err)
		fill(t, d)
		b := annasBox()
		b.RedListOperator = true
		registered(t, d, b)
		ok(t, d.Close())
		_, err = Restore(ctx, bytes.NewReader(saved), dir, Options{Replace: true})
		ok(t, err)
		r := open(t, dir)
		ok(t, r.Ledger.View(func(tx *store.Tx) error {
			got, known, err := overlay.Boxes.Get(tx, address)
			if !known || !got.RedListOperator {
				t.Error("forgotten")
			}
			return err
		}))
	})
}
