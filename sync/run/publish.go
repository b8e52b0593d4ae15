package run

import (
	"context"
	"errors"
	"fmt"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
)

// replace builds aside the generation in use with the changes in it, when they are too many to apply in place.
func (s *session) replace(ctx context.Context, g *directory.Generation, c *changes) error {
	b, err := s.d.Build(s.report.ID)
	if err != nil {
		return err
	}
	s.report.Generation = s.report.ID
	err = b.Copy(ctx, g, c.entries, c.prints, func(kind annuaire.Kind, n int64) {
		s.Progress(Progress{Stage: StageBuild, Done: n, Unit: string(kind)})
	})
	if err != nil {
		return errors.Join(err, b.Abandon())
	}
	return s.publish(ctx, b, c.entries)
}

// publish puts a generation in use once canary questions have the answers they must have.
func (s *session) publish(ctx context.Context, b *directory.Building, entries []store.Entry) error {
	s.stage(StageVerify)
	return b.Publish(s.report, entries, func(g *directory.Generation) error {
		err := errors.Join(s.save(), canaries(g))
		for _, c := range s.Canaries {
			if err == nil {
				err = c.ask(ctx, g)
			}
		}
		if err == nil {
			err = s.enter(StagePublish)
		}
		return err
	})
}

// canaries asks the new generation for people it must know: some of those stored must be found, and everyone counted.
func canaries(g *directory.Generation) error {
	return g.Store.Read(func(r store.Reader) error {
		stored := r.Count(annuaire.KindPerson)
		all, err := g.People.Search(context.Background(), annuaire.Query{Limit: 20})
		if err != nil {
			return err
		}
		if all.Total != stored {
			return fmt.Errorf("canary: %d people stored, %d found", stored, all.Total)
		}
		for _, h := range all.Hits {
			res, err := g.People.Search(context.Background(), annuaire.Query{Where: annuaire.Equals(annuaire.FieldID, h.ID)})
			if err != nil {
				return err
			}
			_, ok, err := r.Person(h.ID)
			if err != nil {
				return fmt.Errorf("canary: %w", err)
			}
			if !ok || res.Total != 1 {
				return fmt.Errorf("canary: a person indexed is found %d times, stored: %t", res.Total, ok)
			}
		}
		return nil
	})
}
