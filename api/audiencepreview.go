package api

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"annuaire"
)

// sampleBody says which sample of a preview to show.
type sampleBody struct {
	Seed   *uint64 `json:"seed"` // none: another one each time
	Sample int     `json:"sample"`
}

// options are within what every JSON reader keeps exact.
func (b sampleBody) options() (annuaire.PreviewOptions, error) {
	const exact = 1 << 53
	switch {
	case b.Seed == nil:
		return annuaire.PreviewOptions{Seed: rand.Uint64N(exact), Sample: b.Sample}, nil //nolint:gosec // it picks a sample, and is shown
	case *b.Seed >= exact:
		return annuaire.PreviewOptions{}, invalid("seed", "un entier de moins de 2^53 est attendu.", "an integer below 2^53 is expected.")
	}
	return annuaire.PreviewOptions{Seed: *b.Seed, Sample: b.Sample}, nil
}

// previewForm previews an audience that is not saved.
func (s *Server) previewForm(c echo.Context) error {
	var body struct {
		audienceBody
		sampleBody
	}
	if err := readBody(c, &body); err != nil {
		return err
	}
	form, err := body.form()
	if err != nil {
		return err
	}
	return preview(c, body.sampleBody, func(ctx context.Context, o annuaire.PreviewOptions) (annuaire.AudiencePreview, error) {
		return s.opts.Audiences.PreviewFor(ctx, callerOf(c), form, o)
	})
}

// previewSaved previews a saved audience, and says what changed since its last preview.
func (s *Server) previewSaved(c echo.Context) error {
	var body sampleBody
	if err := readBodyIfAny(c, &body); err != nil {
		return err
	}
	return preview(c, body, func(ctx context.Context, o annuaire.PreviewOptions) (annuaire.AudiencePreview, error) {
		return s.opts.Audiences.PreviewSaved(ctx, callerOf(c), c.Param("name"), o)
	})
}

func preview(c echo.Context, body sampleBody, look func(context.Context, annuaire.PreviewOptions) (annuaire.AudiencePreview, error)) error {
	o, err := body.options()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), previewBudget)
	defer cancel()
	p, err := look(ctx, o)
	return sendStatus(c, http.StatusOK, shownPreview(p), err)
}

// shownPreview has empty lists where there is nothing to list.
func shownPreview(p annuaire.AudiencePreview) annuaire.AudiencePreview {
	p.Terms, p.Warnings, p.Sample = orEmpty(p.Terms), orEmpty(p.Warnings), orEmpty(p.Sample)
	return p
}

// unreachable exports everyone of a saved audience whom no mailbox reaches, for other channels.
func (s *Server) unreachable(c echo.Context) error {
	format, err := formatOf(c, formatNDJSON, formatCSV)
	if err != nil {
		return err
	}
	end, err := s.exporting(c)
	if err != nil {
		return err
	}
	defer end()
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="sans-messagerie-`+fileName(c.Param("name"))+"."+format+`"`)
	each := inBatches(func(fn func(person) error) error {
		return s.opts.Audiences.UnreachableOf(c.Request().Context(), callerOf(c), c.Param("name"), fn)
	})
	everyone := &request{route: &route{}}
	if format == formatCSV {
		return exportCSV(c, everyone, each, professionalColumns)
	}
	return exportLines(c, everyone, each, professional)
}

// inBatches hands on some records at a time.
func inBatches(each func(func(person) error) error) func(func([]person) error) error {
	return func(fn func([]person) error) error {
		var batch []person
		err := each(func(it person) error {
			if batch = append(batch, it); len(batch) < 200 {
				return nil
			}
			defer func() { batch = batch[:0] }()
			return fn(batch)
		})
		if err != nil || len(batch) == 0 {
			return err
		}
		return fn(batch)
	}
}

// fileName keeps what a name of an audience is made of.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return -1
	}, name)
	return name[:min(len(name), 63)]
}
