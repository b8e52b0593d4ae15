package api

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"annuaire"
	"annuaire/api/web"
)

// structurePeople is how many people the page of a structure lists; the rest are a search away.
const structurePeople = 60

// person reads whom a page is about.
func (s *Server) person(c echo.Context) (p web.Person, err error) {
	id, err := pathValue(c, pathProfessional)
	if err != nil {
		return p, err
	}
	if p.Item, err = s.dir.Professional(c.Request().Context(), id); err != nil {
		return p, refused(err, pathProfessional)
	}
	s.charge(c, 1)
	return p, nil
}

func (s *Server) personPage(c echo.Context, v web.View) error {
	p, err := s.person(c)
	if annuaire.CodeOf(err) == annuaire.CodeGone {
		return s.gonePage(c, v)
	}
	if err != nil {
		return err
	}
	if p.Shared, err = s.sharedBoxes(c.Request().Context(), p.Item); err != nil {
		return err
	}
	body, err := s.pages.site.Person(v, p)
	return sendPage(c, v, http.StatusOK, body, err)
}

// gonePage says that somebody has left, and since when: nothing else of what was known.
func (s *Server) gonePage(c echo.Context, v web.View) error {
	g := web.Gone{}
	if id, err := pathValue(c, pathProfessional); err == nil {
		g.ID = id
		changes, err := s.dir.History(c.Request().Context(), id)
		if err != nil && annuaire.CodeOf(err) != annuaire.CodeNotFound && annuaire.CodeOf(err) != annuaire.CodeGone {
			return err
		}
		for _, ch := range changes {
			if ch.Op == annuaire.Gone {
				g.Since = ch.Time
			}
		}
	}
	body, err := s.pages.site.Gone(v, g)
	return sendPage(c, v, http.StatusGone, body, err)
}

// cardFile is a person as a vCard, to add to contacts.
func (s *Server) cardFile(c echo.Context, v web.View) error {
	p, err := s.person(c)
	if err != nil {
		return err
	}
	pageHeaders(c, v)
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+web.CardName(p.Value)+`"`)
	source := "Annuaire Santé, Agence du Numérique en Santé, Licence Ouverte 2.0"
	if !v.AsOf.IsZero() {
		source += ", extraction du " + v.DayFr(v.AsOf)
	}
	if s.opts.Training {
		source = modeTraining + " : données fictives. " + source
	}
	return send(c, http.StatusOK, web.MIMECard, web.Card(p, source))
}

// structurePage shows a structure, its boxes and who practises there.
func (s *Server) structurePage(c echo.Context, v web.View) error {
	id, err := pathValue(c, pathStructure)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	st := web.Structure{}
	if st.Value, err = s.dir.Structure(ctx, id); err != nil {
		return refused(err, pathStructure)
	}
	boxes, err := s.dir.SearchMailboxes(ctx, annuaire.Query{Where: boxesOf([]annuaire.StructureRef{*st.Value.Ref()}, annuaire.KindORG, annuaire.KindCAB, annuaire.KindAPP), Sort: annuaire.SortName, Limit: maxStructureBoxes})
	if err != nil {
		return err
	}
	for _, b := range boxes.Items {
		st.Boxes = append(st.Boxes, b.Value)
	}
	st.More = boxes.Next != nil
	here := []web.Pair{{Name: "structure_id", Value: st.Value.ID}}
	st.All = at(web.PathPeople, here)
	a := asked{route: s.pages.people, pairs: with(here, "sort", "name")}
	req, f := a.request()
	if f != nil {
		return f
	}
	req.values["facets"], req.values["limit"] = []string{"profession", "specialty"}, []string{strconv.Itoa(structurePeople)}
	page, q, _, err := ask(ctx, req, nil, s.dir.SearchProfessionals)
	if err != nil {
		return blamed(err, req.blame)
	}
	st.People, st.Total = page.Items, page.Total
	for _, field := range q.Facets {
		facet := web.Facet{Field: string(field)}
		for _, n := range page.Facets[field] {
			facet.Values = append(facet.Values, web.Choice{Label: n.Coded.Shown(), To: at(web.PathPeople, with(here, string(field), n.Code)), Count: n.Count})
		}
		st.Facets = append(st.Facets, facet)
	}
	s.charge(c, len(st.People))
	body, err := s.pages.site.Structure(v, st)
	return sendPage(c, v, http.StatusOK, body, err)
}

// suggestPart is the list under the box while something is being typed: a part of a page.
func (s *Server) suggestPart(c echo.Context, v web.View) error {
	a, f := s.pages.suggest.ofPage(c.Request().URL.RawQuery)
	if f != nil {
		return f
	}
	req, f := a.request()
	if f != nil {
		return f
	}
	of := web.Suggestions{Text: req.first("q", "")}
	if of.Text != "" {
		var err error
		if of.Items, err = s.dir.Suggest(c.Request().Context(), of.Text, nil, defaultSuggestions); err != nil && !errors.Is(err, c.Request().Context().Err()) {
			return err
		}
	}
	s.charge(c, people(of.Items))
	body, err := s.pages.site.Suggest(v, of)
	return sendPage(c, v, http.StatusOK, body, err)
}
