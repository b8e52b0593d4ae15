package notify

import (
	"testing"

	"github.com/emersion/go-smtp"
)

// A restored backup does not send once more what was sent since.
func TestKeepSent(t *testing.T) {
	r := newRelay(t, true)
	backup, now := newBench(t, r.sender()), newBench(t, r.sender())
	for _, b := range []*bench{backup, now} {
		b.put("sent since", contact)
		b.put("still waiting", contact)
	}
	r.onRcpt = func(n int) error {
		if n == 2 {
			return &smtp.SMTPError{Code: 450, Message: "later"}
		}
		return nil
	}
	now.round()
	if err := KeepSent(now.ledger, backup.ledger); err != nil {
		t.Fatal(err)
	}
	backup.waiting(1)
	backup.round()
	if got := r.messages(); len(got) != 2 || got[0].id == got[1].id {
		t.Errorf("%+v", got)
	}
}
