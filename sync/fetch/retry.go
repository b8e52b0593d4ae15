package fetch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// retry calls op until it succeeds, fails for good, or the time is over.
func (c *Client) retry(ctx context.Context, what string, op func() error) error {
	wait := &backoff.ExponentialBackOff{InitialInterval: c.o.First, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: 32 * c.o.First}
	var last error
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		last = op()
		var t *temporary
		switch {
		case last == nil:
			return struct{}{}, nil
		case !errors.As(last, &t):
			return struct{}{}, backoff.Permanent(last)
		case t.after > 0:
			return struct{}{}, errors.Join(last, backoff.RetryAfter(int((t.after+time.Second-1)/time.Second)))
		}
		return struct{}{}, last
	}, backoff.WithBackOff(wait), backoff.WithMaxElapsedTime(c.o.RetryFor), backoff.WithNotify(func(_ error, next time.Duration) {
		c.o.Log.Info("source asked again later", "source", what, "cause", last.Error(), "wait_s", next.Seconds())
	}))
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil && last != nil {
		return last
	}
	if err != nil {
		return fmt.Errorf("retry: %w", err)
	}
	return nil
}
