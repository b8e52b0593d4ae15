package api

import (
	"context"
	"slices"

	"annuaire"
	"annuaire/api/web"
	"annuaire/internal/names"
)

// filters are the values that narrow what was found down, those chosen already first, and how many have a published box. A field that the
// text of the question speaks of (said) has none: its counts are those of alternatives, and a criterion would come on top.
func (s *Server) filters(ctx context.Context, v web.View, r *web.Results, a asked, said []string, q annuaire.Query, counts map[annuaire.Field][]annuaire.FacetCount) {
	for _, f := range q.Facets {
		if slices.Contains(said, string(f)) {
			continue
		}
		var on, off []web.Choice
		for _, n := range counts[f] {
			if p, ok := chosen(a.pairs, string(f), n.Coded); ok {
				on = append(on, web.Choice{Label: n.Coded.Shown(), To: at(a.route.path, except(a.pairs, p)), Count: -1, On: true})
				continue
			}
			off = append(off, web.Choice{Label: n.Coded.Shown(), To: at(a.route.path, with(a.pairs, string(f), n.Code)), Count: n.Count})
		}
		if len(on) > 0 || len(off) > 1 || len(off) == 1 && off[0].Count < r.Total { // a filter that changes nothing is none
			r.Facets = append(r.Facets, web.Facet{Field: string(f), Values: append(on, off...)})
		}
	}
	if len(r.Facets) == 0 || r.Total == 0 || slices.ContainsFunc(a.pairs, func(p web.Pair) bool { return p.Name == "has_mailbox" }) {
		return
	}
	q.Where, q.Facets, q.After, q.Limit = annuaire.And(q.Where, annuaire.Equals(annuaire.FieldHasMailbox, "true")), nil, nil, 1
	if page, err := s.dir.SearchProfessionals(ctx, q); err == nil && page.Total > 0 && page.Total < r.Total { // else the filter is left out
		to := at(a.route.path, with(a.pairs, "has_mailbox", "true"))
		r.Facets = slices.Insert(r.Facets, 0, web.Facet{Field: "has_mailbox", Values: []web.Choice{{Label: v.T("publiée", "published"), Own: true, To: to, Count: page.Total}}})
	}
}

// unnamed are the fields whose codes in the question nobody has told the labels of yet: they are counted, to be named.
func (s *Server) unnamed(a asked) (fields []string) {
	for _, p := range a.pairs {
		if slices.Contains(pageFacets, p.Name) && !slices.Contains(fields, p.Name) && looksLikeCode(p.Value) && s.pages.state.label(p.Name, p.Value) == "" {
			fields = append(fields, p.Name)
		}
	}
	return fields
}

// chosen returns the criterion that is a value of a facet, given by its code or by its label.
func chosen(pairs []web.Pair, name string, v annuaire.Coded) (web.Pair, bool) {
	for _, p := range pairs {
		if p.Name == name && (p.Value == v.Code || names.Fold(p.Value) == names.Fold(v.Label)) {
			return p, true
		}
	}
	return web.Pair{}, false
}

// name gives criteria that are codes their labels: from what was counted, else from what is known of the data; a structure its name.
func (s *Server) name(ctx context.Context, r *web.Results, a asked, counts map[annuaire.Field][]annuaire.FacetCount) {
	for i, cr := range r.Criteria {
		for _, v := range counts[annuaire.Field(cr.Name)] {
			if v.Code == cr.Value {
				r.Criteria[i].Label = v.Label
			}
		}
		if r.Criteria[i].Label == "" {
			r.Criteria[i].Label = s.pages.state.label(cr.Name, cr.Value)
		}
		if cr.Name == "structure_id" {
			if st, err := s.dir.Structure(ctx, cr.Value); err == nil {
				r.Criteria[i].Label = st.Name
			}
		}
	}
}
