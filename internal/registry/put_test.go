package registry_test

import (
	"testing"

	"annuaire"
)

func TestPut(t *testing.T) {
	d, r := opened(t)
	b := put(t, r, per("Anna.De-La-Tour", anna))
	t.Run("a box is visible when the call returns", func(t *testing.T) {
		if !shows(t, d, "anna.de-la-tour@x.formation.mssante.fr") {
			t.Error("not shown")
		}
		it, err := d.Professional(ctx, anna)
		ok(t, err)
		if len(it.Mailboxes) != 1 || it.Mailboxes[0].Address != b.Address {
			t.Error(it.Mailboxes)
		}
	})
	t.Run("the same content again changes nothing", func(t *testing.T) {
		head, _, err := d.Ledger.Head()
		ok(t, err)
		again := put(t, r, per("anna.de-la-tour", anna))
		now, _, err := d.Ledger.Head()
		ok(t, err)
		if again != b || now != head {
			t.Errorf("%+v\n%+v", b, again)
		}
	})
	t.Run("its operator reads it back", func(t *testing.T) {
		got, err := r.Box(ctx, operator, b.Address)
		ok(t, err)
		if got != b {
			t.Errorf("%+v", got)
		}
	})
	t.Run("another operator learns nothing", func(t *testing.T) {
		_, err := r.Box(ctx, other, b.Address)
		_, unknown := r.Box(ctx, other, "nobody@x.formation.mssante.fr")
		if annuaire.CodeOf(err) != annuaire.CodeNotFound || err.Error() != unknown.Error() {
			t.Error(err, unknown)
		}
	})
	sound(t, d)
}
