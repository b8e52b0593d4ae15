package main

import (
	"context"
	"encoding/json"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
	"annuaire/sync/run"
)

// watched is a directory as watch looks at it.
type watched struct{ *directory.Directory }

// LastRun implements watch.Source.
func (w watched) LastRun() (store.Run, bool, error) { return w.Ledger.LastRun() }

// Awaiting implements watch.Source.
func (w watched) Awaiting() (annuaire.SyncRun, bool, error) { return w.Ledger.Awaiting() }

// Window implements watch.Source.
func (w watched) Window() (store.Window, error) { return w.Ledger.Window() }

// Records implements watch.Source.
func (w watched) Records() (map[annuaire.Kind]int, error) {
	out := map[annuaire.Kind]int{}
	err := w.Use(func(g *directory.Generation) error {
		if g == nil {
			return nil
		}
		return g.Store.Read(func(r store.Reader) error {
			for _, k := range []annuaire.Kind{annuaire.KindPerson, annuaire.KindStructure, annuaire.KindMailbox} {
				out[k] = r.Count(k)
			}
			return nil
		})
	})
	return out, err
}

// watched has the watch look on at a run.
func (s *server) watched(id string) (progress func(run.Progress), end func(store.Run, error)) {
	r := s.watch.Begin(id)
	return func(p run.Progress) { r.Progress(string(p.Stage), p.Done, p.Total, p.Unit) }, r.End
}

// syncStatus is sync status as the control socket offers it.
func (s *server) syncStatus(context.Context, json.RawMessage, func(any)) (any, error) {
	return s.watch.Status()
}
