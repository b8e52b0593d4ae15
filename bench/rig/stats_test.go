package rig

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestPercentile(t *testing.T) {
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(100 - i)
	}
	for name, c := range map[string]struct {
		times []time.Duration
		q     float64
		want  time.Duration
	}{
		"no time has no percentile":            {nil, 0.5, 0},
		"one time is every percentile":         {[]time.Duration{7}, 0.01, 7},
		"the median of two is the lower":       {[]time.Duration{9, 3}, 0.5, 3},
		"the median of three is the middle":    {[]time.Duration{9, 3, 5}, 0.5, 5},
		"p99 of a hundred is the ninety-ninth": {hundred, 0.99, 99},
		"p100 is the longest":                  {hundred, 1, 100},
		"p99 of few is the longest":            {[]time.Duration{1, 2, 3}, 0.99, 3},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Percentile(c.times, c.q); got != c.want {
				t.Errorf("percentile(%v) = %d, want %d", c.q, got, c.want)
			}
		})
	}
}

func TestPercentileIsAMeasuredTimeWithEnoughBelow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		times := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 50), func(n int) time.Duration { return time.Duration(n) }), 1, 60).Draw(t, "times")
		q := float64(rapid.IntRange(1, 100).Draw(t, "q")) / 100
		before := slices.Clone(times)
		got := Percentile(times, q)
		if !slices.Contains(times, got) {
			t.Fatalf("%d was not measured", got)
		}
		atMost := 0
		for _, v := range times {
			if v <= got {
				atMost++
			}
		}
		if float64(atMost)+1e-9 < q*float64(len(times)) {
			t.Fatalf("only %d of %d are at most %d, for q %v", atMost, len(times), got, q)
		}
		if !slices.Equal(before, times) {
			t.Fatal("the times were reordered")
		}
	})
}

func TestGeometricMean(t *testing.T) {
	for name, c := range map[string]struct {
		ratios []float64
		want   float64
	}{
		"none":                              {nil, 0},
		"one":                               {[]float64{3}, 3},
		"twice and half cancel out":         {[]float64{2, 0.5}, 1},
		"a hundred and one make ten":        {[]float64{100, 1}, 10},
		"an unmeasured ratio spoils it all": {[]float64{5, 0}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if got := GeometricMean(c.ratios); math.Abs(got-c.want) > 1e-9 {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestAdvantage(t *testing.T) {
	for name, c := range map[string]struct{ ours, peer, want float64 }{
		"half the time is twice as good":    {1, 2, 2},
		"more time is below one":            {4, 1, 0.25},
		"an unmeasured peer has no ratio":   {4, 0, 0},
		"an unmeasured we have none either": {0, 4, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Advantage(c.ours, c.peer); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
