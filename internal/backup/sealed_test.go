package backup

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"

	"annuaire"
)

func TestSealedBackups(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	ok(t, err)
	other, err := age.GenerateX25519Identity()
	ok(t, err)
	keys, wrong := filepath.Join(t.TempDir(), "key"), filepath.Join(t.TempDir(), "other")
	ok(t, os.WriteFile(keys, []byte(id.String()+"\n"), 0o600))
	ok(t, os.WriteFile(wrong, []byte(other.String()+"\n"), 0o600))
	seal := func(k Key) []byte {
		var b bytes.Buffer
		w, err := k.Seal(&b)
		ok(t, err)
		_, err = io.WriteString(w, "EXEMPLE")
		ok(t, errors.Join(err, w.Close()))
		return b.Bytes()
	}
	phrase := Key{Passphrase: "une phrase assez longue", work: 4}
	for _, tt := range []struct {
		rule       string
		with, open Key
		opens      bool
	}{
		{"a passphrase opens what it sealed", phrase, phrase, true},
		{"another passphrase does not", phrase, Key{Passphrase: "une autre phrase, longue"}, false},
		{"a private key opens what was sealed for its public key", Key{Recipients: []string{id.Recipient().String()}}, Key{Identities: keys}, true},
		{"another private key does not", Key{Recipients: []string{id.Recipient().String()}}, Key{Identities: wrong}, false},
		{"no key does not", phrase, Key{}, false},
		{"what is not sealed needs none", Key{}, Key{}, true},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			b := seal(tt.with)
			if sealed := tt.with.Passphrase != "" || tt.with.Recipients != nil; sealed == bytes.Contains(b, []byte("EXEMPLE")) {
				t.Error("sealed:", sealed)
			}
			r, err := tt.open.Open(bytes.NewReader(b))
			if !tt.opens {
				if annuaire.CodeOf(err) != annuaire.CodeInvalid {
					t.Fatal(err)
				}
				return
			}
			ok(t, err)
			if got, err := io.ReadAll(r); string(got) != "EXEMPLE" || err != nil {
				t.Error(string(got), err)
			}
		})
	}
	t.Run("a passphrase that others can read, or a short one, is refused", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "phrase")
		for text, mode := range map[string]os.FileMode{"une phrase assez longue\n": 0o644, "courte\n": 0o600} {
			ok(t, os.WriteFile(path, []byte(text), mode))
			ok(t, os.Chmod(path, mode))
			if _, err := ReadPassphrase(path); annuaire.CodeOf(err) != annuaire.CodeInvalid {
				t.Errorf("%q, %v: %v", text, mode, err)
			}
		}
	})
	t.Run("a public key that is none is refused", func(t *testing.T) {
		if _, err := (Key{Recipients: []string{"age1x"}}).Seal(io.Discard); annuaire.CodeOf(err) != annuaire.CodeInvalid {
			t.Error(err)
		}
	})
}
