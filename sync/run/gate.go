package run

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strconv"

	"annuaire"
	"annuaire/internal/codes"
	"annuaire/internal/directory"
	"annuaire/internal/store"
)

// Thresholds say what is too much to be believed. The zero value is the defaults.
type Thresholds struct {
	Soft  float64 // percent of a group that leaves or changes: above, the run awaits approval; 0 is 5
	Hard  float64 // percent above which a person is always needed; 0 is 15
	Alone int     // members from which a group counts alone; the smaller ones count together; 0 is 1000
	Pass  bool    // between Soft and Hard, go on with a warning
}

func (t Thresholds) withDefaults() Thresholds {
	return Thresholds{cmp.Or(t.Soft, 5), cmp.Or(t.Hard, 15), cmp.Or(t.Alone, 1000), t.Pass}
}

// dimension is a way of grouping records of a kind.
type dimension struct {
	kind annuaire.Kind
	by   string // "all", "profession", "department", "domain"
}

// group is one group of a dimension; change is what befalls its members.
type group struct {
	dimension
	code string
}

type loss struct {
	group
	change annuaire.ChangeOp
}

// tally counts departures and changes by group.
type tally struct {
	count    map[loss]int
	examples map[loss][]int // places of entries
}

// gate compares what a run removes and changes with what there is, and puts the result in the report. Above a threshold it is closed.
func (s *session) gate(ctx context.Context, g *directory.Generation, entries []store.Entry) error {
	if err := s.enter(StageGate); err != nil {
		return err
	}
	base, _ := strconv.ParseUint(s.prev.Run, 10, 64) // "" before any run, which has no gate
	gate := &annuaire.Gate{Base: base, Digest: digestOf(entries), Findings: []annuaire.GateFinding{}}
	err := s.d.National(g, func(old directory.National) error {
		t, err := s.tally(old, entries)
		if err != nil {
			return err
		}
		if err := s.findings(ctx, g, old, t, entries, gate); err != nil {
			return err
		}
		if s.report.Departments, err = byDepartments(old.Reader, entries); err != nil {
			return err
		}
		if gate.Closed || s.DryRun {
			gate.Examples, err = samples(old, entries)
		}
		return err
	})
	s.report.Gate = gate
	return err
}

// findings lists the groups of which too much leaves or changes, and closes the gate if there are any that a person has to see.
func (s *session) findings(ctx context.Context, g *directory.Generation, old directory.National, t *tally, entries []store.Entry, gate *annuaire.Gate) error {
	limits := s.Gate.withDefaults()
	sizes := &sizes{ctx: ctx, g: g, old: old, known: map[dimension]map[string]int{}}
	pooled := map[loss]*annuaire.GateFinding{}
	var all []annuaire.GateFinding
	for _, l := range t.worth(limits) {
		members, err := sizes.of(l.dimension)
		if err != nil {
			return err
		}
		f := annuaire.GateFinding{Kind: l.kind, By: l.by, Group: l.code, Label: codes.Label(fieldsBy[l.by], l.code), Change: l.change, Count: t.count[l], Members: members[l.code]}
		if l.by != byAll && f.Members < limits.Alone {
			pool := loss{group{l.dimension, ""}, l.change}
			p := pooled[pool]
			if p == nil {
				p = &annuaire.GateFinding{Kind: l.kind, By: l.by, Change: l.change}
				for _, n := range members {
					if n < limits.Alone {
						p.Members += n
						p.Small++
					}
				}
				pooled[pool] = p
			}
			p.Count += f.Count
			t.examples[pool] = firstOf(t.examples[pool], t.examples[l])
			continue
		}
		all = append(all, f)
	}
	for _, p := range pooled {
		all = append(all, *p)
	}
	for _, f := range all {
		// A group of fewer members than count alone is measured as if it had as many: in a small directory one person is no share.
		f.Share = 100 * float64(f.Count) / float64(max(f.Members, limits.Alone))
		if f.Share <= limits.Soft {
			continue
		}
		f.Hard = f.Share > limits.Hard
		var err error
		if f.Examples, err = examplesOf(old, entries, t.examples[loss{group{dimension{f.Kind, f.By}, f.Group}, f.Change}]); err != nil {
			return err
		}
		gate.Closed = gate.Closed || f.Hard || !limits.Pass
		gate.Findings = append(gate.Findings, f)
	}
	slices.SortFunc(gate.Findings, func(a, b annuaire.GateFinding) int {
		return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.By, b.By), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Change, b.Change))
	})
	if n := len(gate.Findings) - annuaire.MaxGateFindings; n > 0 {
		gate.Findings, gate.More = gate.Findings[:annuaire.MaxGateFindings], n
	}
	if len(gate.Findings) > 0 && !gate.Closed {
		s.warn("%d groups are above the first threshold of the gate, none above the second: passed, as configured", len(gate.Findings)+gate.More)
	}
	return nil
}

// approved reports whether a person let this pass: whatever it is, at the keyboard, or exactly this, on the report.
func (s *session) approved() bool {
	if r := s.resumed; r != nil && r.Gate != nil && r.Decision != nil {
		return r.Gate.Digest == s.report.Gate.Digest && r.Gate.Base == s.report.Gate.Base
	}
	if !s.Yes {
		return false
	}
	s.attempt.Decision = &annuaire.Decision{Approved: true, By: s.By, Reason: "--yes", At: s.report.Started}
	return true
}

// digestOf sums up every change: an approval holds for exactly these.
func digestOf(entries []store.Entry) string {
	h := sha256.New()
	var b [8]byte
	for _, e := range entries {
		binary.BigEndian.PutUint64(b[:], e.Print.Content)
		_, _ = h.Write([]byte(string(e.Kind) + "\x00" + string(e.Op) + "\x00" + e.ID + "\x00")) // a hash takes anything
		_, _ = h.Write(b[:])
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
