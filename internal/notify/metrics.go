package notify

import (
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"annuaire/internal/store"
)

// counts are of this process.
type counts struct{ sent, retried, failed atomic.Int64 }

var (
	descQueue   = prometheus.NewDesc("annuaire_notices_waiting", "Messages to people that the relay has not taken yet.", nil, nil)
	descOldest  = prometheus.NewDesc("annuaire_notices_oldest_seconds", "Since when the message that is to be sent next waits; 0 where none does.", nil, nil)
	descOutcome = prometheus.NewDesc("annuaire_notices_total", "Attempts to send a message, since the start of this process.", []string{"outcome"}, nil)
)

// Describe implements prometheus.Collector.
func (o *Outbox) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descQueue, descOldest, descOutcome} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (o *Outbox) Collect(ch chan<- prometheus.Metric) {
	waiting, oldest, err := o.Depth()
	if err == nil {
		ch <- prometheus.MustNewConstMetric(descQueue, prometheus.GaugeValue, float64(waiting))
		ch <- prometheus.MustNewConstMetric(descOldest, prometheus.GaugeValue, oldest.Seconds())
	}
	for outcome, n := range map[string]*atomic.Int64{"sent": &o.counts.sent, "retried": &o.counts.retried, "failed": &o.counts.failed} {
		ch <- prometheus.MustNewConstMetric(descOutcome, prometheus.CounterValue, float64(n.Load()), outcome)
	}
}

// Depth returns how many messages wait, and how old the one that is next is.
func (o *Outbox) Depth() (waiting int, oldest time.Duration, err error) {
	err = o.ledger.View(func(tx *store.Tx) error {
		waiting = outbox.Count(tx)
		return outbox.Each(tx, "", "", func(_ string, q queued) (bool, error) {
			oldest = max(o.opts.Now().Sub(q.Created), 0)
			return false, nil
		})
	})
	return waiting, oldest, err
}
