package main

import (
	"context"
	"time"
)

// upkeepEvery is how often the registry does what time asks of it: days are what its delays are counted in.
const upkeepEvery = 24 * time.Hour

// upkeep deletes orphaned boxes whose time is over.
func (s *server) upkeep(ctx context.Context) {
	n, err := s.registry.Upkeep(ctx)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		s.log.Error("the upkeep of the registry failed", "error", err.Error())
	case n > 0:
		s.log.Info("orphaned mailboxes were deleted", "count", n)
	}
}
