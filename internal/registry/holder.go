package registry

import (
	"annuaire"
	"annuaire/internal/names"
	"annuaire/internal/overlay"
)

// holderOf checks that the holder of a box is who the operator says: someone active under exactly these names (case, accents and signs aside),
// or social-care staff that a registrar handed over. It never tells what the directory has.
func holderOf(s *overlay.State, b *annuaire.Registered) (social bool, err error) {
	if b.Holder == "" {
		return false, nil
	}
	p, ok, err := s.Person(b.Holder)
	if err != nil {
		return false, err
	}
	family, given := p.Family, p.Given
	if !ok && b.Kind == annuaire.KindPER {
		var st annuaire.Staff
		if st, social, err = staff.Get(s.Tx, b.Holder); err != nil {
			return false, err
		}
		family, given = st.Family, st.Given
	}
	if !ok && !social {
		return false, broken("holder_unknown", "holder", "aucun professionnel actif de ce numéro dans l'annuaire", "no active professional of that number in the directory")
	}
	return social, sameNames(b, family, given)
}

func sameNames(b *annuaire.Registered, family, given string) error {
	for _, n := range []struct{ op, said, is string }{{"family", b.Family, family}, {"given", b.Given, given}} {
		if names.Fold(n.said) != names.Fold(n.is) {
			return broken("name_mismatch", n.op, "ce n'est pas celui sous lequel cette personne exerce (un nom de naissance est refusé)",
				"that is not the one under which this person practises (a birth name is refused)")
		}
	}
	return nil
}
