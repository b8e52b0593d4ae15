package peers

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/go-ldap/ldap/v3"
	"pgregory.net/rapid"

	"annuaire"
	"annuaire/index"
	"annuaire/internal/card"
	"annuaire/ldapd/ber"
	"annuaire/ldapd/filter"
	"annuaire/ldapd/schema"
)

// The index offers candidates for the expression of a filter: whoever matches must be among them, or nobody would ever find them.
func TestWhoeverMatchesIsACandidateOfTheIndex(t *testing.T) {
	cards := boxes(300)
	book := bookOf(t, cards)
	tested, narrow := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		for range 5 {
			text := aFilter(t, 4, true)
			f := parsed(t, text)
			for _, o := range []filter.Options{{}, {Strict: true}} {
				e := f.Expr(annuaire.BookMailboxes, o)
				candidates := map[string]bool{}
				err := book.Browse(context.Background(), annuaire.Browse{Book: annuaire.BookMailboxes, Where: e}, func(c index.Candidate) (bool, error) {
					candidates[c.ID] = true
					return true, nil
				})
				if err != nil {
					t.Fatalf("%s: %v", text, err)
				}
				for _, c := range cards {
					if f.Match(entry{c}, o) == filter.True && !candidates[string(c.ID())] {
						t.Fatalf("%s (%+v): %s matches and is no candidate of %+v", text, o, c.ID(), e)
					}
				}
				if tested++; len(candidates) < len(cards)/2 {
					narrow++
				}
			}
		}
	})
	t.Logf("%d questions, %d of which left most entries out", tested, narrow)
	if narrow < tested/10 {
		t.Error("the expressions say too little")
	}
}

func parsed(t *rapid.T, text string) *filter.Filter {
	p, err := ldap.CompileFilter(text)
	if err != nil {
		t.Fatal(err)
	}
	c := ber.Read(p.Bytes())
	f, err := filter.Parse(&c)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// entry is a card as a filter sees it.
type entry struct{ c card.Card }

func (e entry) Card() card.Card { return e.c }

func (e entry) Computed(t *schema.AttributeType) (out [][]byte) {
	switch t.Name {
	case "objectClass":
		for _, name := range schema.ObjectClasses(annuaire.BookMailboxes) {
			out = append(out, []byte(name))
		}
	case "entryDN":
		out = append(out, []byte("mail="+string(e.c.ID())+","+base))
	}
	return out
}

func (e entry) EachInDN(fn func(*schema.AttributeType, []byte) bool) {
	_ = fn(schema.Of(card.Mail), e.c.ID()) && fn(schema.Lookup([]byte("dc")), []byte("mssante")) && fn(schema.Lookup([]byte("dc")), []byte("fr"))
}

func bookOf(t *testing.T, cards []card.Card) *index.Book {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "book")
	b, err := index.CreateBook(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cards {
		if err := b.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Finish(1); err != nil {
		t.Fatal(err)
	}
	book, err := index.OpenBook(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := book.Close(); err != nil {
			t.Error(err)
		}
	})
	return book
}
