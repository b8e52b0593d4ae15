package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	_ "time/tzdata" // the schedule has a time zone, a container may have none

	"annuaire"
	"annuaire/api"
	"annuaire/internal/cli"
	"annuaire/internal/config"
	"annuaire/internal/directory"
	remote "annuaire/sync/fetch"
	"annuaire/sync/run"
)

// syncSettings are the settings of runs.
func syncSettings(cfg config.Config) (run.Settings, error) {
	c := cfg.Sync
	_, retryFor := c.Durations()
	s := run.Settings{
		Presets: map[string]remote.Source{"ans": {Name: "ans", URLs: c.ANS}, "datagouv": {Name: "datagouv", URLs: c.Datagouv, Metadata: c.DatagouvMetadata}},
		Fetch:   remote.Options{CAFile: c.CAFile, Hosts: c.AllowedHosts, RetryFor: retryFor, Agent: "annuaire/" + version},
		Gate:    run.Thresholds{Soft: float64(c.GateSoft), Hard: float64(c.GateHard), Alone: c.GateAlone, Pass: c.GatePass},
	}
	var errs []error
	for _, name := range c.Sources {
		if p, ok := s.Presets[name]; ok {
			errs = append(errs, p.Validate())
		}
	}
	for _, text := range c.Canaries {
		canary, err := canaryOf(text)
		errs = append(errs, err)
		s.Canaries = append(s.Canaries, canary)
	}
	return s, errors.Join(errs...)
}

// canaryOf reads "profession=10&department=69 >= 4000"; without a number, somebody must be found.
func canaryOf(text string) (run.Canary, error) {
	c := run.Canary{Name: text, Least: 1}
	query, least, counted := strings.Cut(text, ">=")
	if counted {
		n, err := strconv.Atoi(strings.TrimSpace(least))
		if err != nil || n < 1 {
			return c, annuaire.Invalid("sync.canaries", "« %s » : un nombre positif est attendu après >=", "%q: a positive number is expected after >=", text)
		}
		c.Least = n
	}
	var err error
	if c.Where, err = api.Criteria(strings.TrimSpace(query)); err != nil {
		return c, annuaire.Errorf(annuaire.CodeInvalid, "sync.canaries", "question incorrecte : "+text, "wrong question: "+text, err)
	}
	return c, nil
}

// service runs syncs of a directory until ctx ends.
func service(ctx context.Context, cfg config.Config, d *directory.Directory, log *slog.Logger, after func()) (*run.Service, error) {
	s, err := syncSettings(cfg)
	if err != nil {
		return nil, cli.Usage(err)
	}
	s.Beside = loadCards(d.Ledger)
	return run.NewService(ctx, d, s, log, after), nil
}

// keepSynced takes up again what a crash interrupted, then looks at the sources as scheduled.
func (s *server) keepSynced(ctx context.Context) error {
	if err := s.syncs.Resume(ctx); err != nil && ctx.Err() == nil {
		s.log.Error("the interrupted run did not end well", "error", err.Error())
	}
	c := s.cfg.Sync
	if c.Schedule == "" {
		return nil
	}
	jitter, _ := c.Durations()
	when, err := run.ParseSchedule(c.Schedule, c.Timezone, jitter)
	if err != nil {
		return err
	}
	return s.syncs.Keep(ctx, when, c.Sources, run.SystemClock{})
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
