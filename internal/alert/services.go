package alert

import (
	"strings"

	"annuaire"
)

// eachService calls fn with every published mailbox of a service attached to a structure of those selected (by FINESS of the site or of
// the legal entity, or by SIRET), each once, by address.
func eachService(sel annuaire.Selected, boxes annuaire.BoxReader, fn func(*annuaire.Mailbox) error) error {
	return boxes.EachOf(annuaire.KindORG, func(m annuaire.Mailbox) error {
		for _, at := range m.Attachments {
			if _, ok := sel.Places[structureNumber(at.ID)]; ok {
				return fn(&m)
			}
		}
		return nil
	})
}

// structureNumber is the FINESS or SIRET number in the identifier of an attachment, as the extract writes it: with or without the type
// digit of TRE_G07 before it.
func structureNumber(id string) string {
	id = strings.ToUpper(strings.ReplaceAll(id, " ", ""))
	switch {
	case len(id) == 10 && (id[0] == '1' || id[0] == 'F'), len(id) == 15 && id[0] == '3':
		return id[1:]
	}
	return id
}
