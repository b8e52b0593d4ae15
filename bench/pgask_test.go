package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseAnswers(t *testing.T) {
	one := func(total int64, took time.Duration, ids ...string) pgAnswer {
		a := pgAnswer{took: took}
		a.Total = total
		for _, id := range ids {
			a.Items = append(a.Items, struct{ ID string }{id})
		}
		return a
	}
	for name, c := range map[string]struct {
		out  string
		want []pgAnswer
	}{
		"one statement": {marker + "\n2|899,812\nTime: 1.500 ms\n", []pgAnswer{one(2, 1500*time.Microsecond, "899", "812")}},
		"two statements add up": {marker + "\n2\nTime: 1.000 ms\n899,812\nTime: 0.250 ms\n",
			[]pgAnswer{one(2, 1250*time.Microsecond, "899", "812")}},
		"nobody found": {marker + "\n0|\nTime: 0.100 ms\n" + marker + "\n0\nTime: 0.100 ms\n\nTime: 0.100 ms\n",
			[]pgAnswer{one(0, 100*time.Microsecond), one(0, 200*time.Microsecond)}},
		"a long time is also given in minutes": {"Timing is on.\n" + marker + "\n1|8\nTime: 61234.000 ms (01:01.234)\n",
			[]pgAnswer{one(1, 61234*time.Millisecond, "8")}},
		"nothing asked": {"Timing is on.\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parseAnswers(c.out)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, got, cmp.AllowUnexported(pgAnswer{})); d != "" {
				t.Error(d)
			}
		})
	}
	for name, out := range map[string]string{
		"a total that is none": marker + "\nERROR\n",
		"a time that is none":  marker + "\n1|8\nTime: long\n",
		"a time without":       marker + "\n1|8\nTime: \n",
	} {
		t.Run(name+" is an error", func(t *testing.T) {
			if got, err := parseAnswers(out); err == nil {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestAskScript(t *testing.T) {
	in := instance{person: []string{"p.id = '1'"}}
	got := askScript([]instance{in, in}, forms[1])
	want := strings.Join([]string{`\timing on`, `\echo == next`, twice(in, identifiers)[0] + ";", twice(in, identifiers)[1] + ";",
		`\echo == next`, twice(in, identifiers)[0] + ";", twice(in, identifiers)[1] + ";", ""}, "\n")
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func FuzzParseAnswers(f *testing.F) {
	f.Add(marker + "\n2|899,812\nTime: 1.500 ms\n")
	f.Add("Time: \n" + marker + "\nTime: \n||\n")
	f.Fuzz(func(t *testing.T, out string) {
		got, err := parseAnswers(out)
		if markers := strings.Count("\n"+out+"\n", "\n"+marker+"\n"); err == nil && len(got) < min(markers, 1) {
			t.Errorf("%d answers to %d questions", len(got), markers)
		}
	})
}

func TestParseLog(t *testing.T) {
	got, err := parseLog("0 1 1234 0 1700000000 5\n0 2 56 29 1700000000 99\n")
	if d := cmp.Diff([]time.Duration{1234 * time.Microsecond, 56 * time.Microsecond}, got); d != "" || err != nil {
		t.Error(d, err)
	}
	for _, bad := range []string{"0 1\n", "0 1 failed 0\n"} {
		if got, err := parseLog(bad); err == nil {
			t.Errorf("%q read as %v", bad, got)
		}
	}
}

func FuzzParseLog(f *testing.F) {
	f.Add("0 1 1234 0 1700000000 5\n")
	f.Fuzz(func(t *testing.T, s string) {
		if got, err := parseLog(s); err == nil && len(got) > strings.Count(s, "\n")+1 {
			t.Errorf("%d times in %d lines", len(got), strings.Count(s, "\n"))
		}
	})
}

func TestRepetitions(t *testing.T) {
	for name, c := range map[string]struct {
		typical time.Duration
		values  int
		want    int
	}{
		"a fast question, up to the limit":       {time.Millisecond, 30, maxTimes},
		"one too fast to measure":                {0, 30, maxTimes},
		"a slow one, as the budget allows":       {200 * time.Millisecond, 30, 50},
		"a hopeless one, each of its few values": {5 * time.Second, 5, 5},
	} {
		t.Run(name, func(t *testing.T) {
			if got := repetitions(c.typical, c.values); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}
