package main

import (
	"strconv"
	"sync/atomic"
	"time"

	"annuaire/internal/obs"
)

// ldapMetrics counts what the LDAP front does.
type ldapMetrics struct {
	metrics     *obs.Metrics
	connections atomic.Int64
}

func newLDAPMetrics(m *obs.Metrics) *ldapMetrics {
	l := &ldapMetrics{metrics: m}
	m.Gauge("annuaire_ldap_connections", "Open LDAP connections.", nil, func() float64 { return float64(l.connections.Load()) })
	return l
}

// Connections implements ldapd.Metrics.
func (l *ldapMetrics) Connections(delta int) { l.connections.Add(int64(delta)) }

// Answered implements ldapd.Metrics: the outcome is the resultCode (RFC 4511, 4.1.9), "abandoned" for what was.
func (l *ldapMetrics) Answered(operation string, code int, took time.Duration, _, _ int) {
	outcome := "abandoned"
	if code >= 0 {
		outcome = strconv.Itoa(code)
	}
	l.metrics.Observe("ldap", operation, outcome, took)
}
