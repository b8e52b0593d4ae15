// Package ldaptest is what tests of the LDAP front are made of: a directory of cards in memory, made-up entries, and a server on a loopback
// port.
package ldaptest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"annuaire"
	"annuaire/internal/card"
)

// Directory holds cards in memory. It takes every card of a book for a candidate: it does not look at Where, so that the front has to check
// each. Safe for concurrent use as long as its fields do not change.
type Directory struct {
	cards map[annuaire.Book][]card.Card
	As    time.Time

	// Browsed, if not nil, is called before each candidate of a question, the nth of it; an error ends browsing.
	Browsed func(ctx context.Context, nth int) error
	// Enough makes Browse stop after that many candidates where a question says so.
	Enough bool

	Asked atomic.Int64 // calls of Browse
}

// NewDirectory returns a directory of cards, each book in order of identifiers.
func NewDirectory(cards ...card.Card) *Directory {
	d := &Directory{cards: map[annuaire.Book][]card.Card{}, As: time.Date(2026, 11, 1, 3, 12, 0, 0, time.UTC)}
	for _, c := range cards {
		d.cards[c.Book()] = append(d.cards[c.Book()], c)
	}
	for _, all := range d.cards {
		slices.SortFunc(all, func(a, b card.Card) int { return cmp.Compare(string(a.ID()), string(b.ID())) })
	}
	return d
}

// Browse offers every card of the book.
func (d *Directory) Browse(ctx context.Context, b annuaire.Browse, fn func(card.Card, annuaire.Position) bool) error {
	d.Asked.Add(1)
	n := 0
	for _, c := range d.cards[b.Book] {
		id := string(c.ID())
		if b.After != nil && id <= b.After.ID {
			continue
		}
		if d.Enough && b.Enough > 0 && n == b.Enough {
			return nil
		}
		n++
		if err := ctx.Err(); err != nil {
			return err
		}
		if d.Browsed != nil {
			if err := d.Browsed(ctx, n); err != nil {
				return err
			}
		}
		if !fn(c, annuaire.Position{Family: id, ID: id}) {
			return nil
		}
	}
	return nil
}

// Card returns a card by its identifier.
func (d *Directory) Card(_ context.Context, book annuaire.Book, id string) (card.Card, error) {
	i, ok := slices.BinarySearchFunc(d.cards[book], id, func(c card.Card, id string) int { return strings.Compare(string(c.ID()), id) })
	if !ok {
		return card.Card{}, annuaire.Errorf(annuaire.CodeNotFound, "", "aucune entrée", "no entry", nil)
	}
	return d.cards[book][i], nil
}

// AsOf returns As.
func (d *Directory) AsOf(context.Context) (time.Time, error) { return d.As, nil }
