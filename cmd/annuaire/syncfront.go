package main

import (
	"context"
	"slices"
	"strings"

	"annuaire"
	"annuaire/sync/run"
)

// syncFront is the service as REST sees it.
type syncFront struct {
	*run.Service
	sources []string
}

// Start implements api.Syncs. Only sources that the configuration names: a token must not make this server ask any address or read any
// file of this machine.
func (f syncFront) Start(ctx context.Context, by string, from []string, allowOlder bool) (annuaire.SyncRun, error) {
	presets := f.Settings().Presets
	for _, name := range from {
		if _, ok := presets[name]; !ok && !slices.Contains(f.sources, name) {
			return annuaire.SyncRun{}, annuaire.Invalid("from", "source inconnue : une source configurée est attendue (%s)", "unknown source: a configured one is expected (%s)", strings.Join(f.sources, ", "))
		}
	}
	if len(from) == 0 {
		from = f.sources
	}
	return f.Service.Start(ctx, run.Options{From: from, AllowOlder: allowOlder, Trigger: annuaire.TriggerServer, By: by})
}

// Approve implements api.Syncs.
func (f syncFront) Approve(ctx context.Context, id string, d annuaire.Decision) (annuaire.SyncRun, error) {
	return f.StartApproved(ctx, id, d)
}
