package run

import "runtime/debug"

// The garbage collector of a first load: it makes much short-lived garbage over a few hundred megabytes that stay, so that
// collecting rarely saves a fifth of the time, as long as the whole stays well under the 2 GiB that a small machine can spare.
const (
	loadGCPercent   = 400
	loadMemoryLimit = 1800 << 20 // bytes, soft
)

// roomy sets the collector for a first load; what it returns puts it back.
func roomy() (restore func()) {
	percent, limit := debug.SetGCPercent(loadGCPercent), debug.SetMemoryLimit(loadMemoryLimit)
	return func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}
