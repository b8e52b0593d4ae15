package api

import (
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/samber/lo"

	"annuaire"
	"annuaire/internal/mailaddr"
)

const stateRedListed = "red_listed"

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
	var out pageOf[boxDTO]
	if len(boxes) > limit {
		boxes = boxes[:limit]
		out.Next = opt(at(req.route.path, set(req.pairs, "after", boxes[limit-1].Address)))
	}
	out.Items = lo.Map(boxes, func(b annuaire.Registered, _ int) boxDTO {
		d := boxView(b, professional)
		d.ETag = s.opts.Registry.ETag(b)
		return d
	})
	return sendJSON(c, out)
}

func parseDomain(p *param, v string) (string, *fault) {
	d, err := mailaddr.Unicode(v)
	if err != nil {
		return "", invalid(p.name, "« %s » n'est pas un domaine de messagerie.", "%q is not a mail domain.", echoed(v))
	}
	return d, nil
}
