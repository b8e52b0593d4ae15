package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// pgAnswer is what PostgreSQL answered to a question, and how long it took by its client's clock.
type pgAnswer struct {
	answer
	took time.Duration
}

const marker = "== next"

// askScript asks questions one after the other in a form, timed.
func askScript(list []instance, f form) string {
	var b strings.Builder
	b.WriteString("\\timing on\n")
	for _, in := range list {
		b.WriteString("\\echo " + marker + "\n")
		for _, s := range f.statements(in, identifiers) {
			b.WriteString(s + ";\n")
		}
	}
	return b.String()
}

// parseAnswers reads what psql printed for askScript: after each marker, the total and the identifiers of the page, and a line with
// the time of each statement.
func parseAnswers(out string) ([]pgAnswer, error) {
	var all []pgAnswer
	fields := 0
	for line := range strings.Lines(out) {
		line = strings.TrimRight(line, "\n")
		if line == marker {
			all, fields = append(all, pgAnswer{}), 0
			continue
		}
		if len(all) == 0 {
			continue // "Timing is on."
		}
		a := &all[len(all)-1]
		if ms, ok := strings.CutPrefix(line, "Time: "); ok {
			f, err := strconv.ParseFloat(strings.Fields(ms + " ?")[0], 64)
			if err != nil {
				return nil, fmt.Errorf("psql: time %q: %w", ms, err)
			}
			a.took += time.Duration(f * float64(time.Millisecond))
			continue
		}
		for cell := range strings.SplitSeq(line, "|") {
			if err := a.set(fields, cell); err != nil {
				return nil, err
			}
			fields++
		}
	}
	return all, nil
}

// set takes the n-th cell of an answer: the total, then the page.
func (a *pgAnswer) set(n int, cell string) (err error) {
	switch {
	case n == 0:
		if a.Total, err = strconv.ParseInt(cell, 10, 64); err != nil {
			return fmt.Errorf("psql: total: %w", err)
		}
	case n == 1 && cell != "":
		for id := range strings.SplitSeq(cell, ",") {
			a.Items = append(a.Items, struct{ ID string }{id})
		}
	}
	return nil
}

// ask has psql ask questions in a form.
func (c *cluster) ask(ctx context.Context, list []instance, f form) ([]pgAnswer, error) {
	out, err := c.psql(ctx, askScript(list, f))
	if err != nil {
		return nil, err
	}
	all, err := parseAnswers(out)
	if err == nil && len(all) != len(list) {
		err = fmt.Errorf("psql: %d answers to %d questions", len(all), len(list))
	}
	return all, err
}

func tookOf(all []pgAnswer) []time.Duration {
	out := make([]time.Duration, len(all))
	for i, a := range all {
		out[i] = a.took
	}
	return out
}
