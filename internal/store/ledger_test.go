package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"

	"annuaire"
)

func since(t *testing.T, l *Ledger, seq uint64) (out []Entry) {
	t.Helper()
	ok(t, l.Since(seq, func(e Entry) error { out = append(out, e); return nil }))
	return out
}

func TestLedgerCommit(t *testing.T) {
	l := openLedger(t, filepath.Join(t.TempDir(), "annuaire.db"))
	t.Run("a new ledger is at 0 and names no generation", func(t *testing.T) {
		seq, gen, err := l.Head()
		if seq != 0 || gen != "" || err != nil {
			t.Fatal(seq, gen, err)
		}
		if _, any, err := l.LastRun(); any || err != nil {
			t.Fatal(any, err)
		}
		if id, err := l.NextRun(); id != "000001" || err != nil {
			t.Fatal(id, err)
		}
	})
	first := []Entry{personEntry(t, annuaire.Created, "899000000017", "EXEMPLE"), siteEntry(t, annuaire.Created, "R1", "CABINET")}
	t.Run("entries get the sequences after the head", func(t *testing.T) {
		seq, err := l.Commit(Run{ID: "000001", Outcome: OutcomeApplied}, "000001", first)
		if seq != 2 || err != nil {
			t.Fatal(seq, err)
		}
		if d := cmp.Diff(first, since(t, l, 0)); d != "" {
			t.Fatal(d)
		}
		if first[0].Seq != 1 || first[1].Seq != 2 {
			t.Fatal(first[0].Seq, first[1].Seq)
		}
	})
	t.Run("a run without entries moves the run, not the head", func(t *testing.T) {
		seq, err := l.Commit(Run{ID: "000002", Outcome: OutcomeUnchanged}, "000001", nil)
		if seq != 2 || err != nil {
			t.Fatal(seq, err)
		}
		if id, err := l.NextRun(); id != "000003" || err != nil {
			t.Fatal(id, err)
		}
	})
	t.Run("Since begins after the sequence it is given", func(t *testing.T) {
		if got := since(t, l, 1); len(got) != 1 || got[0].ID != "R1" {
			t.Fatal(got)
		}
		if got := since(t, l, 2); got != nil {
			t.Fatal(got)
		}
	})
	t.Run("a run id that is no number is refused and leaves the head", func(t *testing.T) {
		if _, err := l.Commit(Run{ID: "dry"}, "000009", first); err == nil {
			t.Fatal("accepted")
		}
		if seq, gen, _ := l.Head(); seq != 2 || gen != "000001" {
			t.Fatal(seq, gen)
		}
	})
}

// The file of a process that was killed between the chunks of a large append is the file as it was at that moment.
func TestLedgerCrashBetweenChunks(t *testing.T) {
	dir := t.TempDir()
	l := openLedger(t, filepath.Join(dir, "annuaire.db"))
	_, err := l.Commit(Run{ID: "000001"}, "000001", []Entry{personEntry(t, annuaire.Created, "899000000017", "EXEMPLE")})
	ok(t, err)
	ok(t, l.db.Update(func(tx *bolt.Tx) error { // a chunk, without the transaction that moves the head
		for seq := uint64(2); seq < 5; seq++ {
			v, err := Encode(Entry{Seq: seq, Kind: annuaire.KindPerson, Op: annuaire.Gone, ID: "899000000025"})
			if err != nil {
				return err
			}
			if err := tx.Bucket(logBucket).Put(key(seq), v); err != nil {
				return err
			}
		}
		return nil
	}))
	raw, err := os.ReadFile(filepath.Join(dir, "annuaire.db"))
	ok(t, err)
	ok(t, os.WriteFile(filepath.Join(dir, "copy.db"), raw, 0o600))
	c := openLedger(t, filepath.Join(dir, "copy.db"))
	t.Run("entries beyond the head are invisible", func(t *testing.T) {
		if got := since(t, c, 0); len(got) != 1 || got[0].Op != annuaire.Created {
			t.Fatal(got)
		}
	})
	t.Run("the next append writes over them", func(t *testing.T) {
		seq, err := c.Commit(Run{ID: "000002"}, "000001", []Entry{siteEntry(t, annuaire.Created, "R1", "CABINET")})
		if seq != 2 || err != nil {
			t.Fatal(seq, err)
		}
		if got := since(t, c, 1); len(got) != 1 || got[0].ID != "R1" {
			t.Fatal(got)
		}
	})
}

