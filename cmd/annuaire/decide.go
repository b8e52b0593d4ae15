package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/cli"
	"annuaire/internal/cli/show"
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
	var out cli.Output
	c := &cobra.Command{
		Use: do + " [RUN] --reason TEXT",
		Short: map[string]string{"approve": "apply the run that awaits approval, exactly as its report says",
			"abort": "give up the run that awaits approval, or is running"}[do],
		Long: map[string]string{
			"approve": "approve applies a run that the gate stopped. The files must still be what they were. Who approved, when and why is recorded.",
			"abort":   "abort gives up a run, which leaves everything as it was. The same files are not tried again unless a person asks (annuaire sync).",
		}[do] + "\n\nRUN is its number; without it, the run that awaits approval.",
		Example: "  annuaire sync " + do + " --data data --reason 'seen with the ARS'",
		Args:    cobra.MaximumNArgs(1),
		RunE: s.with(func(c *cobra.Command, cfg config.Config, args []string) error {
			if req.Reason == "" {
				return cli.Usage(errors.New("--reason is needed: it is recorded with who decides, and when"))
			}
			if req.By = cli.User(); len(args) > 0 {
				req.ID = args[0]
			}
			p := show.NewProgress(c.ErrOrStderr())
			got, err := decide(c.Context(), cfg, req, p.Update)
			p.End()
			switch {
			case err != nil:
				return err
			case got.Report != nil:
				return out.Value(c.OutOrStdout(), got.Report, func(w io.Writer) error { return show.Report(w, *got.Report) })
			}
			return out.Value(c.OutOrStdout(), got.Run, func(w io.Writer) error {
				_, err := fmt.Fprintf(w, "passage %s abandonné, rien n'a changé / run %s aborted, nothing changed\n", got.Run.ID, got.Run.ID)
				return err
			})
		}),
	}
	s.dataFlags(c)
	c.Flags().StringVar(&req.Reason, "reason", "", "why (recorded)")
	out.Flag(c, "print one JSON object")
	return c
}

// decide has the running server do it, else opens the data directory.
func decide(ctx context.Context, cfg config.Config, req decision, progress func(run.Progress)) (decided, error) {
	return onData(ctx, cfg, "decide", req, progressOf(progress), directory.Open, func(d *directory.Directory) (decided, error) {
		svc, err := service(ctx, cfg, d, slog.New(slog.DiscardHandler), nil)
		if err != nil {
			return decided{}, err
		}
		return req.take(ctx, svc, d, progress)
	})
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
	return control.Handle(func(ctx context.Context, req decision, emit func(any)) (decided, error) {
		return req.take(ctx, svc, d, func(p run.Progress) { emit(p) })
	})
}
