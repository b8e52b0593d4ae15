package main

import (
	"context"
	"time"
)

// every calls fn now, and then at each interval, until ctx ends.
func every(ctx context.Context, interval time.Duration, fn func(context.Context)) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		fn(ctx)
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
		if ctx.Err() != nil { // both may have come while fn was busy
			return
		}
	}
}
