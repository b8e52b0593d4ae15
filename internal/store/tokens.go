package store

import (
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"annuaire"
)

// tokensBucket holds the tokens by the hash of their secret.
var tokensBucket = []byte("tokens")

// PutToken adds or replaces a token, durably, with what the audit says of it.
func (l *Ledger) PutToken(t annuaire.Token, lines ...annuaire.AuditEvent) error {
	v, err := Encode(t)
	if err != nil {
		return err
	}
	err = l.Update(func(tx *Tx) error {
		for _, e := range lines {
			if err := tx.Audit(e); err != nil {
				return err
			}
		}
		return tx.tx.Bucket(tokensBucket).Put(t.Hash, v)
	})
	if err != nil {
		return fmt.Errorf("put token: %w", err)
	}
	return nil
}

// Token returns the token whose secret has this hash.
func (l *Ledger) Token(hash []byte) (t annuaire.Token, ok bool, err error) {
	err = l.db.View(func(tx *bolt.Tx) error {
		v := tx.Bucket(tokensBucket).Get(hash)
		if ok = v != nil; !ok {
			return nil
		}
		return decodeToken(v, &t)
	})
	return t, ok, err
}

// EachToken calls fn with every token.
func (l *Ledger) EachToken(fn func(annuaire.Token) error) error {
	return l.db.View(func(tx *bolt.Tx) error {
		b := tx.Bucket(tokensBucket)
		if b == nil { // a file opened read-only from before there were any
			return nil
		}
		return b.ForEach(func(_, v []byte) error {
			var t annuaire.Token
			if err := decodeToken(v, &t); err != nil {
				return err
			}
			return fn(t)
		})
	})
}

func decodeToken(v []byte, t *annuaire.Token) error {
	err := Decode(v, t)
	for _, at := range []*time.Time{&t.Created, &t.Expires, &t.Revoked} {
		*at = at.UTC()
	}
	return err
}
