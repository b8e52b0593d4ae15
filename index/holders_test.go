package index

import (
	"context"
	"slices"
	"testing"

	"annuaire"
)

func TestHolders(t *testing.T) {
	p, _ := buildPlaces(t)
	for _, tt := range []struct {
		rule  string
		kinds []annuaire.MailboxKind
		want  []string
	}{
		{"holders are those of mailboxes of the kind", []annuaire.MailboxKind{annuaire.KindPER}, []string{"899012345679"}},
		{"of any of the kinds", []annuaire.MailboxKind{annuaire.KindCAB, annuaire.KindPER}, []string{"899012345679"}},
		{"a mailbox of a service has none", []annuaire.MailboxKind{annuaire.KindORG}, nil},
		{"no kind, no holder", nil, nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := p.Holders(context.Background(), tt.kinds)
			if err != nil || !slices.Equal(got, tt.want) {
				t.Fatal(got, err)
			}
		})
	}
}
