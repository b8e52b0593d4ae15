package registry

import (
	"cmp"
	"context"
	"strings"
	"time"

	"annuaire"
	"annuaire/internal/mailaddr"
	"annuaire/internal/store"
)

// Persons is the directory of who is there now.
type Persons interface {
	// Professional returns a person by IdNatPP, with their published mailboxes; CodeNotFound, or CodeGone for who has left.
	Professional(ctx context.Context, id string) (annuaire.Item[annuaire.Professional], error)
	// SearchProfessionals finds people.
	SearchProfessionals(ctx context.Context, q annuaire.Query) (annuaire.Page[annuaire.Professional], error)
}

// Outbox sends what people are to be told.
type Outbox interface {
	Put(tx *store.Tx, n annuaire.Notice) error
	Wake()
	Forget(tx *store.Tx, person string) (int, error)
	Waiting(tx *store.Tx, person string) ([]string, error)
}

// PersonalOptions are the settings of Personal.
type PersonalOptions struct {
	Registry *Registry        // of the boxes, which an erasure removes; nil: there are none to remove
	Policy   func() Policy    // the one in force: what may be delegated, the white list, the version of the terms; nil: that of Registry
	Now      func() time.Time // nil: time.Now

	// ForgetAnswers removes the answers kept for whoever asks again that an erasure is about; nil: none are kept.
	ForgetAnswers func(tx *store.Tx, about func(body []byte) bool) error
}

// Personal is what people have here beyond their boxes: the delegations they give and hold, and their account. It is safe for concurrent use.
type Personal struct {
	ledger *store.Ledger
	people Persons
	outbox Outbox
	opts   PersonalOptions
}

// NewPersonal returns the one of a ledger. outbox is nil where nobody is told anything.
func NewPersonal(l *store.Ledger, people Persons, outbox Outbox, o PersonalOptions) *Personal {
	switch {
	case o.Policy != nil:
	case o.Registry != nil:
		o.Policy = o.Registry.Policy
	default:
		o.Policy = func() Policy { return Policy{} }
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if outbox == nil {
		outbox = silent{}
	}
	return &Personal{ledger: l, people: people, outbox: outbox, opts: o}
}

// silent tells nobody anything.
type silent struct{}

func (silent) Put(*store.Tx, annuaire.Notice) error              { return nil }
func (silent) Wake()                                             {}
func (silent) Forget(*store.Tx, string) (int, error)             { return 0, nil }
func (silent) Waiting(*store.Tx, string) (out []string, _ error) { return nil, nil }

// terms is the version in force.
func (p *Personal) terms() string { return cmp.Or(p.opts.Policy().Terms, "1") }

func (p *Personal) now() time.Time { return p.opts.Now().UTC().Truncate(time.Second) }

// party looks somebody up. Who is absent has no name; any other failure is an error.
func (p *Personal) party(ctx context.Context, id string) (annuaire.Party, error) {
	out := annuaire.Party{ID: id, RPPS: annuaire.RPPSOf(id)}
	it, err := p.people.Professional(ctx, id)
	switch annuaire.CodeOf(err) {
	case annuaire.CodeNotFound, annuaire.CodeGone:
		return out, nil
	}
	if err != nil {
		return out, err
	}
	out.Present, out.Family, out.Given = true, it.Value.Family, it.Value.Given
	if len(it.Value.Practices) > 0 {
		out.Profession = it.Value.Practices[0].Profession
	}
	return out, nil
}

// holder looks up who holds a box. Social-care staff are in no extract: their names are those that their registrar gave.
func (p *Personal) holder(ctx context.Context, b *annuaire.Registered) (annuaire.Party, error) {
	out, err := p.party(ctx, b.Holder)
	if b.Social && !out.Present {
		out.Family, out.Given = b.Family, b.Given
	}
	return out, err
}

// boxesHeldBy returns the boxes of a holder, by address.
func boxesHeldBy(tx *store.Tx, holder string) (out []annuaire.Registered, err error) {
	err = boxesHeld.Keys(tx, pair(holder, ""), "", func(key string) (bool, error) {
		_, address, _ := strings.Cut(key, "\x00")
		b, ok, err := boxes.Get(tx, address)
		if ok {
			out = append(out, b)
		}
		return true, err
	})
	return out, err
}

// rppsID reads an identifier of somebody with an RPPS: 11 digits, or 12 that begin with 8. Check digits are not looked at.
func rppsID(s string) (id string, ok bool) {
	id, ok = annuaire.NationalID(s)
	return id, ok && annuaire.RPPSOf(id) != "" && strings.Trim(id, "0123456789") == ""
}

// operates reports whether a caller is the operator of a box, whichever way domains are written.
func operates(who annuaire.Caller, domain string) bool {
	if domain == "" {
		return false
	}
	if who.Operates(domain) {
		return true
	}
	ascii, err := mailaddr.ASCII(domain)
	return err == nil && who.Operates(ascii)
}

// isPerson reports whether a caller is that professional.
func isPerson(who annuaire.Caller, id string) bool {
	return id != "" && who.Has(annuaire.RoleProfessional) && who.Professional == id
}
