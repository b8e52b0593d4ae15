package spool

import (
	"maps"
	"slices"

	"github.com/samber/lo"

	"annuaire"
)

// tally counts by department and profession together, so that both breakdowns come from one table.
type tally struct {
	index  map[[2]string]uint16
	names  [][2]string // department, profession
	counts []annuaire.AlertCounts
	codes  map[string]int
}

func newTally() tally { return tally{index: map[[2]string]uint16{}, codes: map[string]int{}} }

// maxGroups bounds the table; the rest of the groups, which no real list has, counts without a name.
const maxGroups = 60_000

func (t *tally) group(department, profession string) uint16 {
	k := [2]string{department, profession}
	g, ok := t.index[k]
	if !ok && len(t.names) >= maxGroups {
		k = [2]string{}
		g, ok = t.index[k]
	}
	if !ok {
		g = uint16(len(t.names))
		t.index[k], t.names, t.counts = g, append(t.names, k), append(t.counts, annuaire.AlertCounts{})
	}
	return g
}

func (t *tally) add(g uint16, s Status, n int) {
	c := &t.counts[g]
	c.Recipients += n
	*[...]*int{&c.Queued, &c.Deferred, &c.Accepted, &c.Failed, &c.Skipped, &c.Expired, &c.Cancelled}[s.State] += n
	switch s.Delivery {
	case Delivered:
		c.Delivered += n
	case Bounced:
		c.Bounced += n
	}
	if s.Acked != 0 {
		c.Acknowledged += n
	}
	if s.Repeated {
		c.Repeated += n
	}
	if a := s.Answer(); a != "" && (s.State == Deferred || s.State == Failed) {
		if t.codes[a] += n; t.codes[a] == 0 {
			delete(t.codes, a)
		}
	}
}

// Counts returns the counts at this moment: in all, by department, by profession, by answer of the relay to those deferred and failed.
func (f *File) Counts() (all annuaire.AlertCounts, departments, professions []annuaire.AlertGroup, codes map[string]int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	by := [2]map[string]annuaire.AlertCounts{{}, {}}
	for g, c := range f.tally.counts {
		all = sum(all, c)
		for i, name := range f.tally.names[g] {
			by[i][name] = sum(by[i][name], c)
		}
	}
	return all, groups(by[0]), groups(by[1]), maps.Clone(f.tally.codes)
}

func groups(by map[string]annuaire.AlertCounts) []annuaire.AlertGroup {
	return lo.Map(slices.Sorted(maps.Keys(by)), func(code string, _ int) annuaire.AlertGroup { return annuaire.AlertGroup{Code: code, Counts: by[code]} })
}

func sum(a, b annuaire.AlertCounts) annuaire.AlertCounts {
	return annuaire.AlertCounts{Recipients: a.Recipients + b.Recipients, Queued: a.Queued + b.Queued, Deferred: a.Deferred + b.Deferred,
		Accepted: a.Accepted + b.Accepted, Failed: a.Failed + b.Failed, Skipped: a.Skipped + b.Skipped, Expired: a.Expired + b.Expired,
		Cancelled: a.Cancelled + b.Cancelled, Delivered: a.Delivered + b.Delivered, Bounced: a.Bounced + b.Bounced,
		Acknowledged: a.Acknowledged + b.Acknowledged, Repeated: a.Repeated + b.Repeated}
}
