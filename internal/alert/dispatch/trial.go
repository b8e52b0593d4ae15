package dispatch

import (
	"context"
	"errors"
	"strings"

	"annuaire"
	"annuaire/internal/alert/spool"
	"annuaire/internal/relay"
	"annuaire/internal/store"
)

// Test sends an alert to the seeds, as it would be sent, marked ESSAI. All of them must be accepted: then this message may be submitted.
func (d *Desk) Test(ctx context.Context, who annuaire.Caller, id string) (a annuaire.Alert, err error) {
	if a, err = d.ready(ctx, who, stepTest, id); err != nil {
		return a, err
	}
	if err := complete(a.AlertDraft, d.now()); err != nil {
		return a, err
	}
	if err := d.mayWrite(); err != nil {
		return a, err
	}
	if len(d.o.Seeds) == 0 {
		return a, conflict("seeds_missing", "alert.seeds", "personne ne reçoit les essais : [alert] seeds de la configuration.", "nobody receives test sends: [alert] seeds of the configuration.")
	}
	if err := d.sendTrial(ctx, a); err != nil {
		return a, err
	}
	print := messagePrint(a)
	return d.take(who, stepTest, id, a.Version, "", func(_ *store.Tx, a *annuaire.Alert) error {
		a.Tested, a.TestedAt = print, d.now()
		return nil
	})
}

func (d *Desk) sendTrial(ctx context.Context, a annuaire.Alert) error {
	t := d.o.compose(a, true, d.now())
	failed := func(err error) error {
		return annuaire.Errorf(annuaire.CodeUnavailable, "test", "l'essai n'a pas été accepté par le relais : réessayez, ou vérifiez [alert] de la configuration.",
			"the relay did not accept the test send: try again, or look at [alert] of the configuration.", err).Because("test_not_accepted")
	}
	k, err := relay.Dial(ctx, d.o.Sending.Relays[0])
	if err != nil {
		return failed(err)
	}
	defer k.Close()
	for i, seed := range d.o.Seeds {
		n := uint32(trialMark + i)
		m := message{t: t, to: seed, id: d.sign.messageID(a.ID, n, string(messagePrint(a))), link: d.link(a.ID, n)}
		r, err := k.Send(relay.Envelope{From: d.o.From, To: seed}, m.write)
		if err != nil {
			return failed(err)
		}
		if !r.Accepted() {
			return failed(errors.New("refused: " + spool.Status{Code: uint16(r.Code), Enhanced: r.Enhanced}.Answer()))
		}
	}
	return nil
}

// mayWrite refuses what the sender may not say: an instance without sender, relay or seeds, a domain that is not on the white list.
func (d *Desk) mayWrite() error {
	switch {
	case !strings.Contains(d.o.From, "@") || d.o.Issuer == "" || len(d.o.Sending.Relays) == 0:
		return conflict("sending_not_configured", "alerts", "cette instance n'a ni expéditeur ni relais : [alert] de la configuration.", "this instance has no sender or relay: [alert] of the configuration.")
	case d.o.Listed == nil || !d.o.Listed(annuaire.DomainOf(d.o.From)):
		return forbidden("sender_not_listed", "alert.from", "le domaine de l'expéditeur n'est pas sur la liste blanche MSSanté.", "the domain of the sender is not on the MSSanté white list.")
	}
	return nil
}

// link is the address at which a recipient acknowledges, "" where there is none.
func (d *Desk) link(id string, n uint32) string {
	if d.o.PublicURL == "" {
		return ""
	}
	return strings.TrimRight(d.o.PublicURL, "/") + "/v1/alerts/" + id + "/acknowledge/" + d.sign.link(id, n)
}
