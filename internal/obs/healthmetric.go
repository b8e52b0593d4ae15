package obs

import "github.com/prometheus/client_golang/prometheus"

var (
	descReady     = prometheus.NewDesc("annuaire_ready", "1 when /readyz says ready.", nil, nil)
	descComponent = prometheus.NewDesc("annuaire_component_state", "1 for the state a component is in.", []string{"component", "state"}, nil)
)

// Describe implements prometheus.Collector.
func (h *Health) Describe(ch chan<- *prometheus.Desc) {
	ch <- descReady
	ch <- descComponent
}

// Collect implements prometheus.Collector.
func (h *Health) Collect(ch chan<- prometheus.Metric) {
	r := h.Report()
	ready := 0.0
	if r.Ready {
		ready = 1
	}
	ch <- prometheus.MustNewConstMetric(descReady, prometheus.GaugeValue, ready)
	for _, c := range r.Components {
		ch <- prometheus.MustNewConstMetric(descComponent, prometheus.GaugeValue, 1, c.Name, string(c.State))
	}
}
