package backup

import (
	"errors"
	"path/filepath"

	"annuaire"
	"annuaire/internal/notify"
	"annuaire/internal/registry"
	"annuaire/internal/store"
)

// replaced is the data that a restore replaces.
type replaced struct {
	ledger *store.Ledger // nil: there is none, or it cannot be read
	head   uint64
}

func (r replaced) release() error {
	if r.ledger == nil {
		return nil
	}
	return r.ledger.Close()
}

// claim keeps every other process off the data in dir, which is left as it is. A ledger that cannot be read is no obstacle: that may be why
// there is a restore.
func claim(dir string, replace bool) (old replaced, err error) {
	if !Exists(dir) {
		return old, nil
	}
	if !replace {
		return old, annuaire.Errorf(annuaire.CodeConflict, "restore", "ce répertoire contient déjà des données : --yes pour les remplacer",
			"there is data in this directory already: --yes replaces it", nil)
	}
	l, err := store.OpenLedgerReadOnly(filepath.Join(dir, ledgerName))
	if annuaire.CodeOf(err) == annuaire.CodeConflict {
		return old, err
	}
	if err != nil {
		return old, nil
	}
	old.ledger = l
	if old.head, _, err = l.Head(); err != nil {
		old.head = 0
	}
	return old, nil
}

// keepRevoked revokes, in what is restored, the tokens that were revoked since the backup: a restore must not let anybody in again.
func (r replaced) keepRevoked(to *store.Ledger) error {
	if r.ledger == nil {
		return nil
	}
	var revoked []annuaire.Token
	err := r.ledger.EachToken(func(t annuaire.Token) error {
		if !t.Revoked.IsZero() {
			revoked = append(revoked, t)
		}
		return nil
	})
	for _, t := range revoked {
		if _, there, e := to.Token(t.Hash); e != nil || there {
			err = errors.Join(err, e, to.PutToken(t))
		}
	}
	return err
}

// keepEnded ends, in what is restored, what was ended since the backup. Messages that were sent since are not sent once more.
func (r replaced) keepEnded(to *store.Ledger) error {
	if r.ledger == nil {
		return nil
	}
	_, err := registry.KeepEnded(r.ledger, to)
	return errors.Join(err, notify.KeepSent(r.ledger, to))
}

// keepAudit takes over the lines of the audit since the backup, where they go on from its own, and adds that this restore was done, and from
// which line on: what a restore undoes stays told.
func (r replaced) keepAudit(to *store.Ledger, rep *Report) error {
	e := annuaire.LocalCaller("").Event("restore", rep.Generation)
	what := map[string]any{"backup_of": rep.Created, "seq": rep.Seq}
	if r.ledger != nil {
		kept, err := to.AdoptAudit(r.ledger)
		if err != nil {
			return err
		}
		lost, err := r.ledger.AuditHead()
		if err != nil {
			return err
		}
		what["audit_lines_kept"] = kept
		if head, err := to.AuditHead(); err != nil {
			return err
		} else if lost.Seq > 0 && head != lost {
			what["audit_replaced"] = lost.String() // the end of an audit that went another way: it stays in annuaire.db.before-restore
		}
	}
	e.After = what
	return to.AuditNow(e)
}
