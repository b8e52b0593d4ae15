package dispatch

import (
	"context"
	"strings"

	"annuaire"
	"annuaire/internal/alert"
	"annuaire/internal/alert/spool"
	"annuaire/internal/store"
)

// Aim is Audiences over the audiences of the directory (package alert).
type Aim struct {
	open, hidden *alert.Desk // without and with mailboxes on the red list
	redList      bool        // whether alerts may ask for those: policy of the authority
}

// NewAim returns the Aim of a directory. hidden is nil where there is no registry.
func NewAim(l *store.Ledger, dir alert.Directory, hidden alert.Hidden, redList bool) *Aim {
	return &Aim{open: alert.New(l, dir, hidden, alert.Policy{}), hidden: alert.New(l, dir, hidden, alert.Policy{RedListed: true}), redList: redList}
}

// Read implements Audiences.
func (m *Aim) Read(ctx context.Context, form string) (string, error) {
	if name, ok := strings.CutPrefix(form, "@"); ok {
		s, err := m.open.Audience(ctx, name, 0)
		if err != nil {
			return "", err
		}
		form = s.Text
	}
	a, err := alert.Read(form)
	if err == nil {
		_, err = a.Resolve() // codes that do not exist are found now, not when people are to be reached
	}
	if err != nil {
		return "", err
	}
	return a.String(), nil
}

// desk is the one that reaches the mailboxes that a selection asks for.
func (m *Aim) desk(s Selection) (*alert.Desk, error) {
	switch {
	case s.RedList && !m.redList:
		return nil, forbidden("red_list_not_allowed", "red_list", "cette instance n'écrit pas aux boîtes en liste rouge : [alert] red_list de la configuration.",
			"this instance does not write to red-listed mailboxes: [alert] red_list of the configuration.")
	case s.RedList:
		return m.hidden, nil
	}
	return m.open, nil
}

// Look implements Audiences.
func (m *Aim) Look(ctx context.Context, s Selection) (p annuaire.AudiencePreview, err error) {
	d, err := m.desk(s)
	if err != nil {
		return p, err
	}
	a, err := alert.Read(s.Audience)
	if err != nil {
		return p, err
	}
	p, err = d.Preview(ctx, a, annuaire.PreviewOptions{Seed: alert.RandomSeed()})
	if !s.Exact {
		p = alert.Coarse(p)
	}
	return p, err
}

// Freeze implements Audiences.
func (m *Aim) Freeze(ctx context.Context, s Selection) (z Frozen, err error) {
	s.Exact = true
	if z.AudiencePreview, err = m.Look(ctx, s); err != nil || messages(z.AudiencePreview) == 0 {
		return z, err
	}
	d, err := m.desk(s)
	if err != nil {
		return z, err
	}
	a, err := alert.Read(s.Audience)
	if err != nil {
		return z, err
	}
	f, err := d.Freeze(ctx, a)
	if err != nil {
		return z, err
	}
	z.Text, z.Selected, z.Seq, z.AsOf = f.Text, f.Selected, f.Seq, f.AsOf
	z.List = func(yield func(spool.Recipient, error) bool) {
		for _, r := range f.Recipients {
			if !yield(spool.Recipient{Address: r.Address, ID: r.Person, Department: r.Department, Profession: r.Profession, RedListed: r.RedListed}, nil) {
				return
			}
		}
	}
	return z, nil
}
