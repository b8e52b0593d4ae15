package store

import "annuaire"

// The records, by the numbers of their fields (the tags of the domain types).

func (s *scanner) professional() (p annuaire.Professional) {
	for e := s.entries(); e.next(s); {
		switch e.key {
		case 1:
			p.ID = s.str()
		case 2:
			p.Civility = s.str()
		case 3:
			p.Title = s.str()
		case 4:
			p.Family = s.str()
		case 5:
			p.Given = s.str()
		case 6:
			p.Practices = list(s, (*scanner).practice)
		case 7:
			p.Activities = list(s, (*scanner).activity)
		default:
			s.bad = true
		}
	}
	return p
}

func (s *scanner) structure() (st annuaire.Structure) {
	for e := s.entries(); e.next(s); {
		switch e.key {
		case 1:
			st.ID = s.str()
		case 2:
			st.FormerID = s.str()
		case 3:
			st.FINESS = s.str()
		case 4:
			st.FINESSEJ = s.str()
		case 5:
			st.SIREN = s.str()
		case 6:
			st.SIRET = s.str()
		case 7:
			st.Name = s.str()
		case 8:
			st.TradeName = s.str()
		case 9:
			st.Sector = s.coded()
		case 10:
			st.Address = s.address()
		case 11:
			st.Phones = strs(s)
		case 12:
			st.Fax = s.str()
		case 13:
			st.Emails = strs(s)
		default:
			s.bad = true
		}
	}
	return st
}

func (s *scanner) mailbox() (m annuaire.Mailbox) {
	for e := s.entries(); e.next(s); {
		switch e.key {
		case 1:
			m.Address = s.str()
		case 2:
			m.Kind = annuaire.MailboxKind(s.str())
		case 3:
			m.Owners = strs(s)
		case 4:
			m.Rank = s.head(majorNumber)
		case 5:
			m.Family = s.str()
		case 6:
			m.Given = s.str()
		case 7:
			m.Profession = s.coded()
		case 8:
			m.Description = s.str()
		case 9:
			yes := s.truth()
			m.Paperless = &yes
		case 10:
			m.Attachments = list(s, (*scanner).attachment)
		case 11:
			m.Phone = s.str()
		case 12:
			m.Registered = s.truth()
		default:
			s.bad = true
		}
	}
	return m
}
