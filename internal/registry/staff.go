package registry

import (
	"context"

	"annuaire"
	"annuaire/internal/overlay"
)

// HandOver takes somebody from a registrar, anew or with other names. The contact address goes to their account, unless they have given one
// themselves since. Errors name their rule.
func (r *Registry) HandOver(_ context.Context, caller annuaire.Caller, who annuaire.Staff) (created bool, err error) {
	if !caller.Has(annuaire.RoleRegistrar) {
		return false, forbidden("not_registrar", "", "réservé aux organismes d'enregistrement", "for registrars only")
	}
	if err := r.staffFields(&who); err != nil {
		return false, err
	}
	who.Registrar = caller.ID
	_, err = r.dir.Change(func(s *overlay.State) error {
		if _, there, err := s.Person(who.ID); err != nil || there {
			if there {
				err = conflict("staff_in_directory", "id", "cette personne figure dans l'annuaire : son opérateur l'inscrit directement", "this person is in the directory: their operator registers them directly")
			}
			return err
		}
		old, known, err := staff.Get(s.Tx, who.ID)
		if err != nil {
			return err
		}
		created = !known
		if err := r.giveAccount(s, who); err != nil {
			return err
		}
		kept := who
		kept.Contact, kept.Mobile, kept.Terms = "", "", ""
		if known && old == kept {
			return nil
		}
		if err := staff.Put(s.Tx, who.ID, kept); err != nil {
			return err
		}
		e := caller.Event("staff.hand_over", who.ID)
		if known {
			e.Before = old
		}
		e.After = kept
		return s.Audit(e)
	})
	return created, err
}

func (r *Registry) staffFields(who *annuaire.Staff) (err error) {
	id, ok := annuaire.NationalID(who.ID)
	if !ok || annuaire.RPPSOf(id) == "" {
		return broken("holder_invalid", "id", "un identifiant national (8 + 11 chiffres) est attendu", "a national identifier (8 + 11 digits) is expected")
	}
	who.ID = id
	for op, s := range map[string]*string{"family": &who.Family, "given": &who.Given} {
		if err := text(op, s, maxName); err != nil {
			return err
		}
		if *s == "" {
			return broken("text_invalid", op, "ce champ est nécessaire", "this field is needed")
		}
	}
	if err := text("terms", &who.Terms, maxTerms); err != nil {
		return err
	}
	if who.Mobile, err = phone("mobile_invalid", "mobile", who.Mobile); err != nil {
		return err
	}
	p := r.Policy()
	who.Contact, err = p.contactAddress(who.Contact)
	return err
}

// giveAccount makes the account of somebody handed over. One that is there is its owner's.
func (r *Registry) giveAccount(s *overlay.State, who annuaire.Staff) error {
	_, there, err := accounts.Get(s.Tx, who.ID)
	if err != nil || there {
		return err
	}
	now := r.now()
	return accounts.Put(s.Tx, who.ID, annuaire.Account{ID: who.ID, Contact: who.Contact, Mobile: who.Mobile, Terms: who.Terms, Accepted: now,
		Created: now, Changed: now, Version: 1})
}
