package spool

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"annuaire"
)

func listOf(rs ...Recipient) iter.Seq2[Recipient, error] {
	return func(yield func(Recipient, error) bool) {
		for _, r := range rs {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func people(n int) (out []Recipient) {
	for i := range n {
		out = append(out, Recipient{Address: fmt.Sprintf("p%07d@d%d.formation.mssante.fr", i, i%7), ID: fmt.Sprintf("8%011d", i),
			Department: fmt.Sprintf("%02d", i%5), Profession: fmt.Sprint(10 + i%3*11), RedListed: i%10 == 0})
	}
	return out
}

func made(t testing.TB, n int) (*File, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "alerts", "2026-001.db")
	if _, err := Create(path, "2026-001", time.Now(), listOf(people(n)...)); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f, path
}

func TestCreate(t *testing.T) {
	t.Run("the list is read back as it was written, whatever its length", func(t *testing.T) {
		for _, n := range []int{0, 1, chunkSize - 1, chunkSize, chunkSize + 1, chunkSize*perTx + 3} {
			f, _ := made(t, n)
			want := people(n)
			var got []Recipient
			if err := f.Each(0, func(_ uint32, r Recipient, s Status) bool {
				if s != (Status{}) {
					t.Errorf("%+v", s)
				}
				got = append(got, r)
				return true
			}); err != nil || !slices.Equal(got, want) {
				t.Fatalf("%d: %v, %d read", n, err, len(got))
			}
			if n > 0 {
				if r, err := f.Recipient(uint32(n - 1)); err != nil || r != want[n-1] {
					t.Error(r, err)
				}
			}
			if _, err := f.Recipient(uint32(n)); err == nil {
				t.Error("there is one more")
			}
		}
	})
	t.Run("the hash is that of the sorted addresses, one a line", func(t *testing.T) {
		f, _ := made(t, 2)
		// printf 'p0000000@d0.formation.mssante.fr\np0000001@d1.formation.mssante.fr\n' | sha256sum
		if f.Meta.Hash != "85f7c7718c05f5e89cb89e84e07bcb917582cf5e58fba827e713b9e49cad3810" || f.Meta.Count != 2 || f.Meta.RedListed != 1 {
			t.Errorf("%+v", f.Meta)
		}
	})
	for _, tt := range []struct {
		rule string
		list []Recipient
	}{
		{"an address twice is refused", []Recipient{{Address: "a@b"}, {Address: "a@b"}}},
		{"a list out of order is refused", []Recipient{{Address: "b@b"}, {Address: "a@b"}}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.db")
			if _, err := Create(path, "x", time.Now(), listOf(tt.list...)); annuaire.CodeOf(err) != annuaire.CodeInternal {
				t.Error(err)
			}
			if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
				t.Error("a list that is not whole is there")
			}
		})
	}
	t.Run("a list that fails half-way leaves the one before", func(t *testing.T) {
		f, path := made(t, 3)
		_ = f.Close()
		bad := errors.New("gone")
		_, err := Create(path, "2026-001", time.Now(), func(yield func(Recipient, error) bool) {
			_ = yield(Recipient{Address: "a@b"}, nil) && yield(Recipient{}, bad)
		})
		if !errors.Is(err, bad) {
			t.Fatal(err)
		}
		if f, err = Open(path); err != nil || f.Len() != 3 {
			t.Fatal(err)
		}
		_ = f.Close()
	})
}

