package registry_test

import (
	"flag"
	"fmt"
	"slices"
	"sync"
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
		d, r, all := crowd(b, *boxesPerOp)
		stop := searching(b, d, "before")
		time.Sleep(time.Second)
		stop()
		b.StartTimer()
		start := time.Now()
		stop = searching(b, d, "during")
		imported(b, r, all)
		durable := time.Since(start)
		ok(b, settled(ctx, d))
		stop()
		b.ReportMetric(float64(len(all))/time.Since(start).Seconds(), "boxes/s")
		b.ReportMetric(durable.Seconds(), "s-durable")
		b.ReportMetric(time.Since(start).Seconds(), "s-visible")
	}
}

// searching has somebody look for people every ten milliseconds, until stop, and reports how long the answers took.
func searching(b *testing.B, d *directory.Directory, when string) (stop func()) {
	b.Helper()
	done, ended := make(chan struct{}), make(chan []time.Duration)
	go func() {
		var took []time.Duration
		for tick := time.NewTicker(10 * time.Millisecond); ; <-tick.C {
			select {
			case <-done:
				tick.Stop()
				ended <- took
				return
			default:
			}
			start := time.Now()
			id := fmt.Sprintf("8%011d", 99000000000+len(took)*31%*boxesPerOp)
			if page, err := d.SearchProfessionals(ctx, annuaire.Query{Where: annuaire.Equals(annuaire.FieldID, id), Limit: 20}); err != nil || page.Total != 1 {
				b.Errorf("%d found, error %v", page.Total, err)
			}
			took = append(took, time.Since(start))
		}
	}()
	return func() {
		close(done)
		took := <-ended
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-search-p50-"+when)
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-search-p99-"+when)
	}
}

func imported(b *testing.B, r *registry.Registry, all []annuaire.Registered) {
	b.Helper()
	results, err := r.PutMany(ctx, operator, all)
	ok(b, err)
	for _, res := range results {
		ok(b, res.Err)
	}
}

// BenchmarkVisible registers one box at a time, each until it is visible everywhere: alone, and while a batch goes on.
func BenchmarkVisible(b *testing.B) {
	b.Run("alone", func(b *testing.B) {
		_, r, all := crowd(b, *boxesPerOp)
		oneByOne(b, r, all)
	})
	b.Run("during a batch", func(b *testing.B) {
		_, r, all := crowd(b, 2**boxesPerOp)
		var batch sync.WaitGroup
		defer batch.Wait()
		batch.Go(func() { imported(b, r, all[*boxesPerOp:]) })
		oneByOne(b, r, all[:*boxesPerOp])
	})
}

func oneByOne(b *testing.B, r *registry.Registry, all []annuaire.Registered) {
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
