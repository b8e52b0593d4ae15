package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/config"
	"annuaire/internal/control"
	"annuaire/internal/directory"
	"annuaire/internal/store"
	"annuaire/sync/run"
)

// syncRequest is what the command asks of a running server, or does itself.
type syncRequest struct {
	From       []string `json:"from"`
	DryRun     bool     `json:"dry_run"`
	Yes        bool     `json:"yes"`
	AllowOlder bool     `json:"allow_older"`
}

func syncCommand() *cobra.Command {
	var s settings
	var req syncRequest
	var asJSON bool
	c := &cobra.Command{
		Use:   "sync --from PATH",
		Short: "take in the national extracts and apply what differs",
		Long: `sync reads the extracts of PATH (a folder, a file or a ZIP, under their ANS or data.gouv.fr names; may be repeated), finds
what differs from what is loaded and applies exactly that. Readers are never blocked. With a server running on the same data
directory, the server does it.

EXIT STATUS
  0 applied · 1 failed · 2 bad usage · 3 nothing new · 4 input rejected, data untouched (the reason is printed)`,
		Example: "  annuaire sync --data data --from ~/extracts --dry-run",
		Args:    args0,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := s.load(c)
			if err != nil {
				return err
			}
			if len(req.From) == 0 {
				return &usageError{errors.New("--from is needed: a folder, a file or a ZIP of extracts")}
			}
			for i, p := range req.From {
				if req.From[i], err = filepath.Abs(p); err != nil {
					return err
				}
			}
			show := newProgress(c.ErrOrStderr())
			rep, err := syncThere(c.Context(), cfg, req, show.update)
			show.end()
			if err != nil {
				return err
			}
			if err := printReport(c.OutOrStdout(), rep, asJSON); err != nil {
				return err
			}
			return outcomeError(rep.Outcome)
		},
	}
	s.dataFlags(c)
	c.Flags().StringArrayVar(&req.From, "from", nil, "folder, file or ZIP of extracts (may be repeated)")
	c.Flags().BoolVarP(&req.DryRun, "dry-run", "n", false, "report what would change, write nothing")
	c.Flags().BoolVar(&req.Yes, "yes", false, "approve changes beyond the gate's thresholds")
	c.Flags().BoolVar(&req.AllowOlder, "allow-older", false, "take an extract older than the one loaded")
	c.Flags().BoolVar(&asJSON, "json", false, "print the report as one JSON object")
	c.AddCommand(syncStatusCommand())
	return c
}

// syncThere has the running server do it, else opens the data directory.
func syncThere(ctx context.Context, cfg config.Config, req syncRequest, progress func(run.Progress)) (rep store.Run, err error) {
	err = control.Call(ctx, socket(cfg), "sync", req, func(e json.RawMessage) {
		var p run.Progress
		if json.Unmarshal(e, &p) == nil {
			progress(p)
		}
	}, &rep)
	if !errors.Is(err, control.ErrNoServer) {
		return rep, err
	}
	if req.DryRun {
		return dryRun(ctx, cfg.Data, req, progress)
	}
	return syncIn(ctx, cfg.Data, directory.Open, req, progress)
}

// dryRun compares with a data directory without writing to it, or with an empty one where there is none.
func dryRun(ctx context.Context, data string, req syncRequest, progress func(run.Progress)) (rep store.Run, err error) {
	if _, err := os.Stat(filepath.Join(data, "annuaire.db")); errors.Is(err, os.ErrNotExist) {
		empty, err := os.MkdirTemp("", "annuaire-")
		if err != nil {
			return rep, err
		}
		defer os.RemoveAll(empty)
		return syncIn(ctx, empty, directory.Open, req, progress)
	}
	return syncIn(ctx, data, func(dir string) (*directory.Directory, error) {
		d, err := directory.Peek(dir)
		if err == nil || annuaire.CodeOf(err) == annuaire.CodeConflict {
			return d, err
		}
		return directory.Open(dir) // makes good what a killed run left, which is no part of this one
	}, req, progress)
}

func syncIn(ctx context.Context, dir string, open func(string) (*directory.Directory, error), req syncRequest,
	progress func(run.Progress)) (rep store.Run, err error) {
	d, err := open(dir)
	if err != nil {
		return rep, err
	}
	rep, err = doSync(ctx, d, req, progress)
	return rep, errors.Join(err, d.Close())
}

func doSync(ctx context.Context, d *directory.Directory, req syncRequest, progress func(run.Progress)) (store.Run, error) {
	return run.Sync(ctx, d, run.Options{From: req.From, DryRun: req.DryRun, AllowOlder: req.AllowOlder, Progress: progress})
}

// syncCommandOf is sync as the control socket offers it.
func syncCommandOf(do func(context.Context, syncRequest, func(run.Progress)) (store.Run, error)) control.Command {
	return func(ctx context.Context, args json.RawMessage, emit func(any)) (any, error) {
		var req syncRequest
		if err := json.Unmarshal(args, &req); err != nil {
			return nil, annuaire.Invalid("sync", "demande illisible", "request cannot be read")
		}
		return do(ctx, req, func(p run.Progress) { emit(p) })
	}
}