func TestLedgerCommitsMoreThanAChunk(t *testing.T) {
	l := openLedger(t, filepath.Join(t.TempDir(), "annuaire.db"))
	l.db.NoSync = true
	entries := make([]Entry, chunk+1)
	for i := range entries {
		entries[i] = Entry{Kind: annuaire.KindPerson, Op: annuaire.Gone, ID: RunID(uint64(i))}
	}
	seq, err := l.Commit(Run{ID: "000001"}, "000001", entries)
	if seq != chunk+1 || err != nil {
		t.Fatal(seq, err)
	}
	last := uint64(chunk - 1)
	for _, e := range since(t, l, last) {
		if last++; e.Seq != last || e.ID != RunID(last-1) {
			t.Fatalf("entry %d is %q, after %d", e.Seq, e.ID, last-1)
		}
	}
	if last != seq {
		t.Fatal(last)
	}
}

// Times decode in the zone of the machine; what is shown of them is UTC wherever that is.
func TestLedgerKeepsRunsAndTimes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "annuaire.db")
	l, err := OpenLedger(path)
	ok(t, err)
	want := Run{ID: "000041", Extract: day, MailboxesAt: day.Add(time.Hour), Outcome: OutcomeLoaded, Rows: map[string]int64{"a": 3},
		Orphans: map[string]int64{"b": 1}, Rejected: 2, Fallback: 4, Warnings: []string{"w"}, People: annuaire.Counts{Created: 1, Changed: 2, Gone: 3},
		Started: day, Seconds: 1.5, Generation: "000041",
		Info: Info{Extract: day, Mailboxes: day.Add(time.Hour), Run: "000041", Files: []string{"f"}, Model: 7}}
	_, err = l.Commit(want, "000041", []Entry{siteEntry(t, annuaire.Created, "R1", "CABINET")})
	ok(t, err)
	ok(t, l.Close())
	l = openLedger(t, path)
	got, any, err := l.LastRun()
	if d := cmp.Diff(want, got); d != "" || !any || err != nil {
		t.Fatal(d, any, err)
	}
	for name, at := range map[string]time.Time{"extract": got.Extract, "mailboxes": got.MailboxesAt, "started": got.Started,
		"info": got.Info.Extract, "info's mailboxes": got.Info.Mailboxes, "entry": since(t, l, 0)[0].Time} {
		if at.Location() != time.UTC {
			t.Errorf("%s is in the zone %s", name, at.Location())
		}
	}
	if id, _ := l.NextRun(); id != "000042" {
		t.Error("runs do not grow:", id)
	}
	if n := want.People.Total(); n != 6 {
		t.Error("Total is", n)
	}
}

func TestOpenRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "annuaire.db")
	l, err := OpenLedger(path)
	ok(t, err)
	t.Run("a file that another process holds, saying so in both languages", func(t *testing.T) {
		_, err := OpenLedger(path)
		if annuaire.CodeOf(err) != annuaire.CodeConflict {
			t.Fatal(err)
		}
		e := err.(*annuaire.Error)
		if !strings.Contains(e.Message, "autre processus") || !strings.Contains(e.English, "another annuaire process") {
			t.Fatal(e.Message, e.English)
		}
	})
	ok(t, l.db.Update(func(tx *bolt.Tx) error { return tx.Bucket(metaBucket).Put(formatKey, key(ledgerFormat+1)) }))
	ok(t, l.Close())
	t.Run("a newer format, naming both numbers", func(t *testing.T) {
		_, err := OpenLedger(path)
		if annuaire.CodeOf(err) != annuaire.CodeInvalid || !strings.Contains(err.Error(), "data format 2, this program reads format 1") {
			t.Fatal(err)
		}
	})
	t.Run("and it stays untouched and unlocked", func(t *testing.T) {
		db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: time.Second})
		ok(t, err)
		ok(t, db.Close())
	})
	t.Run("a file that is no database", func(t *testing.T) {
		bad := filepath.Join(t.TempDir(), "annuaire.db")
		ok(t, os.WriteFile(bad, []byte(strings.Repeat("text\n", 2000)), 0o600))
		if _, err := OpenLedger(bad); err == nil || !strings.Contains(err.Error(), "annuaire.db") {
			t.Fatal(err)
		}
	})
	t.Run("a directory that is not there, without making one", func(t *testing.T) {
		missing := filepath.Join(t.TempDir(), "directory.db")
		if _, err := OpenDirectory(missing); !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		if _, err := os.Stat(missing); err == nil {
			t.Fatal("it was created")
		}
	})
}
