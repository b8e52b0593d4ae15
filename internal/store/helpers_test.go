package store

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
	"go.uber.org/goleak"

	"annuaire"
)

func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "50") // of files that are written and opened again; the command line can ask for more
	goleak.VerifyTestMain(m)
}

var day = time.Date(2026, 11, 21, 4, 12, 0, 0, time.UTC)

// fataler is testing.TB or rapid.T.
type fataler interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func ok(t fataler, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func openLedger(t testing.TB, path string) *Ledger {
	t.Helper()
	l, err := OpenLedger(path)
	ok(t, err)
	t.Cleanup(func() { ok(t, l.Close()) })
	return l
}

// emptyDirectory makes a directory.db without records and opens it.
func emptyDirectory(t testing.TB) *Directory {
	t.Helper()
	path := filepath.Join(t.TempDir(), "directory.db")
	b, err := CreateDirectory(path)
	ok(t, err)
	ok(t, b.Finish(0, Info{}))
	d, err := OpenDirectory(path)
	ok(t, err)
	t.Cleanup(func() { ok(t, d.Close()) })
	return d
}

func packed[T Record](t fataler, rec *T, run string) ([]byte, Print) {
	t.Helper()
	body, hash := Body(rec)
	return Pack(body, annuaire.Source{Extract: day, Run: run}), Print{Rows: hash + 1, Content: hash}
}

func personEntry(t fataler, op annuaire.ChangeOp, id, family string) Entry {
	e := Entry{Kind: annuaire.KindPerson, Op: op, ID: id, Run: "000001", Time: day}
	if op != annuaire.Gone {
		e.Record, e.Print = packed(t, &annuaire.Professional{ID: id, Family: family}, e.Run)
	}
	return e
}

func boxEntry(t fataler, op annuaire.ChangeOp, box annuaire.Mailbox) Entry {
	e := Entry{Kind: annuaire.KindMailbox, Op: op, ID: box.Address, Run: "000001", Time: day, People: box.Owners}
	if op != annuaire.Gone {
		e.Record, e.Print = packed(t, &box, e.Run)
	}
	return e
}

func siteEntry(t fataler, op annuaire.ChangeOp, id, name string) Entry {
	e := Entry{Kind: annuaire.KindStructure, Op: op, ID: id, Run: "000001", Time: day}
	if op != annuaire.Gone {
		e.Record, e.Print = packed(t, &annuaire.Structure{ID: id, Name: name}, e.Run)
	}
	return e
}

func addresses(t fataler, d *Directory, holder string) (out []string) {
	t.Helper()
	ok(t, d.Read(func(r Reader) error {
		boxes, err := r.MailboxesOf(holder)
		for _, b := range boxes {
			out = append(out, b.Address)
		}
		return err
	}))
	return out
}

func create(t testing.TB, path string) *os.File {
	t.Helper()
	f, err := os.Create(path)
	ok(t, err)
	return f
}

// putBeyond appends an entry beyond the head, as a commit that does not end leaves it.
func (l *Ledger) putBeyond(e Entry) error {
	v, err := Encode(e)
	if err != nil {
		return err
	}
	return l.db.Update(func(tx *bolt.Tx) error {
		return errors.Join(tx.Bucket(logBucket).Put(key(e.Seq), v), putHistory(tx, e))
	})
}
