package api

import (
	"github.com/labstack/echo/v4"
	"github.com/samber/lo"

	"annuaire"
)

// defaultSuggestions is how many there are unless told.
const defaultSuggestions = 10

// suggestionDTO is a suggestion and where it leads.
type suggestionDTO struct {
	Kind   string  `json:"kind"`
	Label  string  `json:"label"`
	Detail *string `json:"detail"`
	ID     *string `json:"id"` // of a person or a structure; the code of a place, a profession or a savoir-faire
	URL    string  `json:"url"`
}

// suggest answers while the question is being typed.
func (s *Server) suggest(c echo.Context, req *request) error {
	start := s.opts.Now()
	q := req.first("q", "")
	if q == "" {
		return invalid("q", "ce paramètre est nécessaire.", "this parameter is needed.")
	}
	kinds := lo.Map(req.values["kinds"], func(k string, _ int) annuaire.SuggestionKind { return annuaire.SuggestionKind(k) })
	found, err := s.dir.Suggest(c.Request().Context(), q, kinds, req.number("limit", defaultSuggestions))
	if err != nil {
		return err
	}
	s.charge(c, people(found))
	return sendJSON(c, struct {
		TookMS float64         `json:"took_ms"`
		Items  []suggestionDTO `json:"items"`
	}{s.since(start), lo.Map(found, func(x annuaire.Suggestion, _ int) suggestionDTO {
		return suggestionDTO{string(x.Kind), x.Label, opt(x.Detail), opt(x.ID), x.Leads("/v1/professionals", "/v1/structures")}
	})})
}

// people counts those that are suggested.
func people(found []annuaire.Suggestion) int {
	return lo.CountBy(found, func(x annuaire.Suggestion) bool { return x.Kind == annuaire.SuggestPerson })
}
