package extract

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkScan measures what a first pass costs per byte of Personne_activite, on one core: find the row, split it, check its
// key, hash it. Rows are of the usual length, and two in three have accents, as in the real file.
func BenchmarkScan(b *testing.B) {
	p := filepath.Join(b.TempDir(), "PS_LibreAcces_Personne_activite_202611010312.txt")
	writeActivities(b, p, 200_000)
	table, err := Open(context.Background(), File{Kind: Activities, Path: p}, b.TempDir(), Limits{})
	if err != nil {
		b.Fatal(err)
	}
	defer table.Close()
	for _, bench := range []struct {
		name string
		fn   func(int, *Row) error
	}{
		{"split", func(int, *Row) error { return nil }},
		{"split+hash", func(_ int, r *Row) error { sum += r.Hash() ^ r.Key(); return nil }},
		{"decode", func(_ int, r *Row) error { sum += uint64(len(r.Activity().Family)); return nil }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.SetBytes(table.size)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := table.Scan(context.Background(), 1, bench.fn); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkReadRow measures coming back to a row.
func BenchmarkReadRow(b *testing.B) {
	p := filepath.Join(b.TempDir(), "PS_LibreAcces_Personne_activite_202611010312.txt")
	writeActivities(b, p, 20_000)
	table, err := Open(context.Background(), File{Kind: Activities, Path: p}, b.TempDir(), Limits{})
	if err != nil {
		b.Fatal(err)
	}
	defer table.Close()
	places, _ := collect(b, table, func(r *Row) place { return place{offset: r.Offset, size: r.Len} })
	var row Row
	i := 0
	for b.Loop() {
		at := places[i*7919%len(places)]
		i++
		if err := table.ReadRow(at.offset, at.size, &row); err != nil {
			b.Fatal(err)
		}
	}
}

var sum uint64 // keeps the compiler from dropping the work

// writeActivities writes n rows made from the sample rows, each with its own identifier.
func writeActivities(b *testing.B, p string, n int) {
	b.Helper()
	sample, err := os.ReadFile(filepath.Join("testdata", "activities_56.txt"))
	if err != nil {
		b.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(string(sample)), "\n")
	f, err := os.Create(p)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, rows[0])
	for i := range n {
		row := rows[1+i%3]
		_, rest, _ := strings.Cut(row, "|")
		_, rest, _ = strings.Cut(rest, "|")
		_, rest, _ = strings.Cut(rest, "|")
		fmt.Fprintf(w, "8|99%09d|899%09d|%s\n", i, i, rest)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}
