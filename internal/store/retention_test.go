package store

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"annuaire"
)

// logOf commits one change of a person a day.
func logOf(t *testing.T, l *Ledger, days int) {
	t.Helper()
	for i := range days {
		e := personEntry(t, annuaire.Changed, anna, "ANNA")
		e.Time = day.AddDate(0, 0, i)
		_, err := l.Commit(Run{ID: RunID(uint64(i + 1)), Extract: e.Time}, "000001", []Entry{e})
		ok(t, err)
	}
}

func TestPrune(t *testing.T) {
	path := filepath.Join(t.TempDir(), "annuaire.db")
	l := openLedger(t, path)
	logOf(t, l, 10)
	t.Run("what is older than the day given goes, the rest stays", func(t *testing.T) {
		n, err := l.Prune(day.AddDate(0, 0, 4), 1000)
		ok(t, err)
		if got := since(t, l, 0); n != 4 || len(got) != 6 || got[0].Seq != 5 {
			t.Fatal(n, len(got), got[0].Seq)
		}
	})
	t.Run("nothing above the sequence given goes, whatever its age", func(t *testing.T) {
		n, err := l.Prune(day.AddDate(1, 0, 0), 6)
		ok(t, err)
		if n != 2 || since(t, l, 0)[0].Seq != 7 {
			t.Fatal(n)
		}
	})
	t.Run("the window says where a reader may stand", func(t *testing.T) {
		w, err := l.Window()
		ok(t, err)
		if w.Oldest != 7 || w.Head != 10 || w.Holds(5) || !w.Holds(6) || !w.Holds(10) || w.Holds(11) {
			t.Fatalf("%+v", w)
		}
	})
	t.Run("history begins later", func(t *testing.T) {
		h, err := l.History(annuaire.KindPerson, anna)
		ok(t, err)
		if len(h) != 4 || h[0].Seq != 7 {
			t.Fatal(len(h))
		}
	})
	t.Run("an empty log holds only its head, and sequences go on", func(t *testing.T) {
		_, err := l.Prune(day.AddDate(9, 0, 0), 1000)
		ok(t, err)
		w, err := l.Window()
		ok(t, err)
		if w.Oldest != 11 || !w.Holds(10) || w.Holds(9) || w.Holds(0) {
			t.Fatalf("%+v", w)
		}
		seq, err := l.Commit(Run{ID: "000011"}, "000001", []Entry{personEntry(t, annuaire.Changed, anna, "X")})
		ok(t, err)
		if seq != 11 {
			t.Fatal(seq)
		}
	})
}

func TestWhoLeftStaysKnown(t *testing.T) {
	l := openLedger(t, filepath.Join(t.TempDir(), "annuaire.db"))
	back := personEntry(t, annuaire.Created, bea, "BEA")
	back.Time = day.AddDate(0, 1, 0)
	_, err := l.Commit(Run{ID: "000001"}, "000001", []Entry{personEntry(t, annuaire.Gone, anna, ""), personEntry(t, annuaire.Gone, bea, ""), back})
	ok(t, err)
	if n, err := l.Prune(day.AddDate(0, 0, 1), 1000); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	path := filepath.Join(t.TempDir(), "directory.db")
	b, err := CreateDirectory(path)
	ok(t, err)
	rec, p := packed(t, &annuaire.Professional{ID: bea}, "000001")
	ok(t, b.PutPerson(bea, rec, p))
	ok(t, b.KeepGoneOf(l))
	ok(t, b.Finish(3, Info{}))
	d, err := OpenDirectory(path)
	ok(t, err)
	defer d.Close()
	ok(t, d.Read(func(r Reader) error {
		if at, left := r.GoneSince(anna); !left || !at.Equal(day) {
			t.Error("a departure that the log dropped was forgotten:", at, left)
		}
		if _, left := r.GoneSince(bea); left {
			t.Error("someone who came back has left")
		}
		return nil
	}))
}

