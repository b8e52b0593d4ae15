package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"

	"annuaire/bench/rig"
)

// valuesPerKind is how many different values each question is asked with.
const valuesPerKind = 30

// candidatesPerKind is how many rows are drawn for them: more, as several may give the same values.
const candidatesPerKind = 8 * valuesPerKind

// draw picks the questions from the activity file: every row that has the values has the same chance, so names, professions and
// places come as often as in the country, and two questions of one kind never have the same values. The same file always gives the
// same questions. The second result is the number of data rows.
func draw(ctx context.Context, f rig.ExtractFile) ([][]instance, int64, error) {
	in, err := os.Open(f.Path)
	if err != nil {
		return nil, 0, err
	}
	defer in.Close()
	return drawFrom(ctx, in)
}

func drawFrom(ctx context.Context, in io.Reader) ([][]instance, int64, error) {
	r := bufio.NewReaderSize(in, 1<<20)
	line, err := r.ReadString('\n')
	if err != nil {
		return nil, 0, fmt.Errorf("activity file: header: %w", err)
	}
	at, err := places(rig.SplitHeader(line), subjectColumns...)
	if err != nil {
		return nil, 0, err
	}
	var (
		rng   = rand.New(rand.NewPCG(rig.Seed, 2))
		pools = make([]pool, len(mix))
		rows  int64
	)
	for {
		line, err := r.ReadString('\n')
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			if rows++; rows%100_000 == 0 && ctx.Err() != nil {
				return nil, rows, ctx.Err()
			}
			offer(pools, rng, line, at)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, rows, err
		}
	}
	out := make([][]instance, len(mix))
	for k := range mix {
		if out[k] = pools[k].distinct(k, rng); len(out[k]) == 0 {
			return nil, rows, fmt.Errorf("no row of the activity file has the values of the question %q", mix[k].name)
		}
	}
	return out, rows, nil
}

// offer shows a row to the pool of each question. Which values a row has is only worked out when a pool may take it, and once.
func offer(pools []pool, rng *rand.Rand, line string, at []int) {
	var s subject
	cut := false
	for k := range pools {
		lot := rng.Uint64()
		if !pools[k].wants(lot) {
			continue
		}
		if !cut {
			s, cut = subjectOf(cellsOf(line, at)), true
		}
		if _, ok := instantiate(k, s); ok {
			pools[k].put(lot, s)
		}
	}
}

// cellsOf copies some cells of a row: slices of it would keep the whole row in memory.
func cellsOf(line string, at []int) []string {
	all := strings.Split(line, "|")
	out := make([]string, len(at))
	for i, n := range at {
		if n < len(all) {
			out[i] = strings.Clone(all[n])
		}
	}
	return out
}

// pool is a uniform sample of the rows that have the values of a question: each row draws a lot, the lowest lots stay.
type pool struct {
	lots    []uint64
	kept    []subject
	highest int // in lots
}

func (p *pool) wants(lot uint64) bool {
	return len(p.lots) < candidatesPerKind || lot < p.lots[p.highest]
}

func (p *pool) put(lot uint64, s subject) {
	if len(p.lots) < candidatesPerKind {
		p.lots, p.kept = append(p.lots, lot), append(p.kept, s)
	} else {
		p.lots[p.highest], p.kept[p.highest] = lot, s
	}
	for i, l := range p.lots {
		if l > p.lots[p.highest] {
			p.highest = i
		}
	}
}

// distinct returns up to valuesPerKind questions of different values, in random order.
func (p *pool) distinct(kind int, rng *rand.Rand) []instance {
	rng.Shuffle(len(p.kept), func(i, j int) { p.kept[i], p.kept[j] = p.kept[j], p.kept[i] }) // the lots are done with
	asked := map[string]bool{}
	var out []instance
	for _, s := range p.kept {
		in, ok := instantiate(kind, s)
		if !ok || asked[in.path] || len(out) == valuesPerKind {
			continue
		}
		asked[in.path] = true
		out = append(out, in)
	}
	return out
}
