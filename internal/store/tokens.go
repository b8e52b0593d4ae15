package store

import (
	"fmt"

	"annuaire"
)

// tokens are by the hash of their secret.
var tokens = NewTable[annuaire.Token]("tokens")

// PutToken adds or replaces a token, durably, with what the audit says of it.
func (l *Ledger) PutToken(t annuaire.Token, lines ...annuaire.AuditEvent) error {
	err := l.Update(func(tx *Tx) error {
		for _, e := range lines {
			if err := tx.Audit(e); err != nil {
				return err
			}
		}
		return tokens.Put(tx, string(t.Hash), t)
	})
	if err != nil {
		return fmt.Errorf("put token: %w", err)
	}
	return nil
}

// Token returns the token whose secret has this hash.
func (l *Ledger) Token(hash []byte) (t annuaire.Token, ok bool, err error) {
	err = l.View(func(tx *Tx) error { t, ok, err = tokens.Get(tx, string(hash)); return err })
	return t, ok, err
}

// EachToken calls fn with every token.
func (l *Ledger) EachToken(fn func(annuaire.Token) error) error {
	return l.View(func(tx *Tx) error {
		return tokens.Each(tx, "", "", func(_ string, t annuaire.Token) (bool, error) { return true, fn(t) })
	})
}
