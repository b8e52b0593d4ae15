package ldapd_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/go-ldap/ldap/v3"
	"pgregory.net/rapid"

	"annuaire/internal/card"
	"annuaire/ldapd"
	"annuaire/ldapd/ldaptest"
)

// Whatever the directory holds, the filter, the sizes of pages and the budget: pages together are what one search without limits answers, in
// the same order, nothing twice.
func TestPagesAreTheWhole(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(r, "entries")
		cards := make([]card.Card, n)
		for i := range cards {
			cards[i] = ldaptest.Mailbox(fmt.Sprintf("p%02d", i), rapid.SampledFrom([]string{"DUPONT", "MARTIN", "DURAND"}).Draw(r, "name"))
		}
		o := ldapd.Options{Directory: ldaptest.NewDirectory(cards...), Limits: ldapd.Limits{Candidates: rapid.IntRange(1, 50).Draw(r, "candidates")}}
		free := ldapd.Options{Directory: o.Directory}
		q := ask(base, rapid.SampledFrom([]int{ldap.ScopeWholeSubtree, ldap.ScopeSingleLevel}).Draw(r, "scope"),
			rapid.SampledFrom([]string{"(sn=dupont)", "(!(sn=dupont))", "(objectClass=*)", "(sn=du*)", "(cn=nobody)", "(dc=mssante)"}).Draw(r, "filter"), "1.1")
		inner := &quiet{T: t}
		defer inner.end()
		whole, err := dial(inner, ldaptest.Start(inner, free)).Search(q)
		if err != nil {
			r.Fatal(err)
		}
		paged, err := dial(inner, ldaptest.Start(inner, o)).SearchWithPaging(q, uint32(rapid.IntRange(1, 45).Draw(r, "page")))
		if err != nil {
			r.Fatal(err)
		}
		if !slices.Equal(dns(whole), dns(paged)) {
			r.Fatalf("%v\nby pages\n%v", dns(whole), dns(paged))
		}
	})
}

// quiet is a test whose clean-up is done at the end of a round.
type quiet struct {
	*testing.T
	todo []func()
}

func (q *quiet) Cleanup(f func()) { q.todo = append(q.todo, f) }

func (q *quiet) end() {
	for _, f := range slices.Backward(q.todo) {
		f()
	}
	q.todo = nil
}
