// Package spool keeps the frozen recipients of one alert and what became of each, in one file: alerts/2026-007.db (bbolt). The list is
// written once and never changed; the states are written in batches, each durable before Commit returns, together with which messages are
// in flight: what a crash leaves in doubt is known afterwards, and bounded.
//
// A file of its own per alert, and not annuaire.db: half a million state changes neither wait for a sync nor grow the ledger, and erasing
// the recipients of an alert is removing a file (docs/adr/0014-alerts.md).
package spool
