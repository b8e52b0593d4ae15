package registry

import "time"

// SetClock has tests say what time it is.
func (r *Registry) SetClock(now func() time.Time) { r.now = now }
