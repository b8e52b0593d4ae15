package alert

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"annuaire"
	"annuaire/internal/alert/audience"
)

// Recipient is one message to send: an address, and the people whom it is for.
type Recipient struct {
	Address    string
	Kind       annuaire.MailboxKind
	Person     string   // IdNatPP; "" for a mailbox of a service
	Others     []string // of a mailbox that several share, in their order
	RedListed  bool
	Profession string // of Person, in an activity for which they are selected
	Department string
}

// Frozen is a list of recipients that changes no more, and what it was made from.
type Frozen struct {
	Text          string    // of the audience, canonical
	Seq           uint64    // of the directory
	AsOf          time.Time // of the extract
	Selected      int       // people
	People        int       // of them, those with a recipient
	Organisations int
	RedListed     int         // recipients
	Recipients    []Recipient // by address
}

// Freeze makes the list of recipients as it is now: each person once, at the mailbox that choose chooses; each address once. An audience
// that reaches nobody is refused.
func (d *Desk) Freeze(ctx context.Context, a audience.Audience) (*Frozen, error) {
	am, err := d.aim(ctx, a)
	if err != nil {
		return nil, err
	}
	am.ask.Detail = []annuaire.Field{annuaire.FieldProfession, annuaire.FieldDepartment}
	f := &Frozen{Text: am.text}
	err = d.dir.SelectBoxes(ctx, am.ask, func(sel annuaire.Selected, boxes annuaire.BoxReader) error {
		f.Seq, f.AsOf, f.Selected = sel.Seq, sel.AsOf, len(sel.IDs)
		if err := f.people(ctx, am, d.policy, sel, boxes); err != nil {
			return err
		}
		if am.services() {
			return eachService(sel, boxes, func(m *annuaire.Mailbox) error {
				f.Organisations++
				f.Recipients = append(f.Recipients, Recipient{Address: m.Address, Kind: m.Kind})
				return nil
			})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	f.settle()
	if len(f.Recipients) == 0 {
		return nil, annuaire.Invalid("audience", "l'audience n'atteint personne", "the audience reaches nobody").Because("audience_unreachable")
	}
	return f, nil
}

// people chooses a mailbox for everyone who is reached.
func (f *Frozen) people(ctx context.Context, am *aim, policy Policy, sel annuaire.Selected, boxes annuaire.BoxReader) error {
	var all []Box
	for i, id := range sel.IDs {
		if i%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if sel.Reach[i] == 0 {
			continue
		}
		all = append(all[:0], am.boxes[id]...)
		if sel.Reach[i]&annuaire.ReachPublished != 0 {
			open, err := boxes.Of(id)
			if err != nil {
				return err
			}
			for _, h := range open {
				if !slices.ContainsFunc(am.boxes[id], func(b Box) bool { return b.Address == h.Address }) { // put on the red list since
					all = append(all, published(h))
				}
			}
		}
		b, ok := choose(all, am.meaning.Kinds, policy)
		if !ok {
			continue
		}
		f.People++
		f.Recipients = append(f.Recipients, Recipient{Address: b.Address, Kind: b.Kind, Person: id, RedListed: b.RedListed,
			Profession: sel.Detail[annuaire.FieldProfession][i], Department: sel.Detail[annuaire.FieldDepartment][i]})
	}
	return nil
}

// settle sorts by address, and joins those who share one.
func (f *Frozen) settle() {
	slices.SortFunc(f.Recipients, func(a, b Recipient) int {
		return cmp.Or(strings.Compare(a.Address, b.Address), strings.Compare(a.Person, b.Person))
	})
	out := f.Recipients[:0]
	for _, r := range f.Recipients {
		if last := len(out) - 1; last >= 0 && out[last].Address == r.Address {
			out[last].Others = append(out[last].Others, r.Person)
			continue
		}
		if r.RedListed {
			f.RedListed++
		}
		out = append(out, r)
	}
	f.Recipients = out
}
