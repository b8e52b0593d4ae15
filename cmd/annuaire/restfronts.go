package main

import (
	"context"
	"slices"
	"strings"

	"annuaire"
	"annuaire/api"
	"annuaire/internal/registry"
	"annuaire/internal/replay"
	"annuaire/sync/run"
)

// mailboxFront is the registry as REST sees it; what is read of it is recorded.
type mailboxFront struct{ *registry.Registry }

// PutMany implements api.Registry.
func (f mailboxFront) PutMany(ctx context.Context, who annuaire.Caller, boxes []annuaire.Registered) ([]api.BoxResult, error) {
	all, err := f.Registry.PutMany(ctx, who, boxes)
	out := make([]api.BoxResult, len(all))
	for i, r := range all {
		out[i] = api.BoxResult{Box: r.Box, Created: r.Created, Changed: r.Changed, Err: r.Err}
	}
	return out, err
}

// History implements api.Registry.
func (f mailboxFront) History(ctx context.Context, who annuaire.Caller, address string) ([]annuaire.BoxEvent, error) {
	out, err := f.Registry.History(ctx, who, address)
	if err != nil {
		return nil, err
	}
	return out, f.Audited(who, "mailbox.history", address)
}

// BoxesOf implements api.Registry.
func (f mailboxFront) BoxesOf(_ context.Context, who annuaire.Caller) ([]annuaire.Registered, error) {
	if who.Professional == "" {
		return nil, nil
	}
	if err := f.Audited(who, "mailbox.list", who.Professional); err != nil {
		return nil, err
	}
	return f.Registry.BoxesOf(who.Professional)
}

// BoxesIn implements api.Registry.
func (f mailboxFront) BoxesIn(ctx context.Context, who annuaire.Caller, domains []string, after string, n int, keep func(*annuaire.Registered) bool) ([]annuaire.Registered, error) {
	of := strings.Join(domains, ",")
	if domains == nil {
		of = "*"
	}
	if err := f.Audited(who, "mailbox.list", of); err != nil {
		return nil, err
	}
	return f.List(ctx, domains, after, n, keep)
}

// HandOver implements api.Registry.
func (f mailboxFront) HandOver(_ context.Context, who annuaire.Caller, s annuaire.Staff) (bool, error) {
	return f.Registry.HandOver(who, registry.Staff{ID: s.ID, Family: s.Family, Given: s.Given, Contact: s.Contact, Mobile: s.Mobile, Terms: s.Terms})
}

// ETag implements api.Registry.
func (f mailboxFront) ETag(b annuaire.Registered) string { return registry.ETag(b) }

// answerFront keeps answers as REST has them.
type answerFront struct{ *replay.Answers }

// Begin implements api.Answers.
func (f answerFront) Begin(who, key string, print []byte) (*api.Answer, error) {
	a, err := f.Answers.Begin(who, key, print)
	if a == nil {
		return nil, err
	}
	return &api.Answer{Status: a.Status, Header: a.Header, Body: a.Body}, err
}

// End implements api.Answers.
func (f answerFront) End(who, key string, print []byte, a *api.Answer) error {
	if a == nil {
		return f.Answers.End(who, key, print, nil)
	}
	return f.Answers.End(who, key, print, &replay.Answer{Status: a.Status, Header: a.Header, Body: a.Body})
}

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
