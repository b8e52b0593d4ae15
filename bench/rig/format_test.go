package rig

import (
	"testing"
	"time"
)

func TestSpan(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"—":       0,
		"0.04 ms": 40 * time.Microsecond,
		"9.99 ms": 9990 * time.Microsecond,
		"10.0 ms": 9999 * time.Microsecond,
		"999 ms":  999 * time.Millisecond,
		"1.00 s":  time.Second,
		"74.3 s":  74_300 * time.Millisecond,
		"148 s":   148 * time.Second,
	} {
		if got := Span(d); got != want {
			t.Errorf("span(%d) = %q, want %q", d, got, want)
		}
	}
}

func TestSize(t *testing.T) {
	for want, n := range map[string]int64{"—": 0, "0.50 KiB": 512, "1.00 MiB": 1 << 20, "1023 MiB": 1023 << 20, "2.00 GiB": 2 << 30, "23.5 GiB": 47 << 29} {
		if got := Size(n); got != want {
			t.Errorf("size(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestTimes(t *testing.T) {
	for want, r := range map[string]float64{"—": 0, "0.13×": 0.13, "1.00×": 1, "14.2×": 14.2, "240×": 240.4} {
		if got := Times(r); got != want {
			t.Errorf("times(%v) = %q, want %q", r, got, want)
		}
	}
}

func TestTable(t *testing.T) {
	tb := Table{Head: []string{"what", "ours"}}
	tb.Add("département", "1.00 s")
	tb.Add("a|b\nc")
	want := "| what        |   ours |\n" +
		"|-------------|-------:|\n" +
		"| département | 1.00 s |\n" +
		"| a\\|b c      |        |\n"
	if got := tb.Markdown(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
