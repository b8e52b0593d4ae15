package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"annuaire/api"
	"annuaire/fixtures"
	"annuaire/internal/config"
	"annuaire/internal/directory"
)

// pageQuestions are what people ask of the page: names, trades and places, filters, a mistake, somebody, the state of the data.
var pageQuestions = []string{
	"/professionnels?q=martin", "/professionnels?q=dr+martin+marie", "/professionnels?q=m%C3%A9decin+lyon", "/professionnels?q=infirmier",
	"/professionnels?q=cardiologue+69", "/professionnels?q=kin%C3%A9+marseille&has_mailbox=true", "/professionnels?profession=10&department=75",
	"/professionnels?profession=60&profession=10&city=lyon&mode=L", "/professionnels?q=pharmacie+de+la+gare", "/professionnels?family=dup&match=prefix",
	"/professionnels?q=martn+cardilogue", "/professionnels?q=dupnt", "/professionnels", "/structures?q=pharmacie+lyon", "/suggestions?q=mart", "/etat", "/",
	"/professionnels?q=martin&sort=name", "/professionnels?q=sage-femme+toulouse", "/professionnels?q=ophtalmo+75",
}

// BenchmarkPages measures the time a page takes in the server, without the network: of each question, and p50 and p95 of all in turn. The
// data is that of the folder BENCH_DATA (no server may have it open), else 20 000 made-up people.
func BenchmarkPages(b *testing.B) {
	data := os.Getenv("BENCH_DATA")
	if data == "" {
		data = filepath.Join(b.TempDir(), "data")
	}
	d, err := directory.Open(data)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	if os.Getenv("BENCH_DATA") == "" {
		from := filepath.Join(b.TempDir(), "extracts")
		if _, err := fixtures.Generate(context.Background(), fixtures.Options{People: 20_000, Seed: 1, Out: from}); err != nil {
			b.Fatal(err)
		}
		cfg := config.Default()
		cfg.Data = data
		if _, err := doSync(context.Background(), cfg, d, syncRequest{From: []string{from}}, nil); err != nil {
			b.Fatal(err)
		}
	}
	s := api.New(api.Options{Directory: d, Runs: d, Pages: true, Budget: time.Minute}) // the first questions read the index
	ask := func(b *testing.B, u string) time.Duration {
		r, w := httptest.NewRequest(http.MethodGet, u, nil), httptest.NewRecorder()
		r.Header.Set("Accept-Encoding", "gzip")
		start := time.Now()
		s.ServeHTTP(w, r)
		if took := time.Since(start); w.Code == http.StatusOK {
			return took
		}
		b.Fatalf("%s: %d %s", u, w.Code, w.Body)
		return 0
	}
	for _, u := range pageQuestions { // what is read once is read
		ask(b, u)
	}
	for last := time.Duration(-1); cpu()-last > 20*time.Millisecond; time.Sleep(200 * time.Millisecond) { // and what the background reads after a start
		last = cpu()
	}
	for _, u := range pageQuestions {
		b.Run(u, func(b *testing.B) {
			before := cpu()
			for b.Loop() {
				ask(b, u)
			}
			b.ReportMetric(float64((cpu()-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
		})
	}
	b.Run("all in turn", func(b *testing.B) {
		var took []time.Duration
		for i := 0; b.Loop(); i++ {
			took = append(took, ask(b, pageQuestions[i%len(pageQuestions)]))
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
		b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "ms-p95")
	})
}

// cpu is the time that the process has computed: on a busy machine it says more than the clock.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // it cannot fail for this process
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
