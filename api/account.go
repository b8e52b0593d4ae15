package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/samber/lo"

	"annuaire"
)

// accountDTO is an account with who its person is: the identity comes from the directory, and is not written here.
type accountDTO struct {
	partyDTO
	Active       bool       `json:"active"` // there is a contact address: delegations may be used
	Contact      *string    `json:"contact"`
	Mobile       *string    `json:"mobile"`
	NoSurvey     bool       `json:"no_survey"`
	NoNewsletter bool       `json:"no_newsletter"`
	Terms        *string    `json:"terms"` // the version accepted
	Accepted     *time.Time `json:"accepted"`
	TermsInForce string     `json:"terms_in_force"`
	ETag         *string    `json:"etag"`
}

func accountOf(a annuaire.AccountOf) accountDTO {
	out := accountDTO{partyDTO: party(a.Who), Active: a.Contact != "", Contact: opt(a.Contact), Mobile: opt(a.Mobile), NoSurvey: a.NoSurvey, NoNewsletter: a.NoNewsletter,
		Terms: opt(a.Terms), TermsInForce: a.TermsInForce}
	if a.Version > 0 {
		out.ETag = opt(versionTag(a.Version))
		if a.Terms != "" {
			out.Accepted = instant(a.Accepted)
		}
	}
	return out
}

// accountBody is what may be written. The keys of the identity are known, so that whoever sends them is told why not.
type accountBody struct {
	Contact      string  `json:"contact"`
	Mobile       *string `json:"mobile"`
	Terms        *string `json:"terms"`
	NoSurvey     *bool   `json:"no_survey"`
	NoNewsletter *bool   `json:"no_newsletter"`

	ID         json.RawMessage `json:"id"`
	RPPS       json.RawMessage `json:"rpps"`
	Family     json.RawMessage `json:"family"`
	Given      json.RawMessage `json:"given"`
	Profession json.RawMessage `json:"profession"`
}

// identity is the key of the identity that is given, the first by the alphabet; "" for none.
func (b *accountBody) identity() (key string) {
	for k, v := range map[string]json.RawMessage{"id": b.ID, "rpps": b.RPPS, "family": b.Family, "given": b.Given, "profession": b.Profession} {
		if v != nil && (key == "" || k < key) {
			key = k
		}
	}
	return key
}

func (s *Server) myAccount(c echo.Context) error {
	a, err := s.opts.Personal.Account(c.Request().Context(), callerOf(c))
	return sendAccount(c, http.StatusOK, a, err)
}

func (s *Server) putAccount(c echo.Context) error {
	var body accountBody
	if err := readBody(c, &body); err != nil {
		return err
	}
	if key := body.identity(); key != "" {
		return annuaire.Invalid(key, "l'identité vient de l'annuaire et ne se modifie pas ici : adressez-vous à votre autorité d'enregistrement",
			"identity comes from the directory and cannot be changed here: ask your registration authority").Because("identity_read_only")
	}
	change := annuaire.AccountChange{Contact: body.Contact, Mobile: body.Mobile, NoSurvey: body.NoSurvey, NoNewsletter: body.NoNewsletter}
	if body.Terms != nil {
		change.Terms = *body.Terms
	}
	a, created, err := s.opts.Personal.PutAccount(c.Request().Context(), callerOf(c), change, ifMatch(c))
	return sendAccount(c, lo.Ternary(created, http.StatusCreated, http.StatusOK), a, err)
}

func sendAccount(c echo.Context, status int, a annuaire.AccountOf, err error) error {
	return sendPrivate(c, status, a.Version, accountOf(a), err)
}

// heldOn makes a handler of what an administrator does with all that is held on somebody: read or erase it. Both are recorded, with the reason.
func heldOn[T any](s *Server, do func(p Personal, ctx context.Context, who annuaire.Caller, id, reason string) (T, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, err := pathText(c, "id", maxValueRunes)
		if err != nil {
			return err
		}
		q, err := parameters(c, "reason")
		if err != nil {
			return err
		}
		v, err := do(s.opts.Personal, c.Request().Context(), callerOf(c), id, q["reason"])
		return sendPrivate(c, http.StatusOK, 0, v, err)
	}
}
