package dispatch

import "slices"

// Load is what the desk has to do at this moment, for those who watch the service.
type Load struct {
	Sending int  // alerts under way, paused ones too
	Waiting int  // messages of theirs that are still to be handed over
	Trouble bool // no relay answers
}

// Load returns what there is to do.
func (d *Desk) Load() (l Load) {
	d.sender.mu.Lock()
	runs := slices.Clone(d.sender.runs)
	d.sender.mu.Unlock()
	for _, r := range runs {
		c, _, _, _ := r.file.Counts()
		l.Sending, l.Waiting = l.Sending+1, l.Waiting+c.Queued+c.Deferred
	}
	l.Trouble = l.Waiting > 0 && d.sender.Trouble() != ""
	return l
}
