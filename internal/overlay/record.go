package overlay

import (
	"time"

	"annuaire"
	"annuaire/internal/store"
)

// Record is what is published of a registered box. holder and site are what the directory knows of its holder and its structure, nil where
// it knows nothing: their names are those of the directory, whatever the operator wrote.
func Record(r *annuaire.Registered, holder *annuaire.Professional, site *annuaire.Structure) annuaire.Mailbox {
	m := annuaire.Mailbox{Address: r.Address, Kind: r.Kind, Rank: r.Rank, Description: r.Description, Registered: true}
	if r.Holder != "" {
		m.Owners = []string{r.Holder}
		m.Family, m.Given = r.Family, r.Given
	}
	if holder != nil {
		m.Family, m.Given = holder.Family, holder.Given
		if len(holder.Practices) > 0 {
			m.Profession = holder.Practices[0].Profession
		}
	}
	if !r.PhoneHidden() {
		m.Phone = r.Phone
	}
	if r.Structure != nil || r.Service != "" {
		m.Attachments = []annuaire.Attachment{attachment(r, site)}
	}
	return m
}

// typeDigit is the type of an identifier of a structure in TRE_G07, which the extract writes before the number.
var typeDigit = map[string]string{"FINESS": "1", "SIREN": "2", "SIRET": "3", "RPPS-rang": "4"}

func attachment(r *annuaire.Registered, site *annuaire.Structure) annuaire.Attachment {
	a := annuaire.Attachment{Service: r.Service}
	if r.Structure != nil {
		a.IDType = typeDigit[r.Structure.Type]
		a.ID = a.IDType + r.Structure.ID
	}
	if site != nil {
		a.Name, a.TradeName, a.Address = site.Name, site.TradeName, site.Address
	}
	return a
}

// pack returns a record in stored form. Its source is the time at which the box changed, and no run; its print says so too (no rows).
func pack(m *annuaire.Mailbox, changed time.Time) Covered {
	body, digest := store.Body(m)
	return Covered{Record: store.Pack(body, annuaire.Source{Extract: changed}), Print: store.Print{Content: digest}}
}

func ownersOf(c *Covered) ([]string, error) {
	if c == nil {
		return nil, nil
	}
	var m annuaire.Mailbox
	err := store.Unpack(c.Record, &m)
	return m.Owners, err
}
