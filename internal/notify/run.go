package notify

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/sync/errgroup"

	"annuaire"
	"annuaire/internal/store"
)

// look is the longest that Run waits before it looks again, whatever it was told.
const look = time.Minute

// Run sends what is due until ctx ends. One Run at a time; the error is of the store.
func (o *Outbox) Run(ctx context.Context) error {
	for {
		next, err := o.round(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		wait := time.NewTimer(next)
		select {
		case <-ctx.Done():
		case <-o.wake:
		case <-wait.C:
		}
		wait.Stop()
	}
}

const (
	conversations = 8   // with the relay, at a time: a slow one holds up no other message
	perBatch      = 512 // messages read at a time
)

// round sends what is due now, and returns how long to wait for what is not.
func (o *Outbox) round(ctx context.Context) (time.Duration, error) {
	for ctx.Err() == nil {
		batch, wait, err := o.due()
		if err != nil || len(batch) == 0 {
			return wait, err
		}
		g, ctx := errgroup.WithContext(ctx)
		g.SetLimit(conversations)
		for _, m := range batch {
			g.Go(func() error { return o.attempt(ctx, m.key, m.queued) })
		}
		if err := g.Wait(); err != nil {
			return 0, err
		}
	}
	return look, nil
}

// dueMessage is a message whose time has come.
type dueMessage struct {
	key string
	queued
}

// due returns the first messages whose time has come; wait is how long to wait where there are none.
func (o *Outbox) due() (batch []dueMessage, wait time.Duration, err error) {
	now := o.opts.Now()
	wait = look
	err = o.ledger.View(func(tx *store.Tx) error {
		return outbox.Each(tx, "", "", func(k string, q queued) (bool, error) {
			if left := dueAt(k).Sub(now); left > 0 {
				wait = min(left, look)
				return false, nil
			}
			batch = append(batch, dueMessage{k, q})
			return len(batch) < perBatch, nil
		})
	})
	return batch, wait, err
}

// attempt sends one message and notes what came of it. Between the two, a crash leaves the message as it was: it is sent again, under the
// same Message-ID.
func (o *Outbox) attempt(ctx context.Context, key string, q queued) error {
	now := o.opts.Now()
	if now.Sub(q.Created) >= o.opts.Expiry {
		return o.giveUp(key, q, "expired")
	}
	err := o.opts.Sender.Send(ctx, Message{ID: q.ID, To: []string{q.To}, Subject: q.Subject, Text: q.Text, Date: q.Created})
	var no *Refusal
	switch {
	case err == nil:
		o.counts.sent.Add(1)
		return o.ledger.Update(func(tx *store.Tx) error { return outbox.Delete(tx, key) })
	case ctx.Err() != nil: // nobody knows; it is not the fault of the relay
		return nil
	case errors.As(err, &no):
		return o.giveUp(key, q, no.Error())
	}
	o.counts.retried.Add(1)
	q.Attempts++
	wait := o.backoff(q.Attempts)
	o.opts.Logger.Warn("a notice could not be sent", "message_id", q.ID, "attempts", q.Attempts, "cause", err.Error(), "again_in", wait)
	return o.note(key, func(tx *store.Tx) error {
		seq, err := outbox.Sequence(tx)
		if err != nil {
			return err
		}
		return errors.Join(outbox.Delete(tx, key), outbox.Put(tx, dueKey(now.Add(wait), seq), q))
	})
}

// note has fn change a message, unless it was forgotten meanwhile.
func (o *Outbox) note(key string, fn func(*store.Tx) error) error {
	return o.ledger.Update(func(tx *store.Tx) error {
		if _, ok, err := outbox.Get(tx, key); err != nil || !ok {
			return err
		}
		return fn(tx)
	})
}

// backoff is how long to wait after so many attempts: twice as long each time, and by chance a little more or less, so that what failed
// together does not come back together.
func (o *Outbox) backoff(attempts int) time.Duration {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval, b.Multiplier, b.RandomizationFactor = o.opts.First, o.opts.Longest, 2, 0.2
	b.Reset()
	wait := o.opts.First
	for range min(attempts, 64) {
		wait = b.NextBackOff()
	}
	return max(wait, time.Second) // keys have seconds
}

// giveUp drops a message and records that its person was not told.
func (o *Outbox) giveUp(key string, q queued, why string) error {
	o.counts.failed.Add(1)
	o.opts.Logger.Error("a notice was given up: the person was not told", "message_id", q.ID, "attempts", q.Attempts, "cause", why)
	return o.note(key, func(tx *store.Tx) error {
		e := annuaire.AuditEvent{Who: "notify", What: "notice.failed", Target: q.Person, Why: strings.TrimSpace(why + " " + q.ID)}
		return errors.Join(outbox.Delete(tx, key), tx.Audit(e))
	})
}
