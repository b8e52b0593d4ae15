package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"annuaire"
	"annuaire/api/web"
)

// peoplePage shows the people that a question finds. Its filters come by themselves: to count them takes longer than to find a page.
func (s *Server) peoplePage(c echo.Context, v web.View) error {
	return resultsPage(s, c, v, s.pages.people, false, s.dir.SearchProfessionals, putPeople)
}

// filtersPage is the same page with its filters; to htmx, the filters alone.
func (s *Server) filtersPage(c echo.Context, v web.View) error {
	return resultsPage(s, c, v, s.pages.people, true, s.dir.SearchProfessionals, putPeople)
}

func putPeople(r *web.Results, p annuaire.Page[annuaire.Professional]) { r.People = p.Items }

// structuresPage shows the structures that a question finds.
func (s *Server) structuresPage(c echo.Context, v web.View) error {
	return resultsPage(s, c, v, s.pages.structures, false, s.dir.SearchStructures, func(r *web.Results, p annuaire.Page[annuaire.Structure]) { r.Structures = p.Items })
}

// pageFacets are the filters of the page of people.
var pageFacets = []string{"profession", "specialty", "department", "city", "mode", "sector"}

// resultsPage is search for people who read: the same question, asked in the same way.
func resultsPage[T any](s *Server, c echo.Context, v web.View, rt *route, filtered bool, find func(context.Context, annuaire.Query) (annuaire.Page[T], error),
	put func(*web.Results, annuaire.Page[T]),
) error {
	a, f := rt.ofPage(c.Request().URL.RawQuery)
	if f != nil {
		return f
	}
	if a.blank {
		return c.Redirect(http.StatusSeeOther, v.Link(at(rt.path, a.pairs)))
	}
	r := s.results(a)
	req, f := a.request()
	if f != nil {
		return s.faulty(c, v, r, f)
	}
	after, f := req.after()
	if f != nil {
		return s.faulty(c, v, r, f)
	}
	if filtered {
		req.values["facets"] = pageFacets
	} else if rt == s.pages.people {
		req.values["facets"] = s.unnamed(a)
		r.Filters = at(web.PathFilters, a.pairs)
	}
	ctx := c.Request().Context()
	page, q, text, err := ask(ctx, req, after, find)
	if err != nil {
		var f *fault
		if err = blamed(err, req.blame); errors.As(err, &f) {
			return s.faulty(c, v, r, f)
		}
		return err
	}
	r.Total, r.AtLeast = page.Total, page.Cut
	put(&r, page)
	var said []string
	for _, p := range text.Parts {
		if p.Field != annuaire.FieldCity { // whose readings are several: what is counted comes on top
			said = append(said, string(p.Field))
		}
	}
	for _, i := range text.Ignored {
		r.Ignored = append(r.Ignored, web.Aside{Text: i.Text, French: i.French, English: i.English})
	}
	if filtered {
		r.Filters = ""
		s.filters(ctx, v, &r, a, said, q, page.Facets)
		if c.Request().Header.Get("HX-Request") != "" {
			body, err := s.pages.site.Filters(v, r)
			return sendPage(c, v, http.StatusOK, body, err)
		}
	}
	s.name(ctx, &r, a, page.Facets)
	if page.Total == 0 && !page.Cut {
		s.nothing(ctx, &r, v, a)
	} else {
		nearNames(&r, a)
	}
	if page.Next != nil {
		token, err := req.token(*page.Next)
		if err != nil {
			return err
		}
		r.Next = at(rt.path, with(a.pairs, "cursor", token))
	}
	s.charge(c, len(page.Items))
	body, err := s.pages.site.Results(v, r)
	return sendPage(c, v, http.StatusOK, body, err)
}

// results is the page before anything was found.
func (s *Server) results(a asked) web.Results {
	r := web.Results{About: a.route.path, Pairs: a.pairs, Ignored: a.aside, Later: a.cursor != "", First: at(a.route.path, a.pairs),
		ByRank: at(a.route.path, set(a.pairs, "sort", "")), ByName: at(a.route.path, set(a.pairs, "sort", "name")), Clear: a.route.path,
		JSON: at("/v1/professionals", a.pairs), Places: s.pages.state.vocabulary(), Other: web.PathStructures}
	if a.route == s.pages.structures {
		r.JSON, r.Other = at("/v1/structures", a.pairs), web.PathPeople
	}
	for _, p := range a.pairs {
		switch known := a.route.param(p.Name); {
		case p.Name == "q":
			r.Other += "?q=" + url.QueryEscape(p.Value)
			r.Asked = true
		case p.Name == "sort":
			r.Sort = p.Value
		case p.Name == "match" || known.scope != scopePage:
			r.Asked = r.Asked || p.Name != "match"
			r.Criteria = append(r.Criteria, web.Criterion{Pair: p, Without: at(a.route.path, except(a.pairs, p))})
		}
	}
	return r
}

// faulty shows the form with what is wrong in it.
func (s *Server) faulty(c echo.Context, v web.View, r web.Results, f *fault) error {
	r.Fault = &web.Fault{Param: f.err.Op, French: f.err.Message, English: f.err.English, Nearest: f.nearest}
	body, err := s.pages.site.Results(v, r)
	return sendPage(c, v, annuaire.OutcomeOf(f.err.Code).HTTP, body, err)
}

// criteriaPage is the whole form, filled in with a question to change.
func (s *Server) criteriaPage(c echo.Context, v web.View) error {
	a, f := s.pages.people.ofPage(c.Request().URL.RawQuery)
	if f != nil {
		return f
	}
	if _, err := s.state(c.Request().Context()); err != nil { // for what the fields propose
		return err
	}
	body, err := s.pages.site.Criteria(v, s.results(a))
	return sendPage(c, v, http.StatusOK, body, err)
}
