package main

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"annuaire/bench/rig"
)

// latency is one question asked.
type latency struct {
	kind  int
	begun time.Time
	took  time.Duration
	// inside is the server's own share, by its account: without the protocol.
	inside time.Duration
}

// tour is every question of the mix with all of its values, in a random order of its own for each client.
func tour(questions [][]instance, rng *rand.Rand) []instance {
	all := slices.Concat(questions...)
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// traffic has some clients ask the mix over and over, each waiting for its answer before it asks again, for a number of rounds each
// (0: until done is closed). A question that fails ends it.
func traffic(ctx context.Context, base string, questions [][]instance, clients, rounds int, done <-chan struct{}) ([]latency, error) {
	c := newClient(base)
	defer c.close()
	seen := make([][]latency, clients)
	g, ctx := errgroup.WithContext(ctx)
	for i := range clients {
		g.Go(func() error {
			rng := rand.New(rand.NewPCG(rig.Seed, uint64(i)))
			for round := 0; rounds == 0 || round < rounds; round++ {
				for _, in := range tour(questions, rng) {
					select {
					case <-done:
						return nil
					default:
					}
					begun := time.Now()
					body, took, err := c.get(ctx, in)
					if err != nil {
						return err
					}
					seen[i] = append(seen[i], latency{in.kind, begun, took, tookMS(body)})
				}
			}
			return nil
		})
	}
	err := g.Wait()
	return slices.Concat(seen...), err
}

func spreadOf(all []latency, keep func(latency) bool) rig.Spread {
	var t []time.Duration
	for _, l := range all {
		if keep(l) {
			t = append(t, l.took)
		}
	}
	return rig.SpreadOfTimes(t)
}

// medianInside is the median of the server's own share of a kind of question.
func medianInside(all []latency, kind int) time.Duration {
	var t []time.Duration
	for _, l := range all {
		if l.kind == kind {
			t = append(t, l.inside)
		}
	}
	return rig.Median(t)
}

func every(latency) bool { return true }

func ofKind(k int) func(latency) bool { return func(l latency) bool { return l.kind == k } }

// within keeps the questions that were being answered at some time between from and to.
func within(from, to time.Time) func(latency) bool {
	return func(l latency) bool { return l.begun.Before(to) && l.begun.Add(l.took).After(from) }
}
