package run

import (
	"context"
	"strconv"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
)

// Canary is a question with an answer that must hold before anything is published: at least so many people.
type Canary struct {
	Name  string // as configured, for the report
	Where annuaire.Expr
	Least int
}

// ask puts the question to a generation that nobody reads yet. An annuaire.InputError: an extract that brings this is at fault.
func (c Canary) ask(ctx context.Context, g *directory.Generation) error {
	n, err := count(ctx, g, c.Where)
	if err == nil && n < c.Least {
		err = c.dead(strconv.Itoa(n))
	}
	return err
}

func (c Canary) dead(found string) error {
	return &annuaire.InputError{Err: annuaire.Invalid("canary", "contrôle « %s » : %s personnes trouvées, %d attendues au moins ; rien n'est publié",
		"canary %q: %s people found, at least %d expected; nothing is published", c.Name, found, c.Least)}
}

func count(ctx context.Context, g *directory.Generation, where annuaire.Expr) (int, error) {
	res, err := g.People.Search(ctx, annuaire.Query{Where: where, Limit: 1})
	return res.Total, err
}

// perQuestion is how many people are asked after in one question.
const perQuestion = 500

// vouched reports whether every canary is sure to live in a generation that is changed in place: as many people as it asks for match
// before, and neither leave nor change. One that is not sure is not dead: it has to be asked in a generation built aside.
func (s *session) vouched(ctx context.Context, g *directory.Generation, entries []store.Entry) (bool, error) {
	if len(s.Canaries) == 0 {
		return true, nil
	}
	var touched []annuaire.Expr
	seen := map[string]bool{}
	touch := func(id string) {
		if !seen[id] {
			seen[id] = true
			touched = append(touched, annuaire.Equals(annuaire.FieldID, id))
		}
	}
	for _, e := range entries {
		switch {
		case e.Kind == annuaire.KindPerson && e.Op != annuaire.Created:
			touch(e.ID)
		case e.Kind == annuaire.KindMailbox: // its holders are found by it
			for _, id := range e.People {
				touch(id)
			}
		}
	}
	for _, c := range s.Canaries {
		sure, err := count(ctx, g, c.Where)
		if err != nil {
			return false, err
		}
		for rest := touched; len(rest) > 0 && sure >= c.Least; {
			n := min(perQuestion, len(rest))
			lost, err := count(ctx, g, annuaire.And(c.Where, annuaire.Or(rest[:n]...)))
			if err != nil {
				return false, err
			}
			sure, rest = sure-lost, rest[n:]
		}
		if sure < c.Least {
			return false, nil
		}
	}
	return true, nil
}
