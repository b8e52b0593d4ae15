package main

import (
	"cmp"
	"slices"
	"time"

	"annuaire/bench/rig"
)

// results is all that a run measured.
type results struct {
	options options
	machine rig.Machine
	when    time.Time
	entries int    // of the address book, its base too
	dropped int    // values that slapd takes for the same as one before
	ldif    int64  // bytes of the address book written down
	why     string // "" when slapd was measured
	ours    serverResult
	slapd   serverResult
	kinds   []kindResult
}

// serverResult is what is known of a server whatever is asked.
type serverResult struct {
	load   rig.Cost
	read   *fullRead
	memory rig.Peaks // while it was asked
}

// fullRead is one paged read of everything on one connection.
type fullRead struct {
	entries   int
	took, cpu time.Duration
}

func (r *results) of(name string) *serverResult {
	if name == slapdName {
		return &r.slapd
	}
	return &r.ours
}

// kindResult is one question.
type kindResult struct {
	question
	values    int
	found     []int // entries, for each value
	agreement agreement
	turns     map[int]pair // by connections
}

// medianFound is how many entries a value finds.
func (k kindResult) medianFound() int {
	if len(k.found) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(k.found))
	return s[(len(s)-1)/2]
}

// figures are the medians of the turns of one server.
type figures struct {
	rate     float64       // searches per second
	p50, p99 time.Duration // of the waiting for an answer
	cpu      time.Duration // of the server, for each search
	refused  int           // in all turns
	why      string        // the first of these errors
	cut      int           // the same: unanswered at the end
	none     bool          // in one of them at least nothing was answered: the rate is at most this
}

// pair is the figures of both; zero for one that was not measured.
type pair struct{ ours, slapd figures }

// ratio is how many times as many searches a second we answer; 0 when one answered none.
func (p pair) ratio() float64 { return rig.Advantage(p.slapd.rate, p.ours.rate) }

func medianOf(turns []turn) (f figures) {
	if len(turns) == 0 {
		return f
	}
	f.rate = middle(turns, turn.rate)
	f.p50 = middle(turns, func(t turn) time.Duration { return t.spread.P50 })
	f.p99 = middle(turns, func(t turn) time.Duration { return t.spread.P99 })
	f.cpu = middle(turns, turn.perSearch)
	for _, t := range turns {
		f.refused += t.refused
		f.why = cmp.Or(f.why, t.why)
		f.cut += t.cut
		f.none = f.none || t.done == 0
	}
	return f
}

// middle is the median of a figure: the lower one of two.
func middle[T cmp.Ordered](turns []turn, of func(turn) T) T {
	var all []T
	for _, t := range turns {
		all = append(all, of(t))
	}
	slices.Sort(all)
	return all[(len(all)-1)/2]
}
