package main

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"annuaire/bench/rig"
)

// twoKinds is three questions of two kinds.
func twoKinds() [][]instance {
	return [][]instance{{{kind: 0, path: "/a"}, {kind: 0, path: "/b"}}, {{kind: 1, path: "/c"}}}
}

func respond(t *testing.T, asked *atomic.Int64) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1); r.URL.Path == "/bad" {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte(`{"total":2,"total_is":"exact","took_ms":1.5,"items":[{"id":"899"},{"id":"812"}]}`))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestTraffic(t *testing.T) {
	var asked atomic.Int64
	base := respond(t, &asked)
	t.Run("each client asks every question in every round", func(t *testing.T) {
		all, err := traffic(t.Context(), base, twoKinds(), 3, 2, nil)
		if err != nil || len(all) != 3*2*3 || asked.Load() != 18 {
			t.Fatalf("%d answers to %d questions, %v", len(all), asked.Load(), err)
		}
		if n := len(keep(all, ofKind(1))); n != 6 {
			t.Errorf("%d questions of the second kind", n)
		}
		for _, l := range all {
			if l.took <= 0 || l.inside != 1500*time.Microsecond {
				t.Errorf("%+v", l)
			}
		}
	})
	t.Run("without rounds it goes on until told", func(t *testing.T) {
		done := make(chan struct{})
		time.AfterFunc(20*time.Millisecond, func() { close(done) })
		all, err := traffic(t.Context(), base, twoKinds(), 2, 0, done)
		if err != nil || len(all) == 0 {
			t.Errorf("%d answers, %v", len(all), err)
		}
	})
	t.Run("a question that fails ends it", func(t *testing.T) {
		if _, err := traffic(t.Context(), base, [][]instance{{{kind: 0, path: "/bad"}}}, 2, 0, nil); err == nil {
			t.Error("no error")
		}
	})
}

func keep(all []latency, f func(latency) bool) (out []latency) {
	for _, l := range all {
		if f(l) {
			out = append(out, l)
		}
	}
	return out
}

func TestAsk(t *testing.T) {
	var asked atomic.Int64
	got, err := ask(t.Context(), respond(t, &asked), twoKinds())
	if err != nil || len(got) != 2 || len(got[0]) != 2 || len(got[1]) != 1 {
		t.Fatalf("%v, %v", got, err)
	}
	if a := got[1][0]; a.Total != 2 || !cmp.Equal(a.ids(), []string{"899", "812"}) {
		t.Errorf("%+v", a)
	}
}

func TestTour(t *testing.T) {
	got := tour(twoKinds(), rand.New(rand.NewPCG(1, 1)))
	paths := map[string]int{}
	for _, in := range got {
		paths[in.path]++
	}
	if d := cmp.Diff(map[string]int{"/a": 1, "/b": 1, "/c": 1}, paths); d != "" {
		t.Error(d)
	}
}

func TestSpread(t *testing.T) {
	at := time.Unix(1000, 0)
	all := []latency{{0, at, 1, 5}, {0, at.Add(10), 3, 7}, {1, at.Add(20), 9, 1}}
	if got, want := spreadOf(all, ofKind(0)), (rig.Spread{P50: 1, P99: 3, Max: 3}); got != want {
		t.Errorf("kind 0: %v, want %v", got, want)
	}
	if got, want := spreadOf(all, every), (rig.Spread{P50: 3, P99: 9, Max: 9}); got != want {
		t.Errorf("all: %v, want %v", got, want)
	}
	if got := medianInside(all, 0); got != 5 {
		t.Errorf("inside: %d", got)
	}
}

func TestWithin(t *testing.T) {
	from, to := time.Unix(1000, 0), time.Unix(1010, 0)
	for name, c := range map[string]struct {
		begun, took time.Duration
		want        bool
	}{
		"before":                  {-5 * time.Second, time.Second, false},
		"begun before, not ended": {-5 * time.Second, 6 * time.Second, true},
		"inside":                  {time.Second, time.Second, true},
		"ended after":             {9 * time.Second, 5 * time.Second, true},
		"longer than all of it":   {-time.Second, time.Minute, true},
		"after":                   {11 * time.Second, time.Second, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := within(from, to)(latency{0, from.Add(c.begun), c.took, 0}); got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestTookMS(t *testing.T) {
	for body, want := range map[string]time.Duration{
		`{"total":1,"took_ms":0.25,"items":[]}`: 250 * time.Microsecond,
		`{"took_ms":3}`:                         3 * time.Millisecond,
		`{"total":1}`:                           0,
		`{"took_ms":`:                           0,
		`{"took_ms":x}`:                         0,
	} {
		if got := tookMS([]byte(body)); got != want {
			t.Errorf("%s: %v, want %v", body, got, want)
		}
	}
}

func FuzzTookMS(f *testing.F) {
	f.Add([]byte(`{"took_ms":3}`))
	f.Fuzz(func(_ *testing.T, b []byte) { tookMS(b) })
}

func TestCompare(t *testing.T) {
	page := func(total int64, ids ...string) answer {
		a := answer{Total: total}
		for _, id := range ids {
			a.Items = append(a.Items, struct{ ID string }{id})
		}
		return a
	}
	for name, c := range map[string]struct {
		ours, theirs []answer
		want         agreement
	}{
		"nothing asked":               {nil, nil, agreement{}},
		"the same":                    {[]answer{page(2, "a", "b")}, []answer{page(2, "a", "b")}, agreement{1, 1, 1, 0}},
		"another order":               {[]answer{page(2, "a", "b")}, []answer{page(2, "b", "a")}, agreement{1, 1, 0, 0}},
		"a quarter fewer":             {[]answer{page(3, "a")}, []answer{page(4, "a")}, agreement{1, 0, 1, 0.25}},
		"only what both answered":     {[]answer{page(1, "a"), page(2)}, []answer{page(1, "a")}, agreement{1, 1, 1, 0}},
		"nobody, twice, is agreement": {[]answer{page(0)}, []answer{page(0)}, agreement{1, 1, 1, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := compare(c.ours, c.theirs); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}
