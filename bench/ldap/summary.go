package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"annuaire/bench/rig"
)

// The targets at national scale. They are judged at any size, but only mean something at 2 million people.
const (
	targetRatio = 3.0 // times slapd's searches per second, each question
	targetShort = 10 * time.Millisecond
)

// summary is the table of the targets.
func summary(r *results) rig.Table {
	t := rig.Table{Head: []string{"what", "annuaire", "slapd", "ratio", "target", "met"}}
	for _, n := range r.options.conns {
		ratios, worst := r.ratios(n)
		mean := rig.GeometricMean(ratios)
		t.Add(fmt.Sprintf("searches/s, %s: geometric mean of %d questions", connections(n), len(r.kinds)), rig.None, cmp.Or(r.why, rig.None), rig.Times(mean),
			fmt.Sprintf(">= %g×", targetRatio), rig.Judged(mean > 0, mean >= targetRatio))
		if mean > 0 {
			p := worst.turns[n]
			t.Add("— smallest ratio: "+worst.name, perSecond(p.ours.rate), perSecond(p.slapd.rate), rig.Times(p.ratio()), fmt.Sprintf(">= %g×", targetRatio),
				rig.YesNo(p.ratio() >= targetRatio))
			t.Add("— questions at the target", rig.None, rig.None, fmt.Sprintf("%d of %d", reached(ratios), len(r.kinds)), "each", rig.YesNo(reached(ratios) == len(r.kinds)))
			t.Add("— processor time of the server for a search, geometric mean", rig.None, rig.None, rig.Times(rig.GeometricMean(r.cpuRatios(n))), "reported", rig.None)
		}
	}
	n := slices.Min(r.options.conns)
	for _, k := range r.kinds {
		if k.short {
			p := k.turns[n]
			t.Add(fmt.Sprintf("p50, %s: %s", connections(n), k.name), rig.Span(p.ours.p50), rig.Span(p.slapd.p50), rig.Times(rig.Advantage(float64(p.ours.p50), float64(p.slapd.p50))),
				"<= "+rig.Span(targetShort), rig.Judged(p.ours.p50 > 0, p.ours.p50 <= targetShort))
		}
	}
	return t
}

// ratios are those of the questions that both answered, and the question with the smallest one.
func (r *results) ratios(conns int) (out []float64, worst kindResult) {
	least := 0.0
	for _, k := range r.kinds {
		v := k.turns[conns].ratio()
		if v <= 0 {
			continue
		}
		out = append(out, v)
		if least == 0 || v < least {
			least, worst = v, k
		}
	}
	return out, worst
}

// reached is how many ratios are at the target.
func reached(ratios []float64) (n int) {
	for _, v := range ratios {
		if v >= targetRatio {
			n++
		}
	}
	return n
}

// cpuRatios are how many times less processor time a search takes us, of the questions where both could be told: a kernel counts it in
// hundredths of a second.
func (r *results) cpuRatios(conns int) (out []float64) {
	for _, k := range r.kinds {
		p := k.turns[conns]
		if v := rig.Advantage(float64(p.ours.cpu), float64(p.slapd.cpu)); v > 0 {
			out = append(out, v)
		}
	}
	return out
}

func connections(n int) string {
	if n == 1 {
		return "1 connection"
	}
	return fmt.Sprintf("%d connections", n)
}

// perSecond writes a rate.
func perSecond(f float64) string {
	switch {
	case f <= 0:
		return rig.None
	case f < 10:
		return fmt.Sprintf("%.2f", f)
	case f < 100:
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprintf("%.0f", f)
}

// fine writes a processor time, which may be of microseconds.
func fine(d time.Duration) string {
	switch {
	case d <= 0 || d >= time.Millisecond:
		return rig.Span(d)
	case d < 10*time.Microsecond:
		return fmt.Sprintf("%.1f µs", d.Seconds()*1e6)
	}
	return fmt.Sprintf("%.0f µs", d.Seconds()*1e6)
}
