package dispatch

import (
	"context"

	"annuaire"
	"annuaire/internal/alert/spool"
	"annuaire/internal/relay"
)

func unknownLink() error {
	return annuaire.Errorf(annuaire.CodeNotFound, "link", "ce lien n'est pas valable : copiez-le en entier depuis le message.", "this link is not valid: copy all of it from the message.", nil).Because("link_unknown")
}

// Receipt is what a link to acknowledge shows before anything is recorded: whoever opens it, a link scanner included, acknowledges nothing.
func (d *Desk) Receipt(_ context.Context, id, link string) (r annuaire.AlertReceipt, err error) {
	r, _, _, err = d.receipt(id, link)
	return r, err
}

func (d *Desk) receipt(id, link string) (r annuaire.AlertReceipt, f *spool.File, n uint32, err error) {
	n, ok := d.sign.readLink(id, link)
	if !ok {
		return r, nil, 0, unknownLink()
	}
	a, err := d.stored(id)
	if err != nil {
		return r, nil, 0, err
	}
	r = annuaire.AlertReceipt{ID: id, Title: a.Title, Trial: n >= trialMark}
	if r.Trial {
		return r, nil, n, nil
	}
	if !a.Anonymised.IsZero() {
		return r, nil, 0, annuaire.Errorf(annuaire.CodeGone, "link", "cette alerte est close depuis longtemps.", "this alert was closed long ago.", nil)
	}
	if f, err = d.file(id); err != nil {
		return r, nil, 0, err
	}
	s, err := f.Status(n)
	r.Acknowledged = spool.Time(s.Acked)
	return r, f, n, err
}

// Acknowledge records that a recipient has read an alert; once is enough.
func (d *Desk) Acknowledge(_ context.Context, id, link string) (annuaire.AlertReceipt, error) {
	r, f, n, err := d.receipt(id, link)
	if err != nil || r.Trial || !r.Acknowledged.IsZero() {
		return r, err
	}
	now := d.now()
	err = f.Commit([]spool.Change{{N: n, Apply: func(s *spool.Status) {
		if s.Acked == 0 {
			s.Acked = now.Unix()
		}
	}}}, nil)
	r.Acknowledged = now
	return r, err
}

// maxDeliveries is how many reports of delivery come at once.
const maxDeliveries = 1000

// Deliveries records what mail systems report of messages that the relay had accepted. Reports that name no message of the alert are counted
// and change nothing.
func (d *Desk) Deliveries(ctx context.Context, who annuaire.Caller, id string, items []annuaire.AlertDelivery) (recorded, unknown int, err error) {
	if err := allowed(who, stepCancel); err != nil { // authors and approvers
		return 0, 0, err
	}
	if len(items) > maxDeliveries {
		return 0, 0, refuse("too_many_deliveries", "items", "%d à la fois au plus.", "at most %d at a time.", maxDeliveries)
	}
	if _, err := d.Alert(ctx, who, id); err != nil {
		return 0, 0, err
	}
	return d.deliver(id, items)
}

// deliver is Deliveries for whoever was let in already.
func (d *Desk) deliver(id string, items []annuaire.AlertDelivery) (recorded, unknown int, err error) {
	f, err := d.file(id)
	if err != nil {
		return 0, 0, err
	}
	var changes []spool.Change
	for _, it := range items {
		to, ok := map[string]spool.Delivery{"delivered": spool.Delivered, "failed": spool.Bounced, "delayed": spool.Delayed}[it.Status]
		if !ok {
			return 0, 0, refuse("delivery_unknown", "status", "delivered, failed ou delayed est attendu.", "delivered, failed or delayed is expected.")
		}
		if it.Code != "" && !relay.IsStatus(it.Code) {
			return 0, 0, refuse("delivery_unknown", "code", "un code comme 5.1.1 est attendu.", "a code such as 5.1.1 is expected.")
		}
		n, ok := d.sign.readMessageID(id, it.MessageID)
		if !ok || int(n) >= f.Len() {
			unknown++
			continue
		}
		changes = append(changes, spool.Change{N: n, Apply: reported(to, it.Code)})
	}
	if len(changes) == 0 {
		return 0, unknown, nil
	}
	return len(changes), unknown, f.Commit(changes, nil)
}

// reported applies a report. What was delivered or has bounced is not delayed any more; the last word counts otherwise.
func reported(to spool.Delivery, code string) func(*spool.Status) {
	return func(s *spool.Status) {
		if to == spool.Delayed && s.Delivery > spool.Delayed {
			return
		}
		s.Delivery = to
		if to == spool.Bounced && code != "" {
			s.Enhanced = code
		}
	}
}
