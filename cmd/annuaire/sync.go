package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

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
	By         string   `json:"by"`
}

func syncCommand() *cobra.Command {
	var s settings
	var req syncRequest
	var asJSON bool
	c := &cobra.Command{
		Use:   "sync [--from ans|datagouv|URL|PATH]...",
		Short: "take in the national extracts and apply what differs",
		Long: `sync takes the national extracts, finds what differs from what is loaded and applies exactly that. Readers are never blocked.
With a server running on the same data directory, the server does it.

They come from the service of the ANS (ans), its mirror (datagouv), addresses of the same files, or paths: folders, files or
ZIPs under their ANS or data.gouv.fr names. Neighbouring paths make one source, and so do neighbouring addresses; when a
source fails, the next one is asked. Without --from: those of the configuration.

When too many people, structures or mailboxes of a group leave or change, the run stops: read its report, then
annuaire sync approve, or abort. --yes approves beforehand.

EXIT STATUS
  0 applied · 1 failed · 2 bad usage · 3 nothing new · 4 input rejected, data untouched (the reason is printed)
  5 approval needed, data untouched`,
		Example: "  annuaire sync --data data --from ans --from datagouv\n  annuaire sync --data data --from ~/extracts --dry-run",
		Args:    args0,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := s.load(c)
			if err != nil {
				return err
			}
			set, err := syncSettings(cfg)
			if err != nil {
				return &usageError{err}
			}
			if len(req.From) == 0 {
				req.From = cfg.Sync.Sources
			}
			if len(req.From) == 0 {
				return &usageError{errors.New("--from is needed: ans, datagouv, an address, a folder, a file or a ZIP of extracts")}
			}
			if req.From, err = run.Absolute(req.From, set.Presets); err != nil {
				return err
			}
			req.By = whoAmI()
			show := newProgress(c.ErrOrStderr())
			rep, err := syncThere(c.Context(), cfg, req, show.update)
			show.end()
			if err != nil {
				return err
			}
			if err := printReport(c.OutOrStdout(), rep, asJSON); err != nil {
				return err
			}
			if !asJSON && rep.Outcome == store.OutcomeAwaiting {
				whatToDecide(c.OutOrStdout(), cfg.Data)
			}
			return outcomeError(rep.Outcome)
		},
	}
	s.dataFlags(c)
	c.Flags().StringArrayVar(&req.From, "from", nil, "ans, datagouv, an address, or a folder, file or ZIP of extracts (may be repeated)")
	c.Flags().BoolVarP(&req.DryRun, "dry-run", "n", false, "report what would change, write nothing")
	c.Flags().BoolVar(&req.Yes, "yes", false, "approve changes beyond the gate's thresholds")
	c.Flags().BoolVar(&req.AllowOlder, "allow-older", false, "take an extract older than the one loaded")
	c.Flags().BoolVar(&asJSON, "json", false, "print the report as one JSON object")
	c.AddCommand(decideCommand("approve"), decideCommand("abort"))
	c.AddCommand(syncStatusCommand(), rejectsCommand())
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
		return dryRun(ctx, cfg, req, progress)
	}
	return syncIn(ctx, cfg, cfg.Data, directory.Open, req, progress)
}

// dryRun compares with a data directory without writing to it, or with an empty one where there is none.
func dryRun(ctx context.Context, cfg config.Config, req syncRequest, progress func(run.Progress)) (rep store.Run, err error) {
	if _, err := os.Stat(filepath.Join(cfg.Data, "annuaire.db")); errors.Is(err, os.ErrNotExist) {
		empty, err := os.MkdirTemp("", "annuaire-")
		if err != nil {
			return rep, err
		}
		defer os.RemoveAll(empty)
		return syncIn(ctx, cfg, empty, directory.Open, req, progress)
	}
	return syncIn(ctx, cfg, cfg.Data, func(dir string) (*directory.Directory, error) {
		d, err := directory.Peek(dir)
		if err == nil || annuaire.CodeOf(err) == annuaire.CodeConflict {
			return d, err
		}
		return directory.Open(dir) // makes good what a killed run left, which is no part of this one
	}, req, progress)
}

func syncIn(ctx context.Context, cfg config.Config, dir string, open func(string) (*directory.Directory, error), req syncRequest,
	progress func(run.Progress)) (rep store.Run, err error) {
	d, err := open(dir)
	if err != nil {
		return rep, err
	}
	rep, err = doSync(ctx, cfg, d, req, progress)
	return rep, errors.Join(err, d.Close())
}

// doSync runs a sync of an open directory, by itself.
func doSync(ctx context.Context, cfg config.Config, d *directory.Directory, req syncRequest, progress func(run.Progress)) (store.Run, error) {
	svc, err := service(ctx, cfg, d, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		return store.Run{}, err
	}
	if err := req.note(d); err != nil {
		return store.Run{}, err
	}
	return svc.Do(ctx, req.options(annuaire.TriggerCommand, progress))
}

func (r syncRequest) options(t annuaire.RunTrigger, progress func(run.Progress)) run.Options {
	return run.Options{From: r.From, DryRun: r.DryRun, AllowOlder: r.AllowOlder, Yes: r.Yes, By: r.By, Trigger: t, Progress: progress}
}

// note writes into the audit that somebody asks for a run; a dry run changes nothing.
func (r syncRequest) note(d *directory.Directory) error {
	if r.DryRun {
		return nil
	}
	return auditLocal(d, r.By, "sync.start", strings.Join(r.From, " "), "", map[string]bool{"yes": r.Yes, "allow_older": r.AllowOlder})
}

// syncCommandOf is sync as the control socket of a server offers it, which ends with serving.
func syncCommandOf(serving context.Context, svc *run.Service, d *directory.Directory) control.Command {
	return func(ctx context.Context, args json.RawMessage, emit func(any)) (any, error) {
		var req syncRequest
		if err := json.Unmarshal(args, &req); err != nil {
			return nil, annuaire.Invalid("sync", "demande illisible", "request cannot be read")
		}
		if err := req.note(d); err != nil {
			return nil, err
		}
		o := req.options(annuaire.TriggerServer, func(p run.Progress) { emit(p) })
		o.Left = func() bool { return serving.Err() == nil }
		return svc.Do(ctx, o)
	}
}
