package obs_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"annuaire/internal/obs"
)

func read(t *testing.T, m *obs.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatal(w.Code, w.Body)
	}
	return w.Body.String()
}

func TestMetrics(t *testing.T) {
	m := obs.NewMetrics("1.2.3")
	m.ObserveHTTP("GET /v1/professionals", 200, 3*time.Millisecond)
	m.ObserveHTTP("GET /v1/professionals", 404, 30*time.Millisecond)
	m.Observe("ldap", "search", "success", time.Microsecond)
	h := obs.NewHealth()
	h.Register("disk", false).Set(obs.StateDegraded, "disk full")
	m.Register(h)
	m.Gauge("annuaire_test", "A value.", map[string]string{"what": "x"}, func() float64 { return 7 })
	text := read(t, m)
	for rule, want := range map[string]string{
		"requests are counted by operation and class of status": `annuaire_request_duration_seconds_count{front="rest",operation="GET /v1/professionals",outcome="4xx"} 1`,
		"into buckets of time":                      `annuaire_request_duration_seconds_bucket{front="rest",operation="GET /v1/professionals",outcome="2xx",le="0.005"} 1`,
		"of every front":                            `annuaire_request_duration_seconds_count{front="ldap",operation="search",outcome="success"} 1`,
		"a gauge is asked for its value":            `annuaire_test{what="x"} 7`,
		"so is the state of components":             `annuaire_component_state{component="disk",state="degraded"} 1`,
		"and whether the whole is ready":            "annuaire_ready 0",
		"the version is there":                      `version="1.2.3"`,
		"and what the process takes of the machine": "process_resident_memory_bytes",
	} {
		t.Run(rule, func(t *testing.T) {
			if !strings.Contains(text, want) {
				t.Error(text)
			}
		})
	}
}

func BenchmarkObserve(b *testing.B) {
	m := obs.NewMetrics("bench")
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			m.ObserveHTTP("GET /v1/professionals", 200, time.Millisecond)
		}
	})
}