func TestReseat(t *testing.T) {
	l := openLedger(t, filepath.Join(t.TempDir(), "annuaire.db"))
	logOf(t, l, 3)
	t.Run("it never goes back", func(t *testing.T) {
		if l.Reseat("000009", 2) == nil {
			t.Fatal("sequences would be given twice")
		}
	})
	ok(t, l.Reseat("000009", 100))
	t.Run("the log goes on after it", func(t *testing.T) {
		seq, err := l.Commit(Run{ID: "000004"}, "000009", []Entry{personEntry(t, annuaire.Changed, anna, "X")})
		ok(t, err)
		if seq != 101 {
			t.Fatal(seq)
		}
	})
	t.Run("a cursor from the history that was replaced is told apart", func(t *testing.T) {
		w, err := l.Window()
		ok(t, err)
		for since, want := range map[uint64]bool{0: true, 3: true, 4: false, 99: false, 100: true, 101: true, 102: false} {
			if w.Holds(since) != want {
				t.Errorf("%d: %t", since, !want)
			}
		}
	})
	t.Run("an aborted commit is not taken for what follows", func(t *testing.T) {
		l := openLedger(t, filepath.Join(t.TempDir(), "annuaire.db"))
		logOf(t, l, 1)
		stray := personEntry(t, annuaire.Changed, bea, "STRAY")
		stray.Seq = 2
		ok(t, l.putBeyond(stray))
		ok(t, l.Reseat("000001", 50))
		if got := since(t, l, 0); len(got) != 1 {
			t.Fatalf("%+v", got)
		}
	})
}

// However the log is cut, what is left is what a plain list of the same entries has left, and the window says so.
func TestPruneAgainstAList(t *testing.T) {
	dir, n := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		l, err := OpenLedger(filepath.Join(dir, RunID(uint64(n))))
		ok(t, err)
		defer func() { ok(t, l.Close()) }()
		l.db.NoSync = true
		list, head, run := map[uint64]time.Time{}, uint64(0), uint64(0)
		t.Repeat(map[string]func(*rapid.T){
			"commit": func(t *rapid.T) {
				var entries []Entry
				at := day.AddDate(0, 0, rapid.IntRange(0, 30).Draw(t, "day"))
				for range rapid.IntRange(0, 3).Draw(t, "entries") {
					e := personEntry(t, annuaire.Changed, drawPerson.Draw(t, "id"), "X")
					e.Time = at
					entries = append(entries, e)
					head++
					list[head] = at
				}
				run++
				_, err := l.Commit(Run{ID: RunID(run)}, "000001", entries)
				ok(t, err)
			},
			"prune": func(t *rapid.T) {
				before := day.AddDate(0, 0, rapid.IntRange(0, 31).Draw(t, "before"))
				upTo := rapid.Uint64Range(0, head+2).Draw(t, "up to")
				want := 0
				for _, seq := range slices.Sorted(maps.Keys(list)) {
					if seq > upTo || !list[seq].Before(before) {
						break
					}
					delete(list, seq)
					want++
				}
				got, err := l.Prune(before, upTo)
				ok(t, err)
				if got != want {
					t.Fatalf("%d dropped, want %d", got, want)
				}
			},
			"": func(t *rapid.T) {
				var got []uint64
				ok(t, l.Since(0, func(e Entry) error { got = append(got, e.Seq); return nil }))
				want := slices.Sorted(maps.Keys(list))
				if !slices.Equal(got, want) {
					t.Fatal(got, want)
				}
				w, err := l.Window()
				ok(t, err)
				for cursor := range head + 2 {
					missing := cursor > head
					for seq := cursor + 1; seq <= head; seq++ {
						if _, kept := list[seq]; !kept {
							missing = true
						}
					}
					if w.Holds(cursor) == missing {
						t.Fatalf("a reader at %d misses something: %t; %+v", cursor, missing, w)
					}
				}
			},
		})
	})
}

func TestSnapshot(t *testing.T) {
	l := openLedger(t, filepath.Join(t.TempDir(), "annuaire.db"))
	logOf(t, l, 2)
	s, err := l.Snapshot()
	ok(t, err)
	_, err = l.Commit(Run{ID: "000003"}, "000002", []Entry{personEntry(t, annuaire.Changed, anna, "LATER")})
	ok(t, err)
	path := filepath.Join(t.TempDir(), "copy.db")
	f := create(t, path)
	_, err = s.WriteTo(f)
	ok(t, err)
	ok(t, f.Close())
	if s.Seq() != 2 || s.Generation() != "000001" {
		t.Error(s.Seq(), s.Generation())
	}
	ok(t, s.Close())
	copied := openLedger(t, path)
	if head, gen, err := copied.Head(); head != 2 || gen != "000001" || err != nil {
		t.Error("the copy is not the state at the time of the snapshot:", head, gen, err)
	}
	if got := since(t, copied, 0); len(got) != 2 {
		t.Error(len(got))
	}
}

func TestLatestRuns(t *testing.T) {
	l := openLedger(t, filepath.Join(t.TempDir(), "annuaire.db"))
	logOf(t, l, 5)
	runs, err := l.LatestRuns(2)
	ok(t, err)
	if len(runs) != 2 || runs[0].ID != "000005" || runs[1].ID != "000004" || runs[0].Extract.Location() != time.UTC {
		t.Errorf("%+v", runs)
	}
}
