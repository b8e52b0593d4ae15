package backup

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"

	"annuaire"
)

// Key is what a backup is sealed with or opened with. The zero Key is none. The format is that of age (age-encryption.org/v1), so that the
// age tool opens it too.
type Key struct {
	Passphrase string   // of a person or a file
	Recipients []string // public keys, age1…: who only writes backups need not be able to read them
	Identities string   // path of a file of private keys, AGE-SECRET-KEY-…
	work       int      // log2 of the work of a passphrase; 0 is the library's
}

// ReadPassphrase reads a passphrase from the first line of a file, which must not be readable by others.
func ReadPassphrase(path string) (string, error) {
	st, err := os.Stat(path)
	var b []byte
	if err == nil {
		if st.Mode().Perm()&0o077 != 0 {
			return "", annuaire.Invalid("passphrase-file", "d'autres que vous peuvent lire ce fichier : chmod 600", "others than you can read this file: chmod 600")
		}
		b, err = os.ReadFile(path)
	}
	if err != nil {
		return "", annuaire.Errorf(annuaire.CodeInvalid, "passphrase-file", "fichier illisible", "the file cannot be read", err)
	}
	line, _, _ := strings.Cut(string(b), "\n")
	if line = strings.TrimRight(line, "\r"); len(line) < minPassphrase {
		return "", annuaire.Invalid("passphrase-file", "phrase de moins de %d caractères", "passphrase shorter than %d characters", minPassphrase)
	}
	return line, nil
}

// minPassphrase is the shortest passphrase taken, in bytes: a backup can be attacked at leisure.
const minPassphrase = 12

// Seal returns a writer that encrypts to w what is written to it; closing it ends the file. Without a key it passes everything on.
func (k Key) Seal(w io.Writer) (io.WriteCloser, error) {
	var to []age.Recipient
	if k.Passphrase != "" {
		r, err := age.NewScryptRecipient(k.Passphrase)
		if err != nil {
			return nil, err
		}
		if k.work > 0 {
			r.SetWorkFactor(k.work)
		}
		to = append(to, r)
	}
	for _, text := range k.Recipients {
		r, err := age.ParseX25519Recipient(strings.TrimSpace(text))
		if err != nil {
			return nil, annuaire.Errorf(annuaire.CodeInvalid, "recipient", "clé publique age1… attendue", "a public key age1… is expected", err)
		}
		to = append(to, r)
	}
	if len(to) == 0 {
		return passing{w}, nil
	}
	return age.Encrypt(w, to...)
}

type passing struct{ io.Writer }

// Close implements io.Closer.
func (passing) Close() error { return nil }

// sealedMagic begins every file of age.
const sealedMagic = "age-encryption.org/v1\n"

// Open returns what is in a backup, sealed or not. CodeInvalid when it is sealed and the key does not open it.
func (k Key) Open(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	head, err := b.Peek(len(sealedMagic))
	if err != nil && len(head) == 0 {
		return nil, damaged("empty", err)
	}
	if !bytes.Equal(head, []byte(sealedMagic)) {
		return b, nil
	}
	var ids []age.Identity
	if k.Passphrase != "" {
		id, err := age.NewScryptIdentity(k.Passphrase)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	if k.Identities != "" {
		f, err := os.Open(k.Identities)
		if err != nil {
			return nil, annuaire.Errorf(annuaire.CodeInvalid, "identity", "fichier de clés illisible", "the file of keys cannot be read", err)
		}
		defer f.Close() // only read
		more, err := age.ParseIdentities(f)
		if err != nil {
			return nil, annuaire.Errorf(annuaire.CodeInvalid, "identity", "clé AGE-SECRET-KEY-… attendue", "a key AGE-SECRET-KEY-… is expected", nil) // the cause might quote the key
		}
		ids = append(ids, more...)
	}
	if len(ids) == 0 {
		return nil, annuaire.Invalid("restore", "la sauvegarde est chiffrée : --passphrase-file ou --identity", "the backup is sealed: --passphrase-file or --identity")
	}
	out, err := age.Decrypt(b, ids...)
	if err != nil {
		return nil, annuaire.Errorf(annuaire.CodeInvalid, "restore", "la sauvegarde est chiffrée et cette clé ne l'ouvre pas", "the backup is sealed and this key does not open it", fmt.Errorf("age: %w", err))
	}
	return out, nil
}
