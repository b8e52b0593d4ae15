package alert

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"annuaire"
	"annuaire/internal/alert/audience"
)

// Recipient is one message to send: an address, and the people whom it is for.
type Recipient struct {
	Address    string               `json:"address" cbor:"1,keyasint"`
	Kind       annuaire.MailboxKind `json:"kind" cbor:"2,keyasint"`
	Person     string               `json:"person,omitempty" cbor:"3,keyasint,omitempty"` // IdNatPP; "" for a mailbox of a service
	Others     []string             `json:"others,omitempty" cbor:"4,keyasint,omitempty"` // of a mailbox that several share, in their order
	RedListed  bool                 `json:"red_listed,omitempty" cbor:"5,keyasint,omitempty"`
	Profession string               `json:"profession,omitempty" cbor:"6,keyasint,omitempty"` // of Person, in an activity for which they are selected
	Department string               `json:"department,omitempty" cbor:"7,keyasint,omitempty"`
}

// Frozen is a list of recipients that changes no more, and what it was made from.
type Frozen struct {
	Text          string                     `json:"text"`     // of the audience, canonical
	Terms         []annuaire.AudienceTerm    `json:"terms"`    // what each criterion stood for
	Warnings      []annuaire.AudienceWarning `json:"warnings"` //
	Policy        Policy                     `json:"policy"`
	Seq           uint64                     `json:"sequence"` // of the directory
	AsOf          time.Time                  `json:"as_of"`    // of the extract
	Selected      int                        `json:"selected"` // people
	People        int                        `json:"people"`   // of them, those with a recipient
	Organisations int                        `json:"organisations"`
	RedListed     int                        `json:"red_listed"` // recipients
	SHA256        string                     `json:"sha256"`     // of Digest, in hexadecimal
	Recipients    []Recipient                `json:"-"`          // by address
}

// Freeze makes the list of recipients as it is now: each person once, at the mailbox that Choose chooses; each address once. An audience
// that reaches nobody is refused.
func (d *Desk) Freeze(ctx context.Context, a audience.Audience) (*Frozen, error) {
	am, err := d.aim(ctx, a)
	if err != nil {
		return nil, err
	}
	am.ask.Detail = []annuaire.Field{annuaire.FieldProfession, annuaire.FieldDepartment}
	f := &Frozen{Text: am.text, Terms: am.meaning.Terms, Warnings: am.meaning.Warnings, Policy: d.policy}
	err = d.dir.SelectBoxes(ctx, am.ask, func(sel annuaire.Selected, boxes annuaire.BoxReader) error {
		f.Seq, f.AsOf, f.Selected = sel.Seq, sel.AsOf, len(sel.IDs)
		if err := f.people(ctx, am, sel, boxes); err != nil {
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
func (f *Frozen) people(ctx context.Context, am *aim, sel annuaire.Selected, boxes annuaire.BoxReader) error {
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
		b, ok := Choose(all, am.meaning.Kinds, f.Policy)
		if !ok {
			continue
		}
		f.People++
		f.Recipients = append(f.Recipients, Recipient{Address: b.Address, Kind: b.Kind, Person: id, RedListed: b.RedListed,
			Profession: sel.Detail[annuaire.FieldProfession][i], Department: sel.Detail[annuaire.FieldDepartment][i]})
	}
	return nil
}

// settle sorts by address, joins those who share one, and digests the list.
func (f *Frozen) settle() {
	slices.SortFunc(f.Recipients, func(a, b Recipient) int {
		if c := strings.Compare(a.Address, b.Address); c != 0 {
			return c
		}
		return strings.Compare(a.Person, b.Person)
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
	f.SHA256 = Digest(out)
}

// Digest is the SHA-256, in hexadecimal, of a list sorted by address: of each recipient, a line of address, kind and people, separated by
// tabs and the people by commas. The same recipients have the same digest, whenever and from whatever they were made.
func Digest(list []Recipient) string {
	h := sha256.New()
	var line []byte
	for i := range list {
		r := &list[i]
		line = append(append(append(line[:0], r.Address...), '\t'), r.Kind...)
		line = append(append(line, '\t'), r.Person...)
		for _, o := range r.Others {
			line = append(append(line, ','), o...)
		}
		h.Write(append(line, '\n'))
	}
	return hex.EncodeToString(h.Sum(nil))
}
