package api

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/samber/lo"

	"annuaire"
	"annuaire/internal/mailaddr"
)

const stateRedListed = "red_listed"

// kindsOfBoxes are in the order of reports.
var kindsOfBoxes = []annuaire.MailboxKind{annuaire.KindPER, annuaire.KindORG, annuaire.KindCAB, annuaire.KindAPP}

// ruleDomainNotYours is of an operator who asks about the domain of another.
const ruleDomainNotYours = "domain_not_yours"

// domains are those a caller asks about, in their one writing: those given, which must be the caller's, or all of the caller's. nil is every
// domain, for an administrator who names none.
func (req *request) domains(who annuaire.Caller) ([]string, error) {
	asked := req.values["domain"]
	if len(asked) == 0 {
		if who.Has(annuaire.RoleAdmin) {
			return nil, nil
		}
		return ownDomains(who), nil
	}
	for _, d := range asked {
		if !who.Has(annuaire.RoleAdmin) && !slices.Contains(ownDomains(who), d) {
			return nil, annuaire.Errorf(annuaire.CodeForbidden, "domain", "ce domaine n'est pas l'un des vôtres", "this domain is not one of yours", nil).Because(ruleDomainNotYours)
		}
	}
	return asked, nil
}

// ownDomains are those of an operator, as boxes have them.
func ownDomains(who annuaire.Caller) []string {
	out := []string{}
	if who.Has(annuaire.RoleOperator) {
		for _, d := range who.Domains {
			if u, err := mailaddr.Unicode(d); err == nil {
				d = u
			}
			out = append(out, d)
		}
	}
	return out
}

// wanted is the filter of a list of boxes.
func (req *request) wanted() func(*annuaire.Registered) bool {
	states, kinds := req.values["state"], req.values["kind"]
	return func(b *annuaire.Registered) bool {
		if len(kinds) > 0 && !slices.Contains(kinds, string(b.Kind)) {
			return false
		}
		return len(states) == 0 || slices.Contains(states, boxState(b)) || b.RedListed() && slices.Contains(states, stateRedListed)
	}
}

// myMailboxes lists the boxes of the caller: of the domains of an operator, of an administrator all, of a professional their own.
func (s *Server) myMailboxes(c echo.Context, req *request) error {
	who, ctx := callerOf(c), c.Request().Context()
	limit := req.number("limit", annuaire.DefaultLimit)
	keep := req.wanted()
	var boxes []annuaire.Registered
	professional := !who.Has(annuaire.RoleOperator) && !who.Has(annuaire.RoleAdmin)
	if professional {
		all, err := s.opts.Registry.BoxesOf(ctx, who)
		if err != nil {
			return err
		}
		slices.SortFunc(all, func(a, b annuaire.Registered) int { return strings.Compare(a.Address, b.Address) })
		boxes = lo.Filter(all, func(b annuaire.Registered, _ int) bool { return b.Address > req.first("after", "") && keep(&b) })
	} else {
		domains, err := req.domains(who)
		if err != nil {
			return err
		}
		if boxes, err = s.opts.Registry.BoxesIn(ctx, who, domains, req.first("after", ""), limit+1, keep); err != nil {
			return err
		}
	}
	out := pageOf[boxDTO]{Items: []boxDTO{}}
	if len(boxes) > limit {
		boxes = boxes[:limit]
		out.Next = opt(req.route.path + "?" + req.pageAfter(boxes[limit-1].Address))
	}
	for _, b := range boxes {
		d := boxView(b, professional)
		d.ETag = s.opts.Registry.ETag(b)
		out.Items = append(out.Items, d)
	}
	return sendJSON(c, out)
}

// pageAfter is the query string of the next page.
func (req *request) pageAfter(address string) string {
	q := url.Values{}
	for name, values := range req.values {
		if name != "after" {
			q[name] = values
		}
	}
	q.Set("after", address)
	return q.Encode()
}

// formatJSON is one object.
const formatJSON = "json"

// myIndicators is the monthly report of an operator.
func (s *Server) myIndicators(c echo.Context, req *request) error {
	domains, err := req.domains(callerOf(c))
	if err != nil {
		return err
	}
	now := s.opts.Now().UTC()
	from := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	if m := req.first("month", ""); m != "" {
		from, _ = time.Parse(monthLayout, m) // the kind has looked
	}
	if from.After(now) {
		return invalid("month", "ce mois n'a pas commencé.", "this month has not begun.")
	}
	all, err := s.opts.Registry.Indicators(c.Request().Context(), domains, from, from.AddDate(0, 1, 0))
	if err != nil {
		return err
	}
	if all == nil {
		all = []annuaire.Indicators{}
	}
	if req.first("format", formatJSON) == formatCSV {
		return indicatorsCSV(c, from, all)
	}
	return sendJSON(c, struct {
		Month string                `json:"month"`
		Items []annuaire.Indicators `json:"items"`
	}{from.Format(monthLayout), all})
}

func indicatorsCSV(c echo.Context, month time.Time, all []annuaire.Indicators) error {
	rows := [][]string{{"month", "domain", "per", "org", "cab", "app", "red_list", "created", "closed", "orphaned"}}
	for _, i := range all {
		row := []string{month.Format(monthLayout), i.Domain}
		for _, k := range kindsOfBoxes {
			row = append(row, strconv.Itoa(i.Boxes[k]))
		}
		for _, n := range []int{i.RedList, i.Created, i.Closed, i.Orphaned} {
			row = append(row, strconv.Itoa(n))
		}
		rows = append(rows, row)
	}
	return newStream(c, mimeCSV).table(rows)
}

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
	out := struct {
		ID       string     `json:"id"`
		Eligible bool       `json:"eligible"`
		Reasons  []string   `json:"reasons"`
		Detail   []string   `json:"detail"`
		Cards    *time.Time `json:"cards_as_of"` // of the extract of cards; null: none is known, and a card is no condition
	}{e.ID, e.Eligible, e.Reasons, []string{}, instant(e.Cards)}
	if out.Reasons == nil {
		out.Reasons = []string{}
	}
	for _, r := range out.Reasons {
		out.Detail = append(out.Detail, reasonTexts[r].in(english))
	}
	return sendJSON(c, out)
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

const monthLayout = "2006-01"

func parseMonth(p *param, v string) (string, *fault) {
	if t, err := time.Parse(monthLayout, v); err != nil || t.Year() < 2000 {
		return "", invalid(p.name, "« %s » : un mois est attendu, comme 2026-11.", "%q: a month is expected, as 2026-11.", echoed(v))
	}
	return v, nil
}

func parseDomain(p *param, v string) (string, *fault) {
	d, err := mailaddr.Unicode(v)
	if err != nil {
		return "", invalid(p.name, "« %s » n'est pas un domaine de messagerie.", "%q is not a mail domain.", echoed(v))
	}
	return d, nil
}
