package run

import (
	"context"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
)

// The ways of grouping.
const (
	byAll        = "all"
	byProfession = "profession"
	byDepartment = "department"
	byDomain     = "domain"
)

// fieldsBy are the criteria that groups with labels are made by.
var fieldsBy = map[string]annuaire.Field{byProfession: annuaire.FieldProfession, byDepartment: annuaire.FieldDepartment}

// groupsOf are the groups that the record of an entry was in before.
func groupsOf(old directory.National, e store.Entry) ([]group, error) {
	out := []group{{dimension{e.Kind, byAll}, ""}}
	switch e.Kind {
	case annuaire.KindPerson:
		p, _, err := old.Person(e.ID)
		for by, codes := range groupsOfPerson(p) {
			for code := range codes {
				out = append(out, group{dimension{e.Kind, by}, code})
			}
		}
		return out, err
	case annuaire.KindStructure:
		s, _, err := old.Structure(e.ID)
		if s.Address != nil && s.Address.Department.Code != "" {
			out = append(out, group{dimension{e.Kind, byDepartment}, s.Address.Department.Code})
		}
		return out, err
	default:
		return append(out, group{dimension{e.Kind, byDomain}, annuaire.DomainOf(e.ID)}), nil
	}
}

func groupsOfPerson(p annuaire.Professional) map[string]map[string]bool {
	out := map[string]map[string]bool{byProfession: {}, byDepartment: {}}
	for _, pr := range p.Practices {
		out[byProfession][pr.Profession.Code] = true
	}
	for _, a := range p.Activities {
		if a.Address != nil && a.Address.Department.Code != "" {
			out[byDepartment][a.Address.Department.Code] = true
		}
	}
	return out
}

// sizes are the members of each group of the generation in use. Those of a dimension are counted when first asked for: by the indexes, in
// milliseconds, or, where these are closed (see directory.Peek), record by record.
type sizes struct {
	ctx   context.Context
	g     *directory.Generation
	old   directory.National
	known map[dimension]map[string]int
}

func (s *sizes) of(d dimension) (map[string]int, error) {
	if m, ok := s.known[d]; ok {
		return m, nil
	}
	m, err := s.count(d)
	s.known[d] = m
	return m, err
}

func (s *sizes) count(d dimension) (map[string]int, error) {
	field := annuaire.FieldProfession
	if d.by == byDepartment {
		field = annuaire.FieldDepartment
	}
	switch {
	case d.by == byAll:
		n, err := s.old.Count(d.kind)
		return map[string]int{"": n}, err
	case d.by == byDomain:
		out := map[string]int{}
		return out, s.old.EachMailboxPrint(func(address string, _ store.Print) error {
			out[annuaire.DomainOf(address)]++
			return nil
		})
	case s.g.People == nil:
		return s.read(d)
	case d.kind == annuaire.KindStructure:
		return s.g.Places.Structures.Sizes(s.ctx, field)
	}
	return s.g.People.Sizes(s.ctx, field)
}

func (s *sizes) read(d dimension) (map[string]int, error) {
	out := map[string]int{}
	if d.kind == annuaire.KindStructure {
		err := s.old.EachStructure(func(st annuaire.Structure) error {
			if st.Address != nil && st.Address.Department.Code != "" {
				out[st.Address.Department.Code]++
			}
			return s.ctx.Err()
		})
		return out, err
	}
	err := s.old.EachPerson(func(p annuaire.Professional) error {
		for code := range groupsOfPerson(p)[d.by] {
			out[code]++
		}
		return s.ctx.Err()
	})
	return out, err
}
