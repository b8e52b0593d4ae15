package api

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/samber/lo"

	"annuaire"
)

type partyDTO struct {
	ID         string    `json:"id"`
	RPPS       *string   `json:"rpps"`
	Family     *string   `json:"family"`
	Given      *string   `json:"given"`
	Profession *codedDTO `json:"profession"`
	Present    bool      `json:"present"` // in the directory now; names are those it has
}

func party(p annuaire.Party) partyDTO {
	out := partyDTO{ID: p.ID, RPPS: opt(p.RPPS), Family: opt(p.Family), Given: opt(p.Given), Present: p.Present}
	if !p.Profession.IsZero() {
		out.Profession = &codedDTO{p.Profession.Code, p.Profession.Label}
	}
	return out
}

type delegationDTO struct {
	ID       string                   `json:"id"` // of the delegate: the end of its address
	Mailbox  string                   `json:"mailbox"`
	State    annuaire.DelegationState `json:"state"`
	Since    time.Time                `json:"since"`
	By       string                   `json:"by"`
	Delegate partyDTO                 `json:"delegate"`
	Holder   partyDTO                 `json:"holder"`
	ETag     string                   `json:"etag"`
}

func delegationOf(g annuaire.Grant) delegationDTO {
	return delegationDTO{ID: g.ID, Mailbox: g.Mailbox, State: g.State, Since: g.Since.UTC(), By: g.By, Delegate: party(g.To), Holder: party(g.From), ETag: versionTag(g.Version)}
}

// maxAddressRunes bounds an address in a path (RFC 5321, 4.5.3.1.3).
const maxAddressRunes = 254

func (s *Server) delegations(c echo.Context) error {
	address, err := pathText(c, "address", maxAddressRunes)
	if err != nil {
		return err
	}
	all, err := s.opts.Personal.Delegations(c.Request().Context(), callerOf(c), address)
	return sendPrivate(c, http.StatusOK, 0, struct {
		Items []delegationDTO `json:"items"`
		Max   int             `json:"max"`
	}{lo.Map(all, func(g annuaire.Grant, _ int) delegationDTO { return delegationOf(g) }), annuaire.MaxDelegations}, err)
}

// boxAndPerson are the two identifiers of a path.
func boxAndPerson(c echo.Context) (address, id string, err error) {
	if address, err = pathText(c, "address", maxAddressRunes); err == nil {
		id, err = pathText(c, "id", maxValueRunes)
	}
	return address, id, err
}

func (s *Server) delegation(c echo.Context) error {
	address, id, err := boxAndPerson(c)
	if err != nil {
		return err
	}
	g, err := s.opts.Personal.Delegation(c.Request().Context(), callerOf(c), address, id)
	return sendPrivate(c, http.StatusOK, g.Version, delegationOf(g), err)
}

// putDelegation adds one. It has no body: a delegation is of the whole mailbox, and says nothing but who.
func (s *Server) putDelegation(c echo.Context) error {
	address, id, err := boxAndPerson(c)
	if err != nil {
		return err
	}
	if c.Request().ContentLength > 0 {
		var nothing struct{}
		if err := readBody(c, &nothing); err != nil {
			return err
		}
	}
	g, err := s.opts.Personal.Delegate(c.Request().Context(), callerOf(c), address, id)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/v1/mailboxes/"+url.PathEscape(g.Mailbox)+"/delegations/"+g.ID)
	return sendPrivate(c, http.StatusCreated, g.Version, delegationOf(g), nil)
}

func (s *Server) deleteDelegation(c echo.Context) error {
	address, id, err := boxAndPerson(c)
	if err != nil {
		return err
	}
	if err := s.opts.Personal.Undelegate(c.Request().Context(), callerOf(c), address, id, ifMatch(c)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func (s *Server) rights(c echo.Context) error {
	address, id, err := boxAndPerson(c)
	if err != nil {
		return err
	}
	r, err := s.opts.Personal.MayAct(c.Request().Context(), callerOf(c), address, id)
	return sendPrivate(c, http.StatusOK, 0, r, err)
}

// myDelegations lists those that the caller holds (as=delegate) or gives (as=holder).
func (s *Server) myDelegations(c echo.Context) error {
	q, err := parameters(c, "as", "limit", "cursor")
	if err != nil {
		return err
	}
	limit, err := numberIn(q, "limit", 1, annuaire.MaxLimit, annuaire.DefaultLimit)
	if err != nil {
		return err
	}
	after, err := base64.RawURLEncoding.Strict().DecodeString(q["cursor"])
	if err != nil {
		return invalid("cursor", "ce curseur n'est pas l'un des nôtres.", "this cursor is not one of ours.")
	}
	list, as := s.opts.Personal.DelegatedTo, "delegate"
	switch q["as"] {
	case "", "delegate":
	case "holder":
		list, as = s.opts.Personal.GivenBy, "holder"
	default:
		return invalid("as", "« delegate » ou « holder » est attendu.", `"delegate" or "holder" is expected.`)
	}
	all, next, err := list(c.Request().Context(), callerOf(c), string(after), limit)
	if err != nil {
		return err
	}
	out := struct {
		As    string          `json:"as"`
		Items []delegationDTO `json:"items"`
		Next  *string         `json:"next"`
	}{as, lo.Map(all, func(g annuaire.Grant, _ int) delegationDTO { return delegationOf(g) }), nil}
	if next != "" {
		out.Next = opt("/v1/me/delegations?as=" + as + "&limit=" + strconv.Itoa(limit) + "&cursor=" + base64.RawURLEncoding.EncodeToString([]byte(next)))
	}
	return sendPrivate(c, http.StatusOK, 0, out, nil)
}

// delegates searches whom a mailbox may be delegated to.
func (s *Server) delegates(c echo.Context) error {
	q, err := parameters(c, "name", "given", "profession", "postal_code", "city", "id")
	if err != nil {
		return err
	}
	out, err := s.opts.Personal.Delegates(c.Request().Context(), annuaire.DelegateQuery{Name: q["name"], Given: q["given"], Profession: q["profession"],
		PostalCode: q["postal_code"], City: q["city"], Identifier: q["id"]})
	if err != nil {
		return err
	}
	s.charge(c, len(out.Items))
	return sendPrivate(c, http.StatusOK, 0, out, nil)
}
