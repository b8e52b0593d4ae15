package api

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
	"github.com/samber/lo"

	"annuaire"
	"annuaire/internal/freetext"
	"annuaire/internal/sheet"
)

// licence is what whoever passes the data on has to name.
const (
	licenceURL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
	sourceName = "Annuaire Sante, Agence du Numerique en Sante (ANS) - Licence Ouverte v2.0" // a header is ASCII
)

// export writes everything a search would find, by id, as NDJSON or CSV. An export that breaks off is continued after its last id.
func export[T any](s *Server, find func(context.Context, annuaire.Query) (annuaire.Page[T], error),
	each func(context.Context, annuaire.Expr, string, func([]annuaire.Item[T]) error) error, shape func(annuaire.Item[T]) any, columns []column[T],
) answering {
	return func(c echo.Context, req *request) error {
		asCSV := req.first("format", formatNDJSON) == formatCSV
		if asCSV && len(req.values["fields"]) > 0 {
			return invalid("fields", "un tableau (format=csv) a toujours toutes ses colonnes.", "a table (format=csv) always has all its columns.")
		}
		end, err := s.exporting(c)
		if err != nil {
			return err
		}
		defer end()
		where, text, err := exported(c.Request().Context(), req, find)
		if err != nil {
			return blamed(err, req.blame)
		}
		asOf, err := s.dir.AsOf(c.Request().Context())
		if err != nil {
			return err
		}
		h := c.Response().Header()
		h.Set("X-Annuaire-Extract", asOf.UTC().Format("2006-01-02T15:04:05Z"))
		h.Set("X-Annuaire-Source", sourceName)
		if len(text.Ignored) > 0 {
			h.Set("X-Annuaire-Ignored", strings.Join(lo.Map(text.Ignored, func(i freetext.Ignored, _ int) string { return url.PathEscape(i.Text) }), ","))
		}
		h.Set("Link", "<"+licenceURL+`>; rel="license"`)
		name := req.route.path[strings.LastIndexByte(req.route.path, '/')+1:]
		h.Set(echo.HeaderContentDisposition, `attachment; filename="`+name+"-"+asOf.UTC().Format("20060102")+"."+req.first("format", formatNDJSON)+`"`)
		found := func(fn func([]annuaire.Item[T]) error) error {
			return each(c.Request().Context(), where, req.first("after", ""), fn)
		}
		if asCSV {
			return exportCSV(c, req, found, columns)
		}
		return exportLines(c, req, found, shape)
	}
}

// exporting takes the place of an export; there are few.
func (s *Server) exporting(c echo.Context) (end func(), err error) {
	select {
	case s.exports <- struct{}{}:
		return func() { <-s.exports }, nil
	default:
		return nil, tooMany(c, 10*heartbeat)
	}
}

// exported is what an export writes: what the search finds, which may be by a weaker reading of a free text (ask).
func exported[T any](ctx context.Context, req *request, find func(context.Context, annuaire.Query) (annuaire.Page[T], error)) (annuaire.Expr, freetext.Question, error) {
	if req.first("q", "") == "" {
		return req.where(annuaire.Expr{}), freetext.Question{}, nil
	}
	_, q, text, err := ask(ctx, req, nil, find)
	return q.Where, text, err
}

// The formats of an export.
const (
	formatNDJSON = "ndjson"
	formatCSV    = "csv"
)

// exportLines is one JSON object a line.
func exportLines[T any](c echo.Context, req *request, each func(func([]annuaire.Item[T]) error) error, shape func(annuaire.Item[T]) any) error {
	out := newStream(c, mimeNDJSON)
	err := each(func(items []annuaire.Item[T]) error {
		for _, it := range items {
			if err := out.line(project(shape(it), req.values["fields"])); err != nil {
				return err
			}
		}
		return out.flush()
	})
	if err != nil {
		return out.failed(blamed(err, req.blame))
	}
	return out.end()
}

// exportCSV is a table (RFC 4180) with a header and one row per record. The header waits for the first records: a criterion that cannot be
// told what it means is a problem, as for lines, and no table that is cut.
func exportCSV[T any](c echo.Context, req *request, each func(func([]annuaire.Item[T]) error) error, columns []column[T]) error {
	out := newStream(c, mimeCSV)
	table := sheet.NewWriter(out)
	head := sync.OnceValue(func() error {
		return table.Row(lo.Map(columns, func(col column[T], _ int) string { return col.name }))
	})
	err := each(func(items []annuaire.Item[T]) error {
		if err := head(); err != nil {
			return err
		}
		for _, it := range items {
			if err := table.Row(lo.Map(columns, func(col column[T], _ int) string { return strings.Join(col.of(it), " | ") })); err != nil {
				return err
			}
		}
		return errors.Join(table.Flush(), out.flush())
	})
	if err == nil {
		err = errors.Join(head(), table.Flush()) // of a table without rows
	}
	if err != nil {
		return out.failed(blamed(err, req.blame))
	}
	return out.end()
}
