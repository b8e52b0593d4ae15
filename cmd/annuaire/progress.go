package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"annuaire/sync/run"
)

// progress shows on a terminal what a run is doing, at what speed and for how long still; nothing elsewhere.
type progress struct {
	w     io.Writer // nil: not a terminal
	stage run.Stage
	since time.Time
	last  time.Time
}

func newProgress(w io.Writer) *progress {
	p := &progress{}
	if f, ok := w.(*os.File); ok && isTerminal(f) {
		p.w = w
	}
	return p
}

func isTerminal(f *os.File) bool {
	st, err := f.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0
}

func (p *progress) update(s run.Progress) {
	if p.w == nil {
		return
	}
	now := time.Now()
	if s.Stage != p.stage || s.Done < 2 {
		p.stage, p.since = s.Stage, now
	} else if now.Sub(p.last) < 100*time.Millisecond && !ended(s) {
		return
	}
	p.last = now
	fmt.Fprintf(p.w, "\r\033[K%s", line(s, now.Sub(p.since)))
}

func (p *progress) end() {
	if p.w != nil && p.stage != "" {
		fmt.Fprint(p.w, "\r\033[K")
	}
}

// line is one state of a run: stage, amount, share, speed, time left.
func line(s run.Progress, elapsed time.Duration) string {
	out := string(s.Stage)
	if s.Unit == "" {
		return out
	}
	out += " " + amount(s.Done, s.Unit)
	rate := float64(s.Done) / max(elapsed.Seconds(), 0.001)
	if s.Total > 0 {
		out += fmt.Sprintf(" of %s (%d %%)", amount(s.Total, s.Unit), 100*s.Done/s.Total)
	}
	if elapsed < 200*time.Millisecond && !ended(s) {
		return out
	}
	if s.Rows > 0 {
		out += fmt.Sprintf(", %.0f rows/s", float64(s.Rows)/max(elapsed.Seconds(), 0.001))
	} else {
		out += ", " + amount(int64(rate), s.Unit) + "/s"
	}
	if left := float64(s.Total-s.Done) / max(rate, 1); s.Total > 0 {
		out += fmt.Sprintf(", %s left", time.Duration(left*float64(time.Second)).Round(time.Second))
	}
	return out
}

// ended reports whether a stage is at its end: however short it was, its speed is shown.
func ended(s run.Progress) bool { return s.Total > 0 && s.Done >= s.Total }

func amount(n int64, unit string) string {
	if unit == "bytes" {
		return fmt.Sprintf("%d MB", n/1_000_000)
	}
	return fmt.Sprintf("%d %s", n, unit)
}
