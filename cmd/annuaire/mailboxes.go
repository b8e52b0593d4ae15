package main

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/samber/lo"

	"annuaire/internal/cards"
	"annuaire/internal/cli"
	"annuaire/internal/config"
	"annuaire/internal/directory"
	"annuaire/internal/eligibility"
	"annuaire/internal/mailaddr"
	"annuaire/internal/obs"
	"annuaire/internal/registry"
	"annuaire/internal/replay"
	"annuaire/internal/store"
	"annuaire/internal/whitelist"
)

// mailboxService is what a server needs to register boxes.
type mailboxService struct {
	registry *registry.Registry
	answers  *replay.Answers
	list     atomic.Pointer[whitelist.List]
	health   *obs.Component // of the white list
}

// openMailboxes has a registry go by the settings. A white list that cannot be read is told by /readyz: reading and
// searching go on, and so does registering by the last good one.
func openMailboxes(ctx context.Context, cfg config.Config, r *registry.Registry, d *directory.Directory, health *obs.Health) (*mailboxService, error) {
	m := &mailboxService{registry: r, answers: replay.New(d.Ledger, nil), health: health.Register("white list", false)}
	list, err := openList(ctx, cfg)
	if err != nil {
		return nil, err
	}
	m.list.Store(list)
	r.Configure(policyOf(cfg, list))
	m.tell()
	return m, nil
}

func openList(ctx context.Context, cfg config.Config) (*whitelist.List, error) {
	c := cfg.Mailboxes
	list, err := whitelist.Open(ctx, whitelist.Options{Source: c.WhiteList, Copy: filepath.Join(cfg.Data, "whitelist.xml"), Extra: c.ExtraDomains, CAFile: cfg.Sync.CAFile, Every: c.ListEvery()})
	if err != nil {
		return nil, cli.Usage(fmt.Errorf("mailboxes.extra_domains: %w", err))
	}
	return list, nil
}

// policyOf is what the registry goes by.
func policyOf(cfg config.Config, list *whitelist.List) registry.Policy {
	training := cfg.Mode == config.Training
	delegable := map[string]bool{}
	for _, d := range cfg.Mailboxes.Delegable {
		if u, err := mailaddr.Unicode(d); err == nil {
			delegable[u] = true
		}
	}
	bridge, _ := mailaddr.ASCII(cfg.Mailboxes.ApicryptDomain) // Validate has looked; of "" it is ""
	return registry.Policy{Apicrypt: bridge, Training: training, NoList: !training && !list.Configured(), Terms: cfg.Mailboxes.Terms, OrphanDelay: cfg.Mailboxes.Orphans(),
		Listed: func(domain string) bool {
			return training && mailaddr.Under(domain, mailaddr.Training) || list.Listed(domain)
		},
		Delegable: func(domain string) bool { return delegable[domain] }}
}

// reconfigure takes up other settings, and asks for the list again.
func (m *mailboxService) reconfigure(ctx context.Context, cfg config.Config) error {
	list, err := openList(ctx, cfg)
	if err != nil {
		return err
	}
	m.list.Store(list)
	m.registry.Configure(policyOf(cfg, list))
	m.tell()
	return nil
}

// listLook is how often the file of the white list is looked at.
const listLook = 30 * time.Second

// lookAtList takes up the white list when it has changed.
func (m *mailboxService) lookAtList(ctx context.Context) {
	_ = m.list.Load().Refresh(ctx) // the status tells
	m.tell()
}

// tell reports the white list to /readyz.
func (m *mailboxService) tell() {
	switch st := m.list.Load().Status(); {
	case st.Problem != "" && st.As.IsZero():
		m.health.Set(obs.StateDegraded, "no white list could be read: no mailbox is registered")
	case st.Problem != "":
		m.health.Set(obs.StateDegraded, "the new white list cannot be used: that of "+st.As.Format(time.RFC3339)+" stays in force")
	case !st.Configured:
		m.health.Set(obs.StateReady, "none configured")
	default:
		m.health.Set(obs.StateReady, "")
	}
}

// gauges adds what is measured of the white list.
func (m *mailboxService) gauges(metrics *obs.Metrics) {
	metrics.Gauge("annuaire_whitelist_domains", "Domains of the white list in force.", nil, func() float64 { return float64(m.list.Load().Status().Domains) })
	metrics.Gauge("annuaire_whitelist_timestamp_seconds", "Date of the white list in force; 0 for none.", nil, func() float64 {
		return max(0, float64(m.list.Load().Status().As.Unix()))
	})
	metrics.Gauge("annuaire_whitelist_good", "1 unless the newest white list cannot be used.", nil, func() float64 {
		return lo.Ternary(m.list.Load().Status().Problem == "", 1.0, 0.0)
	})
}

// judge tells who may open a personal box.
func (m *mailboxService) judge(d *directory.Directory) *eligibility.Judge {
	return &eligibility.Judge{People: d, Boxes: m.registry, Cards: func(id string, at time.Time) (bool, time.Time, error) {
		last, err := cards.Last(d.Ledger)
		if err != nil || last == nil {
			return false, time.Time{}, err
		}
		holds, _, err := cards.Holds(d.Ledger, id, at)
		return holds, last.Stamp, err
	}}
}

// loadCards takes in the extract of cards that lies beside those of a run; what is wrong with it is a warning, and no part of the run.
func loadCards(l *store.Ledger) func(context.Context, []string) []string {
	return func(ctx context.Context, paths []string) []string {
		rep, found, err := cards.Load(ctx, l, paths...)
		switch {
		case err != nil:
			return []string{"the extract of cards was not taken: " + err.Error()}
		case found && !rep.Same:
			return []string{fmt.Sprintf("%s: %d holders of a CPS card, %d rows left out, %d not understood", rep.File, rep.Holders, rep.Other, rep.Rejected)}
		}
		return nil
	}
}
