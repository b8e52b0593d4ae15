// Package watch knows how the service does over time: which run is under way and how far, what the last ones brought, how old the data
// is, how much room the disk has. It says so on request (Status), to Prometheus (Watch is a Collector), in the log, and raises the alarm by
// mail and by a heartbeat that stops. It only looks: nothing here changes data.
package watch
