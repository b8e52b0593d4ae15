package registry_test

import (
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/registry"
)

// boxesPerOp is how many boxes one import takes: -boxes 500000 is the target of the design (ten minutes on two cores).
var boxesPerOp = flag.Int("boxes", 5_000, "boxes of one import")

// crowd is a directory of as many people as there are boxes to register.
func crowd(b *testing.B, n int) (*directory.Directory, *registry.Registry, []annuaire.Registered) {
	b.Helper()
	d, err := directory.Open(b.TempDir())
	ok(b, err)
	b.Cleanup(func() { ok(b, d.Close()) })
	people, all := make([]string, n), make([]annuaire.Registered, n)
	for i := range n {
		people[i] = fmt.Sprintf("8%011d", 99000000000+i)
		all[i] = per(fmt.Sprintf("boite.%07d", i*7919%n), people[i]) // not in the order of the keys
	}
	load(b, d, people)
	return d, registry.New(d, policy), all
}

// BenchmarkImport registers many boxes as the batch does, until all of them are visible.
func BenchmarkImport(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		_, r, all := crowd(b, *boxesPerOp)
		b.StartTimer()
		results, err := r.PutMany(ctx, operator, all)
		ok(b, err)
		for _, res := range results {
			ok(b, res.Err)
		}
		durable := b.Elapsed()
		ok(b, r.Settled(ctx))
		b.ReportMetric(float64(len(all))/b.Elapsed().Seconds(), "boxes/s")
		b.ReportMetric(durable.Seconds(), "s-durable")
	}
}

// BenchmarkVisible registers one box at a time, each until it is visible everywhere.
func BenchmarkVisible(b *testing.B) {
	_, r, all := crowd(b, *boxesPerOp)
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		one := all[i%len(all)]
		one.Rank = i/len(all) + 1
		start := time.Now()
		put(b, r, one)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-p99")
}
