package registry

import "time"

// SetClock has changes be of a time of the test's.
func (r *Registry) SetClock(now func() time.Time) { r.now = now }
