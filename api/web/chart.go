package web

import (
	"time"

	"annuaire"
)

// The size of a chart, in the units of its SVG.
const (
	chartWidth  = 320
	chartHeight = 96
	chartGap    = 2
	widestBar   = 40
)

// Chart is what became of one kind of records, update by update: stacked bars, what came at the bottom.
type Chart struct {
	ID, Name string
	Bars     []bar
	Highest  int // the most records one update touched
}

// bar is one update in a chart; the rest is its drawing.
type bar struct {
	At    time.Time
	Run   string
	Tally annuaire.Counts
	X, W  float64
	Parts []Part
}

// Part is a piece of a bar.
type Part struct {
	Class string // came, changed, left
	Y, H  float64
}

// Total is the number of records touched.
func (b bar) Total() int { return b.Tally.Total() }

// scaled draws the bars.
func (c Chart) scaled() Chart {
	for _, b := range c.Bars {
		c.Highest = max(c.Highest, b.Total())
	}
	if c.Highest == 0 {
		return c
	}
	step := min(widestBar+chartGap, float64(chartWidth)/float64(len(c.Bars)))
	for i := range c.Bars {
		b := &c.Bars[i]
		b.X, b.W = float64(i)*step, step-chartGap
		for _, p := range parts(b.Tally, chartHeight/float64(c.Highest)) {
			p.Y = chartHeight - p.Y - p.H // from the bottom
			b.Parts = append(b.Parts, p)
		}
	}
	return c
}

// parts are the pieces of a bar, one behind the other, where a record is as long as unit.
func parts(t annuaire.Counts, unit float64) (out []Part) {
	at := 0.0
	for _, p := range []struct {
		class string
		n     int
	}{{"came", t.Created}, {"changed", t.Changed}, {"left", t.Gone}} {
		if length := float64(p.n) * unit; p.n > 0 {
			out = append(out, Part{p.class, at, length})
			at += length
		}
	}
	return out
}
