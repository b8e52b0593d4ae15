package alert

import (
	"context"
	"slices"
	"strings"

	"github.com/samber/lo"

	"annuaire"
	"annuaire/internal/alert/audience"
	"annuaire/internal/store"
)

// Desk is where audiences are kept and looked at. Safe for concurrent use.
type Desk struct {
	ledger *store.Ledger
	dir    Directory
	hidden Hidden // nil: there is no registry, and nothing hidden
	policy Policy
}

// New returns the desk of a directory.
func New(ledger *store.Ledger, dir Directory, hidden Hidden, policy Policy) *Desk {
	return &Desk{ledger, dir, hidden, policy}
}

// Read reads an audience in either form: a text, or JSON where it begins with a brace.
func Read(form string) (audience.Audience, error) {
	if strings.HasPrefix(strings.TrimSpace(form), "{") {
		return audience.ParseJSON([]byte(form))
	}
	return audience.Parse(form)
}

// aim is an audience understood, and the question that it puts to the directory.
type aim struct {
	text    string
	meaning audience.Meaning
	ask     annuaire.Selection
	boxes   map[string][]Box // on the red list, by holder
}

// aim understands an audience and asks the registry who has a mailbox that is not published.
func (d *Desk) aim(ctx context.Context, a audience.Audience) (*aim, error) {
	m, err := a.Resolve()
	if err != nil {
		return nil, err
	}
	out := &aim{text: a.String(), meaning: m, boxes: map[string][]Box{}}
	out.ask = annuaire.Selection{Where: m.Where, Counted: m.Counted, Kinds: personalOf(m.Kinds), Places: out.services()}
	if d.hidden == nil || !d.policy.RedListed {
		return out, nil
	}
	err = d.hidden.EachHidden(func(h annuaire.Mailbox) error {
		b := hidden(&h)
		if _, ok := choose([]Box{b}, m.Kinds, d.policy); !ok {
			return ctx.Err()
		}
		for _, holder := range h.Owners {
			if out.boxes[holder] == nil {
				out.ask.Hidden = append(out.ask.Hidden, holder)
			}
			out.boxes[holder] = append(out.boxes[holder], b)
		}
		return ctx.Err()
	})
	return out, err
}

// services reports whether mailboxes of services are asked for.
func (a *aim) services() bool { return slices.Contains(a.meaning.Kinds, annuaire.KindORG) }

// personalOf returns the kinds that people hold; nil for all of those.
func personalOf(kinds []annuaire.MailboxKind) []annuaire.MailboxKind {
	out := lo.Filter(kinds, func(k annuaire.MailboxKind, _ int) bool { return personal(k) })
	switch len(out) {
	case 2:
		return nil
	case 0:
		return []annuaire.MailboxKind{annuaire.KindORG} // nobody holds one
	}
	return out
}
