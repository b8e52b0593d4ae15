package dispatch

import (
	"context"
	"encoding/hex"

	"annuaire"
	"annuaire/internal/alert/spool"
	"annuaire/internal/store"
)

// Report says how the sending of an alert goes, at this moment.
func (d *Desk) Report(ctx context.Context, who annuaire.Caller, id string) (annuaire.AlertReport, error) {
	a, err := d.Alert(ctx, who, id)
	if err != nil {
		return annuaire.AlertReport{}, err
	}
	return d.reportOf(a)
}

func (d *Desk) reportOf(a annuaire.Alert) (annuaire.AlertReport, error) {
	r := annuaire.AlertReport{ID: a.ID, State: a.State, At: d.now(), Departments: []annuaire.AlertGroup{}, Professions: []annuaire.AlertGroup{}, Codes: map[string]int{}, Problem: a.Problem}
	switch {
	case a.Frozen == nil:
		return r, nil
	case !a.Anonymised.IsZero():
		if a.Final != nil {
			r = *a.Final
		}
		r.State = a.State
		return r, nil
	}
	f, err := d.file(a.ID)
	if err != nil && a.Final != nil { // lost, with a disk or a restored backup: what was counted at the end stays known
		return *a.Final, nil
	}
	if err != nil {
		return r, err
	}
	r.Counts, r.Departments, r.Professions, r.Codes = f.Counts()
	if r.Problem == "" && a.State == annuaire.AlertSending {
		r.Problem = d.sender.Trouble()
	}
	return r, nil
}

// maxRecipients is how many recipients one answer holds.
const maxRecipients = 1000

// Recipients returns up to n recipients of a frozen list from number after+1 on; state, if not "", is the one they are in. They are for
// RoleAlertAddresses alone, whose reading is audited: anybody else has the counts of the report.
func (d *Desk) Recipients(ctx context.Context, who annuaire.Caller, id string, after, n int, state string) (out []annuaire.AlertRecipient, err error) {
	a, err := d.Alert(ctx, who, id)
	if err != nil {
		return nil, err
	}
	if !who.Has(annuaire.RoleAlertAddresses) {
		return nil, forbidden("addresses_not_allowed", "", "les destinataires un par un sont pour le rôle alert:addresses ; le rapport les compte.",
			"recipients one by one are for the role alert:addresses; the report counts them.")
	}
	want, ok := spool.StateOf(state)
	if state != "" && !ok {
		return nil, annuaire.Invalid("state", "état inconnu.", "unknown state.")
	}
	if !a.Anonymised.IsZero() {
		return nil, annuaire.Errorf(annuaire.CodeGone, "id", "les destinataires de cette alerte ont été effacés.", "the recipients of this alert were erased.", nil)
	}
	if a.Frozen == nil {
		return nil, conflict("wrong_state", "recipients", "les destinataires sont figés à l'approbation.", "the recipients are frozen by the approval.")
	}
	f, err := d.file(id)
	if err != nil {
		return nil, err
	}
	if after < 0 || after >= f.Len() {
		return []annuaire.AlertRecipient{}, nil
	}
	e := who.Event("alert.recipients", id)
	e.After = map[string]any{"after": after, "limit": n, "state": state}
	if err := d.ledger.AuditNow(e); err != nil { // first: what is not recorded is not read
		return nil, err
	}
	out = make([]annuaire.AlertRecipient, 0, min(n, maxRecipients))
	err = f.Each(uint32(after), func(k uint32, r spool.Recipient, s spool.Status) bool {
		if state == "" || s.State == want {
			out = append(out, annuaire.AlertRecipient{N: int(k) + 1, ID: r.ID, Address: r.Address, RedListed: r.RedListed, Department: r.Department, Profession: r.Profession,
				State: s.State.String(), At: spool.Time(s.At), Attempts: int(s.Attempts), Code: s.Answer(), Delivery: s.Delivery.String(), Acknowledged: spool.Time(s.Acked),
				Repeated: s.Repeated, MessageID: d.sign.messageID(id, k, "")})
		}
		return len(out) < min(n, maxRecipients)
	})
	return out, err
}

// Evidence returns who did what, when, on which message and to how many.
func (d *Desk) Evidence(ctx context.Context, who annuaire.Caller, id string) (e annuaire.AlertEvidence, err error) {
	if e.Alert, err = d.Alert(ctx, who, id); err != nil {
		return e, err
	}
	if e.Report, err = d.reportOf(e.Alert); err != nil {
		return e, err
	}
	e.Print = hex.EncodeToString(messagePrint(e.Alert))
	err = d.ledger.View(func(tx *store.Tx) error {
		e.Steps, err = steps.All(tx, tableKey(id)+"\x00")
		return err
	})
	return e, err
}
