package rig

import (
	"math"
	"slices"
	"time"
)

// Percentile returns the nearest-rank q-quantile (0 < q <= 1) of times: always one of them, never an interpolation that nobody
// waited for. 0 for no times.
func Percentile(times []time.Duration, q float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(times))
	rank := int(math.Ceil(q*float64(len(s)) - 1e-9)) // 0.99*100 is 99, whatever the floating point makes of it
	return s[min(max(rank, 1), len(s))-1]
}

func Median(times []time.Duration) time.Duration { return Percentile(times, 0.5) }

// GeometricMean of positive ratios; 0 when there are none, or when one is not positive.
func GeometricMean(ratios []float64) float64 {
	if len(ratios) == 0 {
		return 0
	}
	sum := 0.0
	for _, r := range ratios {
		if r <= 0 {
			return 0
		}
		sum += math.Log(r)
	}
	return math.Exp(sum / float64(len(ratios)))
}

// Advantage is how many times less of something we need than a peer: above 1 we are better. 0 when either was not measured.
func Advantage(ours, peer float64) float64 {
	if ours <= 0 || peer <= 0 {
		return 0
	}
	return peer / ours
}

// Spread is how the latencies of something lie.
type Spread struct{ P50, P99, Max time.Duration }

func SpreadOfTimes(t []time.Duration) Spread {
	return Spread{Percentile(t, 0.5), Percentile(t, 0.99), Percentile(t, 1)}
}
