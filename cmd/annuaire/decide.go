package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/config"
	"annuaire/internal/control"
	"annuaire/internal/directory"
	"annuaire/internal/store"
	"annuaire/sync/run"
)

// decision is what approve and abort ask of a running server, or do themselves.
type decision struct {
	Do     string `json:"do"` // "approve", "abort"
	ID     string `json:"run"`
	Reason string `json:"reason"`
	By     string `json:"by"`
}

// decided is what comes of it: the report of the run that was approved, or the run that was aborted.
type decided struct {
	Report *store.Run        `json:"report,omitempty"`
	Run    *annuaire.SyncRun `json:"run,omitempty"`
}

func decideCommand(do string) *cobra.Command {
	var s settings
	req := decision{Do: do}
	var asJSON bool
	c := &cobra.Command{
		Use: do + " [RUN] --reason TEXT",
		Short: map[string]string{"approve": "apply the run that awaits approval, exactly as its report says",
			"abort": "give up the run that awaits approval, or is running"}[do],
		Long: map[string]string{
			"approve": "approve applies a run that the gate stopped. The files must still be what they were. Who approved, when and why is recorded.",
			"abort":   "abort gives up a run, which leaves everything as it was. The same files are not tried again unless a person asks (annuaire sync).",
		}[do] + "\n\nRUN is its number; without it, the run that awaits approval.",
		Example: "  annuaire sync " + do + " --data data --reason 'seen with the ARS'",
		Args: func(c *cobra.Command, args []string) error {
			if err := cobra.MaximumNArgs(1)(c, args); err != nil {
				return &usageError{err}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			cfg, err := s.load(c)
			if err != nil {
				return err
			}
			if req.Reason == "" {
				return &usageError{errors.New("--reason is needed: it is recorded with who decides, and when")}
			}
			if req.By = whoAmI(); len(args) > 0 {
				req.ID = args[0]
			}
			show := newProgress(c.ErrOrStderr())
			got, err := decide(c.Context(), cfg, req, show.update)
			show.end()
			if err != nil {
				return err
			}
			if got.Report != nil {
				return printReport(c.OutOrStdout(), *got.Report, asJSON)
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(got.Run)
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "passage %s abandonné, rien n'a changé / run %s aborted, nothing changed\n", got.Run.ID, got.Run.ID)
			return err
		},
	}
	s.dataFlags(c)
	c.Flags().StringVar(&req.Reason, "reason", "", "why (recorded)")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

// decide has the running server do it, else opens the data directory.
func decide(ctx context.Context, cfg config.Config, req decision, progress func(run.Progress)) (out decided, err error) {
	err = control.Call(ctx, socket(cfg), "decide", req, func(e json.RawMessage) {
		var p run.Progress
		if json.Unmarshal(e, &p) == nil {
			progress(p)
		}
	}, &out)
	if !errors.Is(err, control.ErrNoServer) {
		return out, err
	}
	d, err := directory.Open(cfg.Data)
	if err != nil {
		return out, err
	}
	svc, err := service(ctx, cfg, d, slog.New(slog.DiscardHandler), nil)
	if err == nil {
		out, err = req.take(ctx, svc, d, progress)
	}
	return out, errors.Join(err, d.Close())
}

func (r decision) take(ctx context.Context, svc *run.Service, d *directory.Directory, progress func(run.Progress)) (decided, error) {
	who := annuaire.Decision{By: r.By, Reason: r.Reason}
	if err := auditLocal(d, r.By, "sync."+r.Do, r.ID, r.Reason, nil); err != nil {
		return decided{}, err
	}
	if r.Do == "approve" {
		rep, err := svc.Approve(ctx, r.ID, who, progress)
		return decided{Report: &rep}, err
	}
	got, err := svc.Abort(ctx, r.ID, who)
	return decided{Run: &got}, err
}

// decideCommandOf is approve and abort as the control socket offers them.
func decideCommandOf(svc *run.Service, d *directory.Directory) control.Command {
	return func(ctx context.Context, args json.RawMessage, emit func(any)) (any, error) {
		var req decision
		if err := json.Unmarshal(args, &req); err != nil {
			return nil, annuaire.Invalid("sync", "demande illisible", "request cannot be read")
		}
		return req.take(ctx, svc, d, func(p run.Progress) { emit(p) })
	}
}
