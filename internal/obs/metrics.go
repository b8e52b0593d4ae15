package obs

import (
	"net/http"
	"runtime"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// latencyBuckets are in seconds: from a tenth of the median of a search to the budget of a request.
var latencyBuckets = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

// Metrics is what Prometheus reads of this process. Labels are of bounded number and never what a client wrote.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

// NewMetrics returns metrics of the process and of its version.
func NewMetrics(version string) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "annuaire_request_duration_seconds", Help: "Time taken by requests, by front, operation and outcome.", Buckets: latencyBuckets,
	}, []string{"front", "operation", "outcome"})}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "annuaire_build_info", Help: "1, with the version that runs.",
		ConstLabels: prometheus.Labels{"version": version, "go": runtime.Version()}})
	build.Set(1)
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), m.requests, build)
	return m
}

// Register adds what somebody else measures. A name given twice is a mistake of ours, and panics.
func (m *Metrics) Register(c ...prometheus.Collector) { m.registry.MustRegister(c...) }

// Gauge adds a value that is asked for at each reading.
func (m *Metrics) Gauge(name, help string, labels map[string]string, value func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, value))
}

// Observe counts a request of a front ("rest", "ldap"): operation and outcome are from short lists.
func (m *Metrics) Observe(front, operation, outcome string, took time.Duration) {
	m.requests.WithLabelValues(front, operation, outcome).Observe(took.Seconds())
}

// ObserveHTTP counts a request of the REST front by the class of its status: "2xx".
func (m *Metrics) ObserveHTTP(operation string, status int, took time.Duration) {
	m.Observe("rest", operation, strconv.Itoa(status/100)+"xx", took)
}

// Handler answers a reading.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, DisableCompression: true})
}

// Names returns the names of everything that has a value now, for the tests of boards and alert rules.
func (m *Metrics) Names() ([]string, error) {
	families, err := m.registry.Gather()
	var out []string
	for _, f := range families {
		out = append(out, f.GetName())
	}
	return out, err
}
