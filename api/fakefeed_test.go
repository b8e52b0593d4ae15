package api

import (
	"context"
	"slices"
	"strconv"
	"time"

	"annuaire"
)

// missedSeq is where a reader of the fake's feed has missed changes.
const missedSeq = "999"

func (d *fakeDirectory) Publications(context.Context, int) ([]annuaire.Publication, error) {
	return d.runs, nil
}

// The feed and the exports of the fake: changes are given, exports are everything in order of id.

func (d *fakeDirectory) AsOf(context.Context) (time.Time, error) { return extractTime, nil }

func (d *fakeDirectory) History(_ context.Context, id string) (out []annuaire.Change, err error) {
	for _, c := range d.changes {
		if c.Kind == annuaire.KindPerson && c.ID == id {
			out = append(out, c)
		}
	}
	if out == nil {
		err = annuaire.Errorf(annuaire.CodeNotFound, "id", "Inconnu de l'annuaire.", "Unknown to the directory.", nil)
	}
	return out, err
}

func (d *fakeDirectory) Changes(_ context.Context, since uint64, n int) (out []annuaire.Change, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if strconv.FormatUint(since, 10) == missedSeq {
		return nil, &annuaire.GapError{Restart: 12}
	}
	for _, c := range d.changes {
		if c.Seq > since && len(out) < n {
			out = append(out, c)
		}
	}
	return out, nil
}

func (d *fakeDirectory) Committed() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.news == nil {
		d.news = make(chan struct{})
	}
	return d.news
}

// commit adds a change and tells those who wait.
func (d *fakeDirectory) commit(c annuaire.Change) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.changes = append(d.changes, c)
	if d.news != nil {
		close(d.news)
		d.news = nil
	}
}

func fakeExport[T any](d *fakeDirectory, where annuaire.Expr, all []annuaire.Item[T], after string, id func(T) string, fn func([]annuaire.Item[T]) error) error {
	d.mu.Lock()
	d.last = annuaire.Query{Where: where}
	d.mu.Unlock()
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b annuaire.Item[T]) int {
		if id(a.Value) < id(b.Value) {
			return -1
		}
		return 1
	})
	if d.fail != nil {
		if err := d.fail(context.Background(), "export"); err != nil {
			return err
		}
	}
	for _, it := range all {
		if id(it.Value) > after {
			if err := fn([]annuaire.Item[T]{it}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *fakeDirectory) ExportProfessionals(_ context.Context, w annuaire.Expr, after string, fn func([]annuaire.Item[annuaire.Professional]) error) error {
	return fakeExport(d, w, d.people, after, func(p annuaire.Professional) string { return p.ID }, fn)
}

func (d *fakeDirectory) ExportStructures(_ context.Context, w annuaire.Expr, after string, fn func([]annuaire.Item[annuaire.Structure]) error) error {
	return fakeExport(d, w, d.structures, after, func(s annuaire.Structure) string { return s.ID }, fn)
}

func (d *fakeDirectory) ExportMailboxes(_ context.Context, w annuaire.Expr, after string, fn func([]annuaire.Item[annuaire.Mailbox]) error) error {
	return fakeExport(d, w, d.mailboxes, after, func(m annuaire.Mailbox) string { return m.Address }, fn)
}

func (d *fakeDirectory) Suggest(_ context.Context, text string, kinds []annuaire.SuggestionKind, n int) ([]annuaire.Suggestion, error) {
	all := []annuaire.Suggestion{
		{Kind: annuaire.SuggestPerson, Label: "EXEMPLE Zélie", Detail: "Médecin · Mende", ID: "899012345679"}, {Kind: annuaire.SuggestStructure, Label: "CABINET EXEMPLE", ID: "R1/2"},
		{Kind: annuaire.SuggestPlace, Label: "Lyon", ID: "69123", Field: annuaire.FieldCity}, {Kind: annuaire.SuggestProfession, Label: "kiné", Detail: "kiné", ID: "kiné"}}
	if len(kinds) > 0 {
		all = slices.DeleteFunc(all, func(x annuaire.Suggestion) bool { return !slices.Contains(kinds, x.Kind) })
	}
	return all[:min(n, len(all))], nil
}
