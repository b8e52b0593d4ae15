package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/config"
	"annuaire/internal/control"
	"annuaire/internal/directory"
	"annuaire/sync/run"
)

// rejectsOptions choose which rows to show.
type rejectsOptions struct {
	rows   bool
	limit  int
	asJSON bool
}

func rejectsCommand() *cobra.Command {
	var s settings
	var o rejectsOptions
	c := &cobra.Command{
		Use:   "rejects [RUN]",
		Short: "say which rows a run put aside, and why",
		Long: `rejects counts the rows that a run put aside, by file and reason; the last run that put any aside when none is named. The rows themselves
are personal data: they are shown with --rows, and as they are with --json, one object per line; who reads them is in the audit.`,
		Example: "  annuaire sync rejects --data data\n  annuaire sync rejects 000042 --rows --limit 20",
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
			if o.limit < 0 {
				return &usageError{fmt.Errorf("--limit %d: 0 (all of them) or more is expected", o.limit)}
			}
			dir := filepath.Join(cfg.Data, "rejects")
			if len(args) == 0 {
				kept, err := run.RejectRuns(dir)
				if err != nil {
					return err
				}
				if len(kept) == 0 {
					_, err := fmt.Fprintln(c.ErrOrStderr(), "aucune ligne refusée / no row was rejected")
					return err
				}
				args = kept[:1]
			}
			if o.rows || o.asJSON {
				if err := noteRejects(c.Context(), cfg, rejectsRequest{Run: args[0], By: whoAmI()}); err != nil {
					return err
				}
			}
			return showRejects(c.OutOrStdout(), dir, args[0], o)
		},
	}
	s.dataFlags(c)
	c.Flags().BoolVar(&o.rows, "rows", false, "show the rows (personal data)")
	c.Flags().IntVar(&o.limit, "limit", 100, "with --rows and --json: rows shown at most; 0 is all of them")
	c.Flags().BoolVar(&o.asJSON, "json", false, "print one JSON object per row")
	return c
}

// rejectsRequest is that somebody is about to read rejected rows.
type rejectsRequest struct {
	Run string `json:"run"`
	By  string `json:"by"`
}

// noteRejects writes it into the audit: has the running server do so, else opens the data directory.
func noteRejects(ctx context.Context, cfg config.Config, req rejectsRequest) error {
	err := control.Call(ctx, socket(cfg), "rejects", req, nil, nil)
	if !errors.Is(err, control.ErrNoServer) {
		return err
	}
	return withData(cfg, req.note)
}

func (r rejectsRequest) note(d *directory.Directory) error {
	return auditLocal(d, r.By, "sync.rejects", r.Run, "", nil)
}

// rejectsCommandOf is noteRejects as the control socket offers it.
func rejectsCommandOf(d *directory.Directory) control.Command {
	return func(_ context.Context, args json.RawMessage, _ func(any)) (any, error) {
		var req rejectsRequest
		if err := json.Unmarshal(args, &req); err != nil {
			return nil, annuaire.Invalid("rejects", "demande illisible", "request cannot be read")
		}
		return nil, req.note(d)
	}
}

// rejectKind is what rejected rows have in common.
type rejectKind struct{ file, reason string }

// rejectCount is how many there are of a kind, and where the first is.
type rejectCount struct {
	rejectKind
	n, first int64
}

func showRejects(w io.Writer, dir, id string, o rejectsOptions) error {
	counts, shown, out := map[rejectKind]*rejectCount{}, 0, json.NewEncoder(w)
	err := run.EachReject(dir, id, func(r run.Reject) error {
		k := rejectKind{r.File, r.Reason}
		if counts[k] == nil {
			counts[k] = &rejectCount{rejectKind: k, first: r.Line}
		}
		counts[k].n++
		if o.limit > 0 && shown == o.limit {
			return nil
		}
		switch shown++; {
		case o.asJSON:
			return out.Encode(r)
		case o.rows:
			_, err := fmt.Fprintf(w, "%s:%d: %s\n  %q\n", r.File, r.Line, r.Reason, r.Row)
			return err
		}
		return nil
	})
	if err != nil || o.asJSON {
		return err
	}
	all := make([]*rejectCount, 0, len(counts))
	for _, c := range counts {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *rejectCount) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.file, b.file), cmp.Compare(a.reason, b.reason))
	})
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "passage / run %s\nrows\tfirst line\treason\tfile\n", id)
	for _, c := range all {
		fmt.Fprintf(t, "%d\t%d\t%s\t%s\n", c.n, c.first, c.reason, c.file)
	}
	return t.Flush()
}
