package main

import "time"

// The targets at national scale. They are judged at any size, but only mean something at 2 million people.
const (
	targetSuggest = 20 * time.Millisecond

	targetAnon     = 2 << 30 // anonymous memory of the first load
	targetDelta    = 12 * time.Second
	targetBlocked  = time.Second // a reader that waits longer during a sync was blocked
	targetAgain    = time.Second
	targetStart    = time.Second
	targetMean     = 10.0 // geometric mean over PostgreSQL
	targetCrowdP99 = 50 * time.Millisecond
)
