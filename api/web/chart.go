package web

import (
	"time"

	"annuaire"
)

// The size of a chart, in the units of its SVG.
const (
	ChartWidth  = 320
	ChartHeight = 96
	chartGap    = 2
	widestBar   = 40
)

// Chart is what became of one kind of records, update by update: stacked bars, what came at the bottom.
type Chart struct {
	ID, Name string
	Bars     []Bar
	Highest  int // the most records one update touched
}

// Bar is one update in a chart; the rest is its drawing.
type Bar struct {
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
func (b Bar) Total() int { return b.Tally.Total() }

// scaled draws the bars.
func (c Chart) scaled() Chart {
	for _, b := range c.Bars {
		c.Highest = max(c.Highest, b.Total())
	}
	if c.Highest == 0 {
		return c
	}
	step := min(widestBar+chartGap, float64(ChartWidth)/float64(len(c.Bars)))
	for i := range c.Bars {
		b := &c.Bars[i]
		b.X, b.W = float64(i)*step, step-chartGap
		y := float64(ChartHeight)
		for _, p := range []struct {
			class string
			n     int
		}{{"came", b.Tally.Created}, {"changed", b.Tally.Changed}, {"left", b.Tally.Gone}} {
			h := float64(p.n) / float64(c.Highest) * ChartHeight
			if p.n == 0 {
				continue
			}
			y -= h
			b.Parts = append(b.Parts, Part{p.class, y, h})
		}
	}
	return c
}
