package store

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"

	"annuaire"
)

const anna, bea = "899000000017", "899000000025"

func at(seq uint64, e Entry) Entry { e.Seq = seq; return e }

func box(address string, rank int, owners ...string) annuaire.Mailbox {
	return annuaire.Mailbox{Address: address, Kind: annuaire.KindPER, Owners: owners, Rank: rank}
}

func TestApply(t *testing.T) {
	d := emptyDirectory(t)
	info := Info{Extract: day, Mailboxes: day, Run: "000001", Files: []string{"a", "b"}, Model: 3}
	entries := []Entry{
		at(1, siteEntry(t, annuaire.Created, "R1", "CABINET")),
		at(2, boxEntry(t, annuaire.Created, box("b@formation.mssante.fr", 2, anna))),
		at(3, boxEntry(t, annuaire.Created, box("a@formation.mssante.fr", 1, anna))),
		at(4, personEntry(t, annuaire.Created, anna, "EXEMPLE")),
	}
	check := func(t *testing.T) {
		t.Helper()
		seq, err := d.Seq()
		got, err2 := d.Info()
		if diff := cmp.Diff(info, got); seq != 4 || err != nil || err2 != nil || diff != "" {
			t.Fatal(seq, err, err2, diff)
		}
		if got.Extract.Location() != time.UTC {
			t.Error("times are not shown in UTC")
		}
		ok(t, d.Read(func(r Reader) error {
			p, known, err := r.Person(anna)
			if !known || p.Family != "EXEMPLE" || p.Source.Run != "000001" || !p.Source.Extract.Equal(day) {
				t.Error(p, known)
			}
			if s, known, _ := r.Structure("R1"); !known || s.Name != "CABINET" {
				t.Error(s, known)
			}
			if pr, known := r.Print(annuaire.KindPerson, anna); !known || pr != entries[3].Print {
				t.Error(pr, known)
			}
			return err
		}))
		if diff := cmp.Diff([]string{"a@formation.mssante.fr", "b@formation.mssante.fr"}, addresses(t, d, anna)); diff != "" {
			t.Error(diff)
		}
	}
	t.Run("brings records, prints, holders and what it shows", func(t *testing.T) {
		ok(t, d.Apply(entries, 4, info, nil))
		check(t)
	})
	t.Run("changes nothing when done again", func(t *testing.T) {
		ok(t, d.Apply(entries, 4, info, nil))
		check(t)
	})
	t.Run("takes prints of records that say the same", func(t *testing.T) {
		other := Print{Rows: 1, Content: entries[3].Print.Content}
		ok(t, d.Apply(nil, 4, info, map[annuaire.Kind]map[string]Print{annuaire.KindPerson: {anna: other}}))
		ok(t, d.Read(func(r Reader) error {
			if p, _ := r.Print(annuaire.KindPerson, anna); p != other {
				t.Error(p)
			}
			return nil
		}))
	})
	t.Run("refuses what is no record, and then changes nothing", func(t *testing.T) {
		before := dump(t, d)
		err := d.Apply([]Entry{at(5, personEntry(t, annuaire.Gone, anna, "")), at(6, Entry{Kind: annuaire.KindLoad, Op: annuaire.Created, ID: "000002"})}, 6, info, nil)
		if err == nil || !strings.Contains(err.Error(), `sequence 6: an entry of kind "load"`) {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, dump(t, d)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestHolders(t *testing.T) {
	d := emptyDirectory(t)
	apply := func(op annuaire.ChangeOp, m annuaire.Mailbox) {
		ok(t, d.Apply([]Entry{boxEntry(t, op, m)}, 1, Info{}, nil))
	}
	want := func(t *testing.T, holder string, boxes ...string) {
		t.Helper()
		if diff := cmp.Diff(boxes, addresses(t, d, holder)); diff != "" {
			t.Error(diff)
		}
	}
	apply(annuaire.Created, box("z@x.formation.mssante.fr", 1, anna))
	apply(annuaire.Created, box("a@x.formation.mssante.fr", 10, anna, bea))
	apply(annuaire.Created, box("m@x.formation.mssante.fr", 2, anna))
	apply(annuaire.Created, box("org@x.formation.mssante.fr", 0))
	t.Run("boxes come by rank, not by address", func(t *testing.T) {
		want(t, anna, "z@x.formation.mssante.fr", "m@x.formation.mssante.fr", "a@x.formation.mssante.fr")
		want(t, bea, "a@x.formation.mssante.fr")
		want(t, "899000000", []string(nil)...)
	})
	t.Run("another rank moves a box", func(t *testing.T) {
		apply(annuaire.Changed, box("a@x.formation.mssante.fr", 1, anna, bea))
		want(t, anna, "a@x.formation.mssante.fr", "z@x.formation.mssante.fr", "m@x.formation.mssante.fr")
	})
	t.Run("a box that changes hands leaves its former holder", func(t *testing.T) {
		apply(annuaire.Changed, box("z@x.formation.mssante.fr", 2, bea))
		want(t, anna, "a@x.formation.mssante.fr", "m@x.formation.mssante.fr")
		want(t, bea, "a@x.formation.mssante.fr", "z@x.formation.mssante.fr")
	})
	t.Run("a box that is gone leaves all its holders", func(t *testing.T) {
		apply(annuaire.Gone, box("a@x.formation.mssante.fr", 1))
		want(t, anna, "m@x.formation.mssante.fr")
		want(t, bea, "z@x.formation.mssante.fr")
	})
	t.Run("ranks are told apart beyond what a byte holds", func(t *testing.T) {
		apply(annuaire.Created, box("b300@x.formation.mssante.fr", 300, anna))
		apply(annuaire.Created, box("c256@x.formation.mssante.fr", 256, anna))
		want(t, anna, "m@x.formation.mssante.fr", "c256@x.formation.mssante.fr", "b300@x.formation.mssante.fr")
	})
}

func TestGoneMarks(t *testing.T) {
	d := emptyDirectory(t)
	gone := func() (since time.Time, left bool) {
		ok(t, d.Read(func(r Reader) error { since, left = r.GoneSince(anna); return nil }))
		return since, left
	}
	if _, left := gone(); left {
		t.Error("someone never known has left")
	}
	ok(t, d.Apply([]Entry{personEntry(t, annuaire.Created, anna, "EXEMPLE")}, 1, Info{}, nil))
	if _, left := gone(); left {
		t.Error("someone present has left")
	}
	ok(t, d.Apply([]Entry{personEntry(t, annuaire.Gone, anna, "")}, 2, Info{}, nil))
	if since, left := gone(); !left || since != day {
		t.Error(since, left)
	}
	ok(t, d.Apply([]Entry{personEntry(t, annuaire.Created, anna, "EXEMPLE")}, 3, Info{}, nil))
	if _, left := gone(); left {
		t.Error("someone who came back has left")
	}
}

func TestEachPacked(t *testing.T) {
	d := emptyDirectory(t)
	entries := []Entry{personEntry(t, annuaire.Created, bea, "B"), personEntry(t, annuaire.Created, anna, "A")}
	ok(t, d.Apply(entries, 2, Info{}, nil))
	t.Run("gives every record in stored form with its print, by id", func(t *testing.T) {
		var got []Entry
		ok(t, d.Read(func(r Reader) error {
			return r.EachPacked(annuaire.KindPerson, func(id, packed []byte, p Print) error {
				got = append(got, Entry{ID: string(id), Record: append([]byte(nil), packed...), Print: p})
				return nil
			})
		}))
		want := []Entry{{ID: anna, Record: entries[1].Record, Print: entries[1].Print}, {ID: bea, Record: entries[0].Record, Print: entries[0].Print}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
	t.Run("stops at the error of the caller", func(t *testing.T) {
		stop := errors.New("stop")
		err := d.Read(func(r Reader) error {
			return r.EachPacked(annuaire.KindPerson, func(_, _ []byte, _ Print) error { return stop })
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
	})
	t.Run("reports a record without a print", func(t *testing.T) {
		ok(t, d.db.Update(func(tx *bolt.Tx) error { return tx.Bucket(printsBucket(annuaire.KindPerson)).Delete([]byte(anna)) }))
		err := d.Read(func(r Reader) error {
			return r.EachPacked(annuaire.KindPerson, func(_, _ []byte, _ Print) error { return nil })
		})
		if err == nil {
			t.Fatal("no error")
		}
	})
	t.Run("a damaged record is an error, not an empty answer", func(t *testing.T) {
		ok(t, d.db.Update(func(tx *bolt.Tx) error { return tx.Bucket(peopleBucket).Put([]byte(anna), []byte("?")) }))
		err := d.Read(func(r Reader) error { return r.EachPerson(func(annuaire.Professional) error { return nil }) })
		if err == nil {
			t.Error("EachPerson read it")
		}
		err = d.Read(func(r Reader) error { _, _, err := r.Person(anna); return err })
		if err == nil {
			t.Error("Person read it")
		}
	})
}

func TestBulk(t *testing.T) {
	dir := t.TempDir()
	t.Run("does not write over a directory", func(t *testing.T) {
		path := filepath.Join(dir, "there.db")
		b, err := CreateDirectory(path)
		ok(t, err)
		ok(t, b.Finish(1, Info{}))
		if _, err := CreateDirectory(path); err == nil {
			t.Fatal("it did")
		}
	})
	t.Run("can be abandoned with records in hand", func(t *testing.T) {
		b, err := CreateDirectory(filepath.Join(dir, "abandoned.db"))
		ok(t, err)
		e := personEntry(t, annuaire.Created, anna, "A")
		ok(t, b.PutPerson(e.ID, e.Record, e.Print))
		ok(t, b.Abandon())
	})
	t.Run("takes over who has left, but for those who came back", func(t *testing.T) {
		old := emptyDirectory(t)
		ok(t, old.Apply([]Entry{personEntry(t, annuaire.Gone, anna, ""), personEntry(t, annuaire.Gone, bea, "")}, 2, Info{}, nil))
		path := filepath.Join(dir, "next.db")
		b, err := CreateDirectory(path)
		ok(t, err)
		back, left := personEntry(t, annuaire.Created, bea, "B"), personEntry(t, annuaire.Gone, "899000000033", "")
		ok(t, b.PutPerson(back.ID, back.Record, back.Print))
		ok(t, b.KeepGone(old, []Entry{back, left}))
		ok(t, b.Finish(4, Info{}))
		wantGone(t, path, anna, "899000000033")
	})
	t.Run("without an old directory, the log tells who has left", func(t *testing.T) {
		l := openLedger(t, filepath.Join(dir, "annuaire.db"))
		_, err := l.Commit(Run{ID: "000001"}, "000001", []Entry{personEntry(t, annuaire.Gone, anna, ""), personEntry(t, annuaire.Gone, bea, ""),
			personEntry(t, annuaire.Gone, "899000000033", ""), personEntry(t, annuaire.Created, "899000000033", "C")})
		ok(t, err)
		path := filepath.Join(dir, "lost.db")
		b, err := CreateDirectory(path)
		ok(t, err)
		back := personEntry(t, annuaire.Created, bea, "B")
		ok(t, b.PutPerson(back.ID, back.Record, back.Print))
		ok(t, b.KeepGoneOf(l))
		ok(t, b.Finish(4, Info{}))
		wantGone(t, path, anna)
	})
}

func wantGone(t *testing.T, path string, ids ...string) {
	t.Helper()
	d, err := OpenDirectory(path)
	ok(t, err)
	defer d.Close()
	var got []string
	for k := range dump(t, d)["gone"] {
		got = append(got, k)
	}
	less := func(a, b string) bool { return a < b }
	if diff := cmp.Diff(ids, got, sortStrings(less)); diff != "" {
		t.Error(diff)
	}
}
