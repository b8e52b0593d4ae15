package registry

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"annuaire"
	"annuaire/internal/overlay"
	"annuaire/internal/store"
)

// The rules of requests about what is held on somebody.
var (
	errReasonMissing = rule("reason_missing", annuaire.CodeInvalid, "reason", "une raison est nécessaire : elle est inscrite à l'audit, avec qui demande et quand", "a reason is needed: it is recorded in the audit, with who asks and when")
	errAdminOnly     = rule("admin_only", annuaire.CodeForbidden, "", "réservé à un administrateur", "for an administrator only")
)

// request checks who asks about somebody, and why; it returns the IdNatPP of whom it is about.
func request(who annuaire.Caller, id, reason string) (string, error) {
	nat, ok := annuaire.NationalID(id)
	switch {
	case !who.Has(annuaire.RoleAdmin):
		return "", errAdminOnly
	case strings.TrimSpace(reason) == "":
		return "", errReasonMissing
	case len(reason) > 500:
		return "", about(errCriterionTooLong, "reason")
	case !ok:
		return "", annuaire.Invalid("id", "un IdNatPP, un RPPS ou un ADELI est attendu", "an IdNatPP, RPPS or ADELI number is expected")
	}
	return nat, nil
}

// Held returns everything held on a person beyond the national data, for an administrator who answers to them. That it was asked for, and why, is
// the last line of the audit that it holds. Somebody of whom nothing is held is no error.
func (p *Personal) Held(_ context.Context, who annuaire.Caller, id, reason string) (out annuaire.Held, err error) {
	if id, err = request(who, id, reason); err != nil {
		return out, err
	}
	out = annuaire.Held{ID: id, At: p.now(), History: map[string][]annuaire.BoxEvent{}, Mailboxes: []annuaire.Registered{}, Given: []annuaire.Delegation{}, Received: []annuaire.Delegation{}, Waiting: []string{}, Audit: []annuaire.AuditEvent{}}
	err = p.ledger.Update(func(tx *store.Tx) error {
		e := who.Event("person.export", id)
		e.Why = reason
		if err := tx.Audit(e); err != nil {
			return err
		}
		return errors.Join(p.heldSelf(tx, &out), heldBoxes(tx, &out), heldDelegations(tx, &out))
	})
	if err != nil {
		return annuaire.Held{}, err
	}
	return out, p.heldAudit(&out) // outside: it may be long
}

func (p *Personal) heldSelf(tx *store.Tx, out *annuaire.Held) error {
	acc, ok, err := accounts.Get(tx, out.ID)
	if ok {
		out.Account = &acc
	}
	st, known, err2 := staff.Get(tx, out.ID)
	if known {
		out.Staff = &st
	}
	var err3, err4 error
	out.TermsTold, _, err3 = termsTold.Get(tx, out.ID)
	waiting, err4 := p.outbox.Waiting(tx, out.ID)
	out.Waiting = append(out.Waiting, waiting...)
	return errors.Join(err, err2, err3, err4)
}

func heldBoxes(tx *store.Tx, out *annuaire.Held) error {
	mine, err := boxesHeldBy(tx, out.ID)
	for _, b := range mine {
		events, err2 := overlay.History.All(tx, pair(b.Address, ""))
		if err = errors.Join(err, err2); len(events) > 0 {
			out.History[b.Address] = events
		}
	}
	out.Mailboxes = append(out.Mailboxes, mine...)
	return err
}

// heldDelegations takes those that a change of hands has left without effect too: they are held.
func heldDelegations(tx *store.Tx, out *annuaire.Held) error {
	return delegations.Each(tx, "", "", func(_ string, d annuaire.Delegation) (bool, error) {
		if d.Holder == out.ID {
			out.Given = append(out.Given, d)
		}
		if d.Delegate == out.ID {
			out.Received = append(out.Received, d)
		}
		return true, nil
	})
}

// heldAudit collects the lines by a person, about them, or about one of their boxes; of too many, the last ones.
func (p *Personal) heldAudit(out *annuaire.Held) error {
	words := wordsOf(out.ID, out.Mailboxes)
	return p.ledger.EachAudit(annuaire.AuditFilter{}, func(r annuaire.AuditRecord) error {
		if concerns(&r, words) {
			out.Audit = append(out.Audit, r.AuditEvent)
		}
		if len(out.Audit) > annuaire.MaxHeldAudit {
			out.Audit, out.Cut = out.Audit[1:], true
		}
		return nil
	})
}

// wordsOf are those by which a text is about somebody.
func wordsOf(id string, boxes []annuaire.Registered) []string {
	words := []string{id}
	if rpps := annuaire.RPPSOf(id); rpps != "" {
		words = append(words, rpps)
	}
	for _, b := range boxes {
		words = append(words, b.Address)
	}
	return words
}

func concerns(r *annuaire.AuditRecord, words []string) bool {
	before, _ := r.Before.(json.RawMessage)
	after, _ := r.After.(json.RawMessage)
	return slices.ContainsFunc([]string{r.Who, r.Target, r.Why, string(before), string(after)}, func(s string) bool { return holdsAny(s, words) })
}

func holdsAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return holdsWord(s, w) })
}

// holdsWord reports whether a number or an address is in a text as a whole: a longer one that ends or begins like it is of somebody else.
func holdsWord(s, w string) bool {
	for at := 0; ; at++ {
		i := strings.Index(s[at:], w)
		if i < 0 {
			return false
		}
		at += i
		if (at == 0 || !inWord(s[at-1])) && (at+len(w) == len(s) || !inWord(s[at+len(w)])) {
			return true
		}
	}
}

func inWord(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c >= 0x80 || strings.IndexByte("._+'&=~-", c) >= 0
}
