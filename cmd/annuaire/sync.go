package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/backup"
	"annuaire/internal/cli"
	"annuaire/internal/cli/show"
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
	var out cli.Output
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
		Args:    cobra.NoArgs,
		RunE: s.with(func(c *cobra.Command, cfg config.Config, _ []string) error {
			set, err := syncSettings(cfg)
			if err != nil {
				return cli.Usage(err)
			}
			if len(req.From) == 0 {
				req.From = cfg.Sync.Sources
			}
			if len(req.From) == 0 {
				return cli.Usage(errors.New("--from is needed: ans, datagouv, an address, a folder, a file or a ZIP of extracts"))
			}
			if req.From, err = run.Absolute(req.From, set.Presets); err != nil {
				return err
			}
			req.By = cli.User()
			p := show.NewProgress(c.ErrOrStderr())
			rep, err := syncThere(c.Context(), cfg, req, p.Update)
			p.End()
			if err != nil {
				return err
			}
			err = out.Value(c.OutOrStdout(), rep, func(w io.Writer) error {
				err := show.Report(w, rep)
				if err == nil && rep.Outcome == store.OutcomeAwaiting {
					show.Decide(w, cfg.Data)
				}
				return err
			})
			return errors.Join(err, outcomeError(rep.Outcome))
		}),
	}
	s.dataFlags(c)
	c.Flags().StringArrayVar(&req.From, "from", nil, "ans, datagouv, an address, or a folder, file or ZIP of extracts (may be repeated)")
	c.Flags().BoolVarP(&req.DryRun, "dry-run", "n", false, "report what would change, write nothing")
	c.Flags().BoolVar(&req.Yes, "yes", false, "approve changes beyond the gate's thresholds")
	c.Flags().BoolVar(&req.AllowOlder, "allow-older", false, "take an extract older than the one loaded")
	out.Flag(c, "print the report as one JSON object")
	c.AddCommand(decideCommand("approve"), decideCommand("abort"))
	c.AddCommand(syncStatusCommand(), rejectsCommand())
	return c
}

// syncThere has the running server do it, else opens the data directory. A dry run compares with an empty one where there is none.
func syncThere(ctx context.Context, cfg config.Config, req syncRequest, progress func(run.Progress)) (store.Run, error) {
	here := func(d *directory.Directory) (store.Run, error) { return doSync(ctx, cfg, d, req, progress) }
	switch {
	case !req.DryRun:
		return onData(ctx, cfg, "sync", req, progressOf(progress), directory.Open, here)
	case backup.Exists(cfg.Data):
		return onData(ctx, cfg, "sync", req, progressOf(progress), openUntouched, here)
	}
	empty, err := os.MkdirTemp("", "annuaire-")
	if err != nil {
		return store.Run{}, err
	}
	defer os.RemoveAll(empty)
	return opened(empty, directory.Open, here)
}

// progressOf reads what a server tells of a run.
func progressOf(show func(run.Progress)) func(json.RawMessage) {
	return func(e json.RawMessage) {
		var p run.Progress
		if json.Unmarshal(e, &p) == nil {
			show(p)
		}
	}
}

// openUntouched opens a data directory for who does not write to it.
func openUntouched(data string) (*directory.Directory, error) {
	d, err := directory.Peek(data)
	if err == nil || annuaire.CodeOf(err) == annuaire.CodeConflict {
		return d, err
	}
	return directory.Open(data) // makes good what a killed run left, which is no part of this one
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
	return control.Handle(func(ctx context.Context, req syncRequest, emit func(any)) (store.Run, error) {
		if err := req.note(d); err != nil {
			return store.Run{}, err
		}
		o := req.options(annuaire.TriggerServer, func(p run.Progress) { emit(p) })
		o.Left = func() bool { return serving.Err() == nil }
		return svc.Do(ctx, o)
	})
}