// The file against a map: random changes, reopened at random, always say the same.
func TestStatusesAgainstModel(t *testing.T) {
	dir := t.TempDir()
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		path := filepath.Join(dir, fmt.Sprint(run))
		n := rapid.IntRange(1, 40).Draw(t, "n")
		list := people(n)
		if _, err := Create(path, "x", time.Now(), listOf(list...)); err != nil {
			t.Fatal(err)
		}
		f, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		model, flight := make([]Status, n), []uint32(nil)
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0:
				if err := f.Close(); err != nil {
					t.Fatal(err)
				}
				if f, err = Open(path); err != nil {
					t.Fatal(err)
				}
			default:
				var changes []Change
				for range rapid.IntRange(0, 5).Draw(t, "changes") {
					k := rapid.IntRange(0, n-1).Draw(t, "who")
					to := State(rapid.IntRange(0, int(states)-1).Draw(t, "state"))
					del := Delivery(rapid.IntRange(0, 3).Draw(t, "delivery"))
					code := uint16(rapid.SampledFrom([]int{0, 250, 451, 550}).Draw(t, "code"))
					apply := func(s *Status) { s.State, s.Delivery, s.Code, s.Attempts = to, del, code, s.Attempts+1 }
					changes = append(changes, Change{uint32(k), apply})
				}
				for _, c := range changes {
					c.Apply(&model[c.N])
				}
				flight = rapid.SliceOfN(rapid.Uint32Range(0, uint32(n-1)), 0, 4).Draw(t, "flight")
				if flight == nil {
					flight = []uint32{}
				}
				if err := f.Commit(changes, flight); err != nil {
					t.Fatal(err)
				}
			}
		}
		want := annuaire.AlertCounts{}
		for i := range model {
			want = sum(want, countOf(model[i]))
		}
		got, deps, profs, _ := f.Counts()
		if got != want {
			t.Fatalf("%+v, want %+v", got, want)
		}
		for _, gs := range [][]annuaire.AlertGroup{deps, profs} {
			total := annuaire.AlertCounts{}
			for _, g := range gs {
				total = sum(total, g.Counts)
			}
			if total != want {
				t.Fatalf("groups %+v, want %+v", total, want)
			}
		}
		_ = f.Each(0, func(i uint32, _ Recipient, s Status) bool {
			if s != model[i] || f.State(i) != s.State {
				t.Fatalf("%d: %+v, want %+v", i, s, model[i])
			}
			return true
		})
		if left, err := f.Flight(); err != nil || !slices.Equal(left, flight) {
			t.Fatalf("%v %v, want %v", err, left, flight)
		}
	})
}

func countOf(s Status) annuaire.AlertCounts {
	t := newTally()
	t.add(t.group("", ""), s, 1)
	return t.counts[0]
}

func TestCommit(t *testing.T) {
	t.Run("a number that is not there changes nothing at all", func(t *testing.T) {
		f, _ := made(t, 2)
		accept := func(s *Status) { s.State = Accepted }
		if err := f.Commit([]Change{{0, accept}, {9, accept}}, []uint32{0}); err == nil {
			t.Fatal("taken")
		}
		if c, _, _, _ := f.Counts(); c.Queued != 2 || f.State(0) != Queued {
			t.Errorf("%+v", c)
		}
	})
	t.Run("answers of the relay are counted while they hold", func(t *testing.T) {
		f, _ := made(t, 2)
		_ = f.Commit([]Change{{0, func(s *Status) { s.State, s.Code, s.Enhanced = Deferred, 451, "4.3.0" }}}, nil)
		if _, _, _, codes := f.Counts(); codes["451 4.3.0"] != 1 {
			t.Error(codes)
		}
		_ = f.Commit([]Change{{0, func(s *Status) { s.State, s.Code, s.Enhanced = Accepted, 250, "2.0.0" }}}, nil)
		if _, _, _, codes := f.Counts(); len(codes) != 0 {
			t.Error(codes)
		}
	})
}

func BenchmarkCreate(b *testing.B) {
	list := people(500_000)
	dir := b.TempDir()
	for b.Loop() {
		if _, err := Create(filepath.Join(dir, "x.db"), "x", time.Now(), listOf(list...)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(list)), "recipients")
}

func BenchmarkCommit(b *testing.B) {
	f, _ := made(b, 100_000)
	n := uint32(0)
	for b.Loop() {
		changes := make([]Change, 100)
		for i := range changes {
			changes[i] = Change{n % 100_000, func(s *Status) { s.State, s.Code = Accepted, 250 }}
			n++
		}
		if err := f.Commit(changes, []uint32{n}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "statuses/s")
}
