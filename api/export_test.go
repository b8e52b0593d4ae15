package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"annuaire"
)

// TestExportsThatCannotBeginOrEnd: what is wrong before the first record is a problem, in one wording whatever the format; later the
// connection is cut, so that nobody takes a part for the whole.
func TestExportsThatCannotBeginOrEnd(t *testing.T) {
	auth := []string{"Authorization", "Bearer reader"}
	refused := annuaire.Errorf(annuaire.CodeInvalid, string(annuaire.FieldProfession), "« druide » n'est pas une profession", "druide is no profession", nil)
	for _, of := range []string{"professionals", "structures", "mailboxes"} {
		d := newFake()
		s := tokenServer(d, Limits{})
		t.Run(of+": a criterion that means nothing is the same problem as a table as in lines", func(t *testing.T) {
			d.fail = func(_ context.Context, what string) error {
				if what == "export" {
					return refused
				}
				return nil
			}
			var told [2]Problem
			for i, format := range []string{"ndjson", "csv"} {
				w := do(t, s, "GET", "/v1/export/"+of+"?city=druide&format="+format, auth...)
				if told[i] = problemIn(t, w); w.Code != 400 || w.Header().Get("Content-Disposition") != "" {
					t.Errorf("%s: %d %v %s", format, w.Code, w.Header(), w.Body)
				}
				told[i].RequestID = ""
			}
			if diff := cmp.Diff(told[0], told[1]); diff != "" {
				t.Error(diff)
			}
		})
		d.fail = nil
		t.Run(of+": a table without rows has its header", func(t *testing.T) {
			w := do(t, s, "GET", "/v1/export/"+of+"?format=csv&after=zzzz", auth...)
			if w.Code != 200 || strings.Count(w.Body.String(), "\r\n") != 1 || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
				t.Errorf("%d %v %q", w.Code, w.Header(), w.Body)
			}
		})
	}
	for _, format := range []string{"ndjson", "csv"} {
		t.Run(format+": what breaks off after the first record is cut", func(t *testing.T) {
			d := &brokenExport{newFake()}
			defer func() {
				if v := recover(); v != http.ErrAbortHandler {
					t.Errorf("ended as if it were whole: %v", v)
				}
			}()
			w := do(t, New(Options{Directory: d, Tokens: someTokens{}}), "GET", "/v1/export/professionals?format="+format, auth...)
			t.Error(fmt.Sprint(w.Code), json.Valid(w.Body.Bytes()))
		})
	}
}

// brokenExport breaks off after the first record.
type brokenExport struct{ *fakeDirectory }

func (d *brokenExport) ExportProfessionals(ctx context.Context, w annuaire.Expr, after string, fn func([]annuaire.Item[annuaire.Professional]) error) error {
	return d.fakeDirectory.ExportProfessionals(ctx, w, after, func(items []annuaire.Item[annuaire.Professional]) error {
		if err := fn(items); err != nil {
			return err
		}
		return annuaire.Errorf(annuaire.CodeInternal, "", "disque illisible", "unreadable disk", nil)
	})
}
