package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"annuaire/bench/rig"
)

// pgSearch is what PostgreSQL made of a question.
type pgSearch struct {
	answers []answer // to the first questions of its kind
	ids     []time.Duration
	items   []time.Duration
	form    int // in forms: the faster one for identifiers
}

// trial is how many values decide which form is the faster.
const trial = 5

// budget bounds the time spent on one kind of question; a question slower than hopeless is asked with fewer values.
const (
	budget   = 10 * time.Second
	hopeless = 2 * time.Second
	maxTimes = 300
)

// search asks PostgreSQL a kind of question: it finds the faster form, keeps the answers for comparison with ours, then has pgbench
// ask at random, prepared, over one connection, and log the time of each: once for identifiers, once for whole items.
func (c *cluster) search(ctx context.Context, list []instance) (pgSearch, error) {
	var out pgSearch
	var typical [2]time.Duration
	for i, f := range forms {
		for range 2 { // the first time warms the cache
			all, err := c.ask(ctx, list[:min(trial, len(list))], f)
			if err != nil {
				return out, err
			}
			typical[i] = rig.Median(tookOf(all))
		}
		if typical[i] < typical[out.form] {
			out.form = i
		}
	}
	if typical[out.form] > hopeless {
		list = list[:min(trial, len(list))]
	}
	all, err := c.ask(ctx, list, forms[out.form])
	if err != nil {
		return out, err
	}
	for _, a := range all {
		out.answers = append(out.answers, a.answer)
	}
	n := repetitions(typical[out.form], len(list))
	if out.ids, err = c.pgbench(ctx, list, forms[out.form], identifiers, n); err != nil {
		return out, err
	}
	out.items, err = c.pgbench(ctx, list, forms[out.form], items, n)
	return out, err
}

// repetitions is how many transactions fit the budget: at least one a value, at most maxTimes.
func repetitions(typical time.Duration, values int) int {
	n := maxTimes
	if typical > 0 {
		n = int(min(budget/typical, maxTimes))
	}
	return max(n, values)
}

// pgbench runs a script per value, chosen at random, and returns the latencies of its log.
func (c *cluster) pgbench(ctx context.Context, list []instance, f form, s shape, transactions int) ([]time.Duration, error) {
	dir, err := os.MkdirTemp(c.dir, "pgbench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if c.owner != nil {
		if err := os.Chown(dir, int(c.owner.Uid), int(c.owner.Gid)); err != nil {
			return nil, err
		}
	}
	args := []string{"-h", c.dir, "-U", "postgres", "-n", "-M", "prepared", "-c", "1", "-j", "1", "-t", strconv.Itoa(transactions),
		"--random-seed=1", "-l", "--log-prefix=" + filepath.Join(dir, "log")}
	for i, in := range list {
		path := filepath.Join(dir, fmt.Sprintf("%03d.sql", i))
		if err := os.WriteFile(path, []byte(strings.Join(f.statements(in, s), ";\n")+";\n"), 0o644); err != nil {
			return nil, err
		}
		args = append(args, "-f", path)
	}
	if _, err := rig.Perform(c.program(ctx, "pgbench", append(args, "postgres")...), io.Discard); err != nil {
		return nil, err
	}
	logs, err := filepath.Glob(filepath.Join(dir, "log.*"))
	if err != nil || len(logs) == 0 {
		return nil, fmt.Errorf("pgbench left no log: %w", err)
	}
	text, err := os.ReadFile(logs[0])
	if err != nil {
		return nil, err
	}
	return parseLog(string(text))
}

// parseLog reads a log of pgbench: client, transaction, microseconds, script, and when.
func parseLog(text string) ([]time.Duration, error) {
	var out []time.Duration
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) < 3 {
			return nil, fmt.Errorf("pgbench log: %q", line)
		}
		us, err := strconv.ParseFloat(f[2], 64)
		if err != nil {
			return nil, fmt.Errorf("pgbench log: %w", err)
		}
		out = append(out, time.Duration(us*float64(time.Microsecond)))
	}
	return out, nil
}
