package registry_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"annuaire"
	"annuaire/internal/registry"
)

// Delegations, accounts and contact addresses are in annuaire.db alone: they move no public sequence, and are in no record and no index.
func TestNothingOfDelegationsAndAccountsIsPublic(t *testing.T) {
	d, r := opened(t)
	p := registry.NewPersonal(d.Ledger, d, nil, registry.PersonalOptions{Registry: r})
	b := per("anna", anna)
	b.Delegable = &delegable
	put(t, r, b)
	head, _, err := d.Ledger.Head()
	ok(t, err)
	before, err := d.Professional(ctx, bea)
	ok(t, err)
	mobile := "+33699887766"
	for id, contact := range map[string]string{anna: "contact.anna@exemple.fr", bea: "contact.bea@exemple.fr"} {
		_, _, err := p.PutAccount(ctx, holder(id), annuaire.AccountChange{Contact: contact, Mobile: &mobile, Terms: "2026-01"}, "")
		ok(t, err)
	}
	_, err = p.Delegate(ctx, holder(anna), b.Address, bea)
	ok(t, err)
	ok(t, p.Undelegate(ctx, holder(anna), b.Address, bea, "*"))
	_, err = p.Delegate(ctx, holder(anna), b.Address, bea)
	ok(t, err)

	t.Run("the public log has not moved", func(t *testing.T) {
		now, _, err := d.Ledger.Head()
		ok(t, err)
		if now != head {
			t.Errorf("%d, before %d", now, head)
		}
	})
	t.Run("the record of the delegate is as it was", func(t *testing.T) {
		after, err := d.Professional(ctx, bea)
		ok(t, err)
		if len(after.Mailboxes) != len(before.Mailboxes) || after.Value.Family != before.Value.Family {
			t.Errorf("%+v", after)
		}
	})
	t.Run("no contact address finds anybody", func(t *testing.T) {
		for _, a := range []string{"contact.anna@exemple.fr", "contact.bea@exemple.fr"} {
			page, err := d.SearchProfessionals(ctx, annuaire.Query{Where: annuaire.Equals(annuaire.FieldMailbox, a)})
			ok(t, err)
			if page.Total != 0 || shows(t, d, a) {
				t.Error(a)
			}
		}
	})
	t.Run("no file of records or indexes holds one, or a mobile", func(t *testing.T) {
		files := 0
		ok(t, filepath.WalkDir(d.Path("generations"), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			files++
			for _, word := range []string{"contact.anna", "contact.bea", mobile} {
				if bytes.Contains(b, []byte(word)) {
					t.Errorf("%s holds %s", filepath.Base(path), word)
				}
			}
			return err
		}))
		if files == 0 {
			t.Error("there were no files")
		}
	})
}
