package api

import (
	"time"

	"github.com/labstack/echo/v4"
	"github.com/samber/lo"

	"annuaire"
)

// myEligibility tells whether somebody may open a personal mailbox: a professional about themselves, an operator about anyone.
func (s *Server) myEligibility(c echo.Context, req *request) error {
	who := callerOf(c)
	id := who.Professional
	switch rpps := req.first("rpps", ""); {
	case id != "" && rpps != "":
		return annuaire.Errorf(annuaire.CodeForbidden, "rpps", "un professionnel ne demande que pour lui-même", "a professional asks about themselves only", nil)
	case id == "" && rpps == "":
		return invalid("rpps", "le RPPS de la personne est nécessaire.", "the RPPS of the person is needed.")
	case id == "":
		id = rpps
	}
	e, err := s.opts.Eligibilities.Eligibility(c.Request().Context(), who, id)
	if err != nil {
		return err
	}
	english := english(c.Request())
	return sendJSON(c, struct {
		ID       string     `json:"id"`
		Eligible bool       `json:"eligible"`
		Reasons  []string   `json:"reasons"`
		Detail   []string   `json:"detail"`
		Cards    *time.Time `json:"cards_as_of"` // of the extract of cards; null: none is known, and a card is no condition
	}{e.ID, e.Eligible, orEmpty(e.Reasons), lo.Map(e.Reasons, func(r string, _ int) string { return reasonTexts[r].in(english) }), instant(e.Cards)})
}

// reasonTexts are the sentences of the reasons.
var reasonTexts = map[string]wording{
	annuaire.ReasonUnknown:   {"aucun professionnel actif de ce numéro dans l'annuaire", "no active professional of that number in the directory"},
	annuaire.ReasonNoRPPS:    {"cette personne n'a pas de RPPS", "this person has no RPPS"},
	annuaire.ReasonRoleOnly:  {"cette personne n'est connue que par son rôle (profession 99)", "this person is known by a role alone (profession 99)"},
	annuaire.ReasonNotHealth: {"la profession de cette personne n'est pas une profession de santé", "the profession of this person is not a health profession"},
	annuaire.ReasonNoCard:    {"cette personne n'a pas de carte CPS en cours", "this person has no CPS card in force"},
	annuaire.ReasonHasBox:    {"cette personne a déjà une BAL personnelle", "this person has a personal mailbox already"},
}
