package run

import (
	"cmp"
	"slices"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
	"annuaire/sync/model"
)

// tally counts what entries do to groups of the records of before.
func (s *session) tally(old directory.National, entries []store.Entry) (*tally, error) {
	t := &tally{map[loss]int{}, map[loss][]int{}}
	for i, e := range entries {
		if e.Op == annuaire.Created || e.Op == annuaire.Changed && s.prev.Model != model.Version { // other rules change records, not the extract
			continue
		}
		codes, err := groupsOf(old, e)
		if err != nil {
			return nil, err
		}
		for _, gr := range codes {
			l := loss{gr, e.Op}
			t.count[l]++
			if len(t.examples[l]) < annuaire.MaxGateExamples {
				t.examples[l] = append(t.examples[l], i)
			}
		}
	}
	return t, nil
}

// worth lists the losses of dimensions in which some group can be above the threshold, in an order that is always the same.
func (t *tally) worth(limits Thresholds) []loss {
	total := map[loss]int{}
	for l, n := range t.count {
		total[loss{group{l.dimension, ""}, l.change}] += n
	}
	var out []loss
	for l := range t.count {
		if float64(total[loss{group{l.dimension, ""}, l.change}]) > limits.Soft/100*float64(limits.Alone) {
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(a, b loss) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.by, b.by), cmp.Compare(a.code, b.code), cmp.Compare(a.change, b.change))
	})
	return out
}

func firstOf(a, b []int) []int {
	out := append(slices.Clone(a), b...)
	return out[:min(len(out), annuaire.MaxGateExamples)]
}
