package registry_test

import (
	"slices"
	"testing"

	"annuaire"
)

// TestReadingsAreAudited: what the registry shows of what is not published is in the audit log, one line a reading, before whoever asked has it.
func TestReadingsAreAudited(t *testing.T) {
	d, r := opened(t)
	b := put(t, r, per("anna1", anna))
	herself := annuaire.Caller{ID: "pro:anna", Roles: []annuaire.Role{annuaire.RoleProfessional}, Professional: anna}
	stranger := annuaire.Caller{ID: "other", Roles: []annuaire.Role{annuaire.RoleOperator}, Domains: []string{"y.formation.mssante.fr"}}
	box := func(who annuaire.Caller, address string) func() error {
		return func() error { _, err := r.Box(ctx, who, address); return err }
	}
	history := func(who annuaire.Caller, address string) func() error {
		return func() error { _, err := r.History(ctx, who, address); return err }
	}
	in := func(domains ...string) func() error {
		return func() error { _, err := r.BoxesIn(ctx, operator, domains, "", 1, nil); return err }
	}
	of := func(who annuaire.Caller) func() error {
		return func() error { _, err := r.BoxesOf(ctx, who); return err }
	}
	for _, tt := range []struct {
		rule string
		read func() error
		want []string // who, what, of whom
	}{
		{"a box that its operator reads", box(operator, b.Address), []string{operator.ID + " mailbox.read " + b.Address}},
		{"under its one writing, however it is asked for", box(operator, "ANNA1@X.formation.mssante.fr"), []string{operator.ID + " mailbox.read " + b.Address}},
		{"its history", history(operator, "ANNA1@X.formation.mssante.fr"), []string{operator.ID + " mailbox.history " + b.Address}},
		{"the boxes that a professional holds", of(herself), []string{herself.ID + " mailbox.list " + anna}},
		{"the boxes of domains", in("x.formation.mssante.fr", "y.formation.mssante.fr"), []string{operator.ID + " mailbox.list x.formation.mssante.fr,y.formation.mssante.fr"}},
		{"the boxes of all", in(), []string{operator.ID + " mailbox.list *"}},
		{"a box that is not one's to read was not read", box(stranger, b.Address), nil},
		{"nor was its history", history(stranger, b.Address), nil},
		{"nor one that nobody registered", box(operator, "nobody@x.formation.mssante.fr"), nil},
		{"who is nobody holds nothing, and reads nothing", of(operator), nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			before := len(audit(t, d))
			if err := tt.read(); err != nil && annuaire.CodeOf(err) != annuaire.CodeNotFound {
				t.Fatal(err)
			}
			var got []string
			for _, l := range audit(t, d)[before:] {
				got = append(got, l.Who+" "+l.What+" "+l.Target)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
