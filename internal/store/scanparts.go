package store

import "annuaire"

// What records are made of.

func (s *scanner) coded() (c annuaire.Coded) {
	for e := s.entries(); e.next(s); {
		switch e.key {
		case 1:
			c.Code = s.str()
		case 2:
			c.Label = s.str()
		default:
			s.bad = true
		}
	}
	return c
}

// typed is a code with its type: a savoir-faire, a diploma.
func (s *scanner) typed() (c annuaire.Coded, kind string) {
	for e := s.entries(); e.next(s); {
		switch e.key {
		case 1:
			c.Code = s.str()
		case 2:
			c.Label = s.str()
		case 3:
			kind = s.str()
		default:
			s.bad = true
		}
	}
	return c, kind
}

func (s *scanner) specialty() annuaire.Specialty {
	c, kind := s.typed()
	return annuaire.Specialty{Coded: c, Type: kind}
}

func (s *scanner) diploma() annuaire.Diploma {
	c, kind := s.typed()
	return annuaire.Diploma{Coded: c, Type: kind}
}

func (s *scanner) authorisation() (a annuaire.Authorisation) {
	for e := s.entries(); e.next(s); {
		switch e.key {
		case 1:
			a.Type = s.coded()
		case 2:
			a.Discipline = s.coded()
		default:
			s.bad = true
		}
	}
	return a
}

func (s *scanner) practice() (p annuaire.Practice) {
	for e := s.entries(); e.next(s); {
		switch e.key {
		case 1:
			p.Profession = s.coded()
		case 2:
			p.Category = s.coded()
		case 3:
			p.Specialties = list(s, (*scanner).specialty)
		case 4:
			p.Diplomas = list(s, (*scanner).diploma)
		case 5:
			p.Authorisations = list(s, (*scanner).authorisation)
		default:
			s.bad = true
		}
	}
	return p
}

func (s *scanner) activity() (a annuaire.Activity) {
	for e := s.entries(); e.next(s); {
		switch e.key {
		case 1:
			a.Profession = s.str()
		case 2:
			a.Category = s.str()
		case 3:
			a.Mode = s.coded()
		case 4:
			a.Sector = s.coded()
		case 5:
			a.Section = s.coded()
		case 6:
			a.Role = s.coded()
		case 7:
			a.Genre = s.coded()
		case 8:
			a.Authority = s.str()
		case 9:
			a.Structure = s.structureRef()
		case 10:
			a.Address = s.address()
		case 11:
			a.Phones = strs(s)
		default:
			s.bad = true
		}
	}
	return a
}

func (s *scanner) structureRef() *annuaire.StructureRef {
	r := &annuaire.StructureRef{}
	for e := s.entries(); e.next(s); {
		switch e.key {
		case 1:
			r.ID = s.str()
		case 2:
			r.Name = s.str()
		case 3:
			r.TradeName = s.str()
		case 4:
			r.FINESS = s.str()
		case 5:
			r.FINESSEJ = s.str()
		case 6:
			r.SIREN = s.str()
		case 7:
			r.SIRET = s.str()
		default:
			s.bad = true
		}
	}
	return r
}

func (s *scanner) address() *annuaire.Address {
	a := &annuaire.Address{}
	for e := s.entries(); e.next(s); {
		switch e.key {
		case 1:
			a.Lines = strs(s)
		case 2:
			a.PostalCode = s.str()
		case 3:
			a.City = s.str()
		case 4:
			a.INSEE = s.str()
		case 5:
			a.Department = s.coded()
		case 6:
			a.Region = s.coded()
		case 7:
			a.Country = s.coded()
		case 8:
			a.Street = s.str()
		default:
			s.bad = true
		}
	}
	return a
}

func (s *scanner) attachment() (a annuaire.Attachment) {
	for e := s.entries(); e.next(s); {
		switch e.key {
		case 1:
			a.IDType = s.str()
		case 2:
			a.ID = s.str()
		case 3:
			a.Name = s.str()
		case 4:
			a.TradeName = s.str()
		case 5:
			a.Service = s.str()
		case 6:
			a.Address = s.address()
		default:
			s.bad = true
		}
	}
	return a
}
