package main

import (
	"context"
	"encoding/json"
	"errors"

	"annuaire"
	"annuaire/internal/backup"
	"annuaire/internal/config"
	"annuaire/internal/control"
	"annuaire/internal/directory"
)

// onData has the running server do what a command asks, under its name on the control socket; without one, it opens the data directory with
// open, and here does it. progress, if not nil, gets what the server tells meanwhile.
func onData[T any](ctx context.Context, cfg config.Config, name string, req any, progress func(json.RawMessage),
	open func(string) (*directory.Directory, error), here func(*directory.Directory) (T, error),
) (out T, err error) {
	if err = control.Call(ctx, socket(cfg), name, req, progress, &out); !errors.Is(err, control.ErrNoServer) {
		return out, err
	}
	return opened(cfg.Data, open, here)
}

// opened has fn work on a data directory that no server runs on.
func opened[T any](data string, open func(string) (*directory.Directory, error), fn func(*directory.Directory) (T, error)) (out T, err error) {
	d, err := open(data)
	if err != nil {
		return out, err
	}
	out, err = fn(d)
	return out, errors.Join(err, d.Close())
}

// openExisting opens a data directory that is there: what only reads makes none.
func openExisting(data string) (*directory.Directory, error) {
	if !backup.Exists(data) {
		return nil, annuaire.Errorf(annuaire.CodeNotFound, "data", "aucune donnée dans "+data, "no data in "+data, nil)
	}
	return directory.Open(data)
}
