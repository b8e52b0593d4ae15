package api

import (
	"context"

	"github.com/labstack/echo/v4"
	"github.com/samber/lo"

	"annuaire"
)

// search makes the handler of a search route: read the parameters, ask, shape each item.
func search[T any](s *Server, find func(context.Context, annuaire.Query) (annuaire.Page[T], error), shape func(annuaire.Item[T]) any) answering {
	return func(c echo.Context, req *request) error {
		start := s.opts.Now()
		after, f := req.after()
		if f != nil {
			return f
		}
		page, q, text, err := ask(c.Request().Context(), req, after, find)
		if err != nil {
			return blamed(err, req.blame)
		}
		next, err := req.next(page.Next)
		if err != nil {
			return err
		}
		s.charge(c, len(page.Items))
		keep := req.values["fields"]
		return sendJSON(c, answer{
			Total:   page.Total,
			TotalIs: lo.Ternary(page.Cut, "at_least", "exact"), // when its time was over, a search has found at least so many
			TookMS:  s.since(start),
			AsOf:    instant(page.AsOf),
			Items:   lo.Map(page.Items, func(it annuaire.Item[T], _ int) any { return project(req.told(shape(it), it.Why), keep) }),
			Facets:  facets(q.Facets, page.Facets),
			Ignored: ignored(text, english(c.Request())),
			Explain: req.explain(q.Where, text),
			Next:    next,
		})
	}
}
