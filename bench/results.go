package main

import (
	"time"

	"annuaire/bench/rig"
)

// results is all that a run measured. A part that was not asked for is nil.
type results struct {
	options options
	machine rig.Machine
	when    time.Time
	rows    int64 // of the activity file

	load   *loadResult
	start  *startResult
	search *searchResult
	typing *typingResult
	right  *rightResult
	delta  *deltaResult
}

// loadResult is the first load of day 0.
type loadResult struct {
	ours             rig.Cost
	report           rig.SyncReport
	sqlite, postgres rig.Peer
}

// startResult is how long our server took to its first answer, each time.
type startResult struct{ times []time.Duration }

// searchResult is the search mix.
type searchResult struct {
	kinds  []kindResult
	alone  rig.Spread // the mix, one client
	crowd  rig.Spread // eight clients
	server rig.Peaks  // our server's memory meanwhile
	why    string     // "" when PostgreSQL was asked too
}

// forgetPostgres drops what was measured of a peer that then failed: half a mix compares with nothing.
func (s *searchResult) forgetPostgres(why string) {
	s.why = why
	for k := range s.kinds {
		r := &s.kinds[k]
		r.ids, r.items, r.agreement = rig.Spread{}, rig.Spread{}, agreement{}
	}
}

// ratios are how many times faster we are than PostgreSQL returning a shape, by question: none unless it answered them all.
func (s *searchResult) ratios(sh shape) []float64 {
	var out []float64
	for _, r := range s.kinds {
		a := r.ratio(sh)
		if a == 0 {
			return nil
		}
		out = append(out, a)
	}
	return out
}

// kindResult is one kind of question.
type kindResult struct {
	values       int
	people       int64 // median total
	alone, crowd rig.Spread
	inside       time.Duration // of alone's p50, the server's own share
	ids, items   rig.Spread    // of PostgreSQL, by what it returns; nothing when it was not asked
	form         int
	agreement    agreement
}

// ratio of the medians with one client.
func (k kindResult) ratio(sh shape) float64 {
	peer := k.ids.P50
	if sh == items {
		peer = k.items.P50
	}
	return rig.Advantage(float64(k.alone.P50), float64(peer))
}

// deltaResult is the sync of day 1 with a server running and clients asking.
type deltaResult struct {
	report                rig.SyncReport
	took                  rig.Cost  // of the command that asks the server, whose own work is in server
	server                rig.Peaks // while it applied the delta
	again                 []time.Duration
	before, during, after rig.Spread
	asked                 int // questions answered during the sync
}
